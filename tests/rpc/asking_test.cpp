#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <tuple>

#include "pool/reactor_pool.h"
#include "reactor/socket.h"
#include "rpc/in_pool.h"
#include "rpc/place.h"
#include "rpc/tcp_server.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/line_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// Handlers that notify and ask their callers over TCP, on both pollers and
/// with several numbers of workers.
class AskingOverTcp
    : public ::testing::TestWithParam<std::tuple<std::string, std::size_t>> {
 protected:
  AskingOverTcp() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("on_loop", on_loop, [](Call call, Reply reply) {
      call.caller().notify("step", {});
      call.caller().ask(
          "name", {}, [reply = std::move(reply)](const CallResult& r) mutable {
            reply.result(r.get());
          });
    });
    service_.method("in_pool", InPool(pool_.executor()), ask_and_wait);
  }

  /// A blocking call, as code in the pool may be written.
  static Value ask_and_wait(Call& call) {
    const auto name = std::make_shared<std::promise<std::string>>();
    call.caller().notify("step", {});
    call.caller().ask("name", {}, [name](const CallResult& r) {
      name->set_value(to_json(r.get()));
    });
    return text(call.arena(), name->get_future().get());
  }

  /// A call of `method`, whose handler asks, and is answered in the end.
  void conversation(const std::string& method) {
    peer_.send_line(request(method, {}, "\"call\""));
    steps_.until(peer_.has(2))
        .then([&] { other_.send_line(request("add", "[2,3]")); })
        .until(other_.has(1))
        .then([&] { peer_.send_line(result("\"Ann\"", "1")); })
        .until(peer_.has(3));
    ASSERT_TRUE(steps_.run());
    EXPECT_EQ(peer_.lines()[0], notification("step"));
    EXPECT_EQ(peer_.lines()[1], request("name", {}, "1"));
    EXPECT_EQ(other_.lines()[0], result("5")) << "the loop is not blocked";
  }

  FakeClock clock_;
  Reactor reactor_{std::make_unique<FakeTimePoller>(
                       make_poller(std::get<0>(GetParam())), clock_),
                   clock_};
  Steps steps_{reactor_};
  ReactorPool pool_{reactor_, {.workers = std::get<1>(GetParam())}};
  Dispatcher service_{reactor_};
  TcpServer server_{service_, Address::parse("127.0.0.1:0")};
  LinePeer peer_{connect_blocking(server_.address())};
  LinePeer other_{connect_blocking(server_.address())};
  std::vector<Reply> kept_;
};

INSTANTIATE_TEST_SUITE_P(Pollers, AskingOverTcp,
                         ::testing::Combine(::testing::Values("Epoll",
                                                              "Select"),
                                            ::testing::Values(1, 2, 8, 64)),
                         [](const auto& which) {
                           return std::get<0>(which.param) +
                                  std::to_string(std::get<1>(which.param));
                         });

TEST_P(AskingOverTcp, AHandlerOnTheLoopAwaitsItsAnswer) {
  conversation("on_loop");
  EXPECT_EQ(peer_.lines().at(2), result("\"Ann\"", "\"call\""));
}

TEST_P(AskingOverTcp, AHandlerInThePoolAwaitsItsAnswer) {
  conversation("in_pool");
  EXPECT_EQ(peer_.lines().at(2), result(R"("\"Ann\"")", "\"call\""));
}

TEST_P(AskingOverTcp, AtTheLimitOfRequestsInFlightTheAnswerGetsThrough) {
  for (int i = 1; i <= 63; ++i) peer_.send_line(request("later"));
  conversation("in_pool");
  EXPECT_EQ(kept_.size(), 63u);
  EXPECT_EQ(peer_.lines().at(2), result(R"("\"Ann\"")", "\"call\""));
}

TEST_P(AskingOverTcp, AtTheLimitWhatIsNewIsRefusedAndReadingPausesAgain) {
  for (int i = 1; i <= 63; ++i) peer_.send_line(request("later"));
  peer_.send_line(request("on_loop", {}, "\"call\""));
  steps_.until(peer_.has(2))
      .then([&] { peer_.send_line(request("add", "[2,3]", "65")); })
      .until(peer_.has(3))
      .then([&] { peer_.send_line(result("\"Ann\"", "1")); })
      .until(peer_.has(4))
      .then([&] { peer_.send_line(request("later", {}, "66")); })
      .then([&] { peer_.send_line(request("add", "[2,3]", "67")); })
      .until([&] { return kept_.size() == 64; })
      .until([turns = 0]() mutable { return ++turns == 20; })
      .then([&] { EXPECT_EQ(peer_.lines().size(), 4u) << "paused again"; })
      .then([&] { kept_[0].result(1); })
      .until(peer_.has(6));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(peer_.lines()[2]), kOverloaded);
  EXPECT_EQ(peer_.lines()[3], result("\"Ann\"", "\"call\""));
  EXPECT_EQ(peer_.lines()[5], result("5", "67"));
}

TEST_P(AskingOverTcp, WhoIsAskedAndGoesAwayFailsTheQuestion) {
  std::string error;
  service_.method("curious", on_loop, [&](Call call, Reply reply) {
    call.caller().ask("name", {},
                      [&, reply = std::move(reply)](const CallResult& r) {
                        error = r.error->message;
                      });
  });
  peer_.send_line(request("curious"));
  steps_.until(peer_.has(1)).then([&] { peer_.close(); }).until([&] {
    return !error.empty();
  });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error, "the peer has ended its input");
}

TEST_P(AskingOverTcp, WhoIsAskedAndNeverAnswersIsGivenUp) {
  int code = 0;
  service_.method("curious", on_loop, [&](Call call, Reply) {
    call.caller().ask(
        "name", {}, [&](const CallResult& r) { code = r.error->code; }, 5s);
  });
  peer_.send_line(request("curious"));
  steps_.until(peer_.has(2)).pass(5s).then([&] {
    EXPECT_EQ(code, kDeadlinePassed);
  });
  ASSERT_TRUE(steps_.run());
}

}  // namespace
}  // namespace rp
