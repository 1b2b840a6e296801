#include "rpc/client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>

#include "reactor/socket.h"
#include "rpc/place.h"
#include "rpc/tcp_server.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/directory.h"
#include "tests/support/line_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class ClientTest : public OnBothPollers {
 protected:
  ClientTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("ask_back", on_loop, [](Call call, Reply reply) {
      call.caller().ask(
          "name", {}, [reply = std::move(reply)](const CallResult& r) mutable {
            reply.result(r.get());
          });
    });
    own_.method("name", on_loop, [](const Params&) -> Value { return "Ann"; });
  }

  void connect(std::vector<Address> addresses, Client::Options options = {}) {
    client_.emplace(own_, std::move(addresses), options);
  }

  void ask(std::string_view method, std::string_view params = "null",
           Duration timeout = 10s) {
    client_->ask(method, parse_json(params, arena_).value, note(), timeout);
  }

  Asker::Done note() {
    return [this](const CallResult& r) {
      came_.push_back(r.ok() ? to_json(r.value)
                             : std::to_string(r.error->code) + " " +
                                   r.error->message);
    };
  }

  Function<bool()> came(std::size_t answers) {
    return [this, answers] { return came_.size() >= answers; };
  }

  /// Listens and serves by hand: the peer of the next client.
  Function<bool()> accepted() {
    return [this] {
      UniqueFd fd = accept_from(listening_.get(), nullptr);
      if (fd.get() < 0) return false;
      peer_ = LinePeer(std::move(fd));
      return true;
    };
  }

  using Lines = std::vector<std::string>;

  const Address any_port_ = Address::parse("127.0.0.1:0");
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  Dispatcher own_{reactor_};
  TcpServer server_{service_, any_port_};
  UniqueFd listening_ = listen_on(any_port_);
  LinePeer peer_;
  Arena arena_;
  Lines came_;
  std::optional<Client> client_;
};
RP_ON_BOTH_POLLERS(ClientTest);

TEST_P(ClientTest, AsksBeforeItIsConnectedAndAfterwards) {
  connect({server_.address()});
  EXPECT_FALSE(client_->connected());
  ask("add", "[2,3]");
  steps_.until(came(1))
      .then([&] { EXPECT_TRUE(client_->connected()); })
      .then([&] { ask("add", "[3,4]"); })
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Lines{"5", "7"}));
}

TEST_P(ClientTest, ItsServerCanAskIt) {
  connect({server_.address()});
  ask("ask_back");
  steps_.until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"\"Ann\""});
}

TEST_P(ClientTest, TriesOneAddressAfterAnother) {
  const Directory directory;
  const auto stale = Address::unix_path(directory / "stale.sock");
  listen_on(stale).reset();
  connect(
      {Address::unix_path(directory / "none.sock"), stale, server_.address()});
  ask("add", "[2,3]");
  steps_.until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"5"});
}

TEST_P(ClientTest, RefusedItFailsWhatIsAskedNowAndLater) {
  const Directory directory;
  const auto stale = Address::unix_path(directory / "stale.sock");
  listen_on(stale).reset();
  connect({stale});
  ask("add", "[2,3]");
  steps_.until(came(1)).then([&] { ask("add", "[2,3]"); }).until(came(2));
  ASSERT_TRUE(steps_.run());
  const std::string why =
      "-32003 connect to " + stale.to_string() + ": Connection refused";
  EXPECT_EQ(came_, (Lines{why, why}));
  EXPECT_THROW(client_->notify("n", {}), RpcError);
}

TEST_P(ClientTest, GivesUpConnectingAtItsTime) {
  const UniqueFd full = listen_on(any_port_, 0);
  const UniqueFd only = connect_blocking(local_address(full.get()));
  connect({local_address(full.get())}, {.connect_timeout = 3s});
  ask("add", "[2,3]");
  TimePoint told;
  const TimePoint begin = clock_.now();
  steps_.pass(4s);
  client_->ask("when", {}, [&](const CallResult&) { told = clock_.now(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(told, begin + 3s);
  EXPECT_EQ(came_.at(0), "-32003 connect to " +
                             local_address(full.get()).to_string() +
                             ": Connection timed out");
}

TEST_P(ClientTest, AQuestionsTimeRunsWhileItConnects) {
  const UniqueFd full = listen_on(any_port_, 0);
  const UniqueFd only = connect_blocking(local_address(full.get()));
  connect({local_address(full.get())});
  ask("add", "[2,3]", 2s);
  steps_.pass(2s).then([&] { EXPECT_EQ(came_.size(), 1u); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_[0], "-32001 no answer in time");
}

TEST_P(ClientTest, LosingItsConnectionItFailsWhatIsPending) {
  connect({local_address(listening_.get())});
  ask("add", "[2,3]");
  ask("add", "[3,4]");
  steps_.until(accepted())
      .until([&] { return peer_.has(2)(); })
      .then([&] { peer_.close(); })
      .until(came(2))
      .until([&] { return !client_->connected(); })
      .then([&] { ask("add", "[4,5]"); })
      .until(came(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Lines{"-32003 the peer has ended its input",
                          "-32003 the peer has ended its input",
                          "-32003 the connection has ended"}));
}

TEST_P(ClientTest, IgnoresAnAnswerThatIsLate) {
  connect({local_address(listening_.get())});
  ask("slow", "null", 2s);
  steps_.until(accepted())
      .until([&] { return peer_.has(1)(); })
      .pass(2s)
      .then([&] { EXPECT_EQ(came_, Lines{"-32001 no answer in time"}); })
      .then([&] { peer_.send_line(result("1", "1")); })
      .then([&] { ask("next"); })
      .until([&] { return peer_.has(2)(); })
      .then([&] { peer_.send_line(result("2", "2")); })
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_[1], "2");
}

TEST_P(ClientTest, AnExceptionInOneCallbackLosesNoOtherAnswer) {
  int errors = 0;
  reactor_.on_error([&](std::exception_ptr) { ++errors; });
  connect({server_.address()});
  client_->ask("add", {}, [](const CallResult& r) { r.get(); });
  ask("add", "[2,3]");
  steps_.until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"5"});
  EXPECT_EQ(errors, 1);
}

TEST_P(ClientTest, FinishingItGetsItsAnswersAndServesUntilThen) {
  connect({server_.address()});
  ask("ask_back");
  client_->finish();
  steps_.until(came(1)).until([&] { return reactor_.handlers() == 1; });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"\"Ann\""});
}

TEST_P(ClientTest, ItsEndFailsWhatIsPending) {
  connect({local_address(listening_.get())});
  ask("add", "[2,3]");
  steps_.until(accepted())
      .until([&] { return peer_.has(1)(); })
      .then([&] { client_.reset(); })
      .until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"-32003 connection lost: local"});
}

TEST_P(ClientTest, ItsEndBeforeItIsConnectedFailsWhatIsPending) {
  connect({server_.address()});
  ask("add", "[2,3]");
  client_.reset();
  EXPECT_EQ(came_, Lines{"-32003 the connection has ended"});
}

TEST_P(ClientTest, AtItsEndWhoeverIsToldMayAskAgainAndIsTold) {
  connect({server_.address()});
  Client& ending = *client_;
  ending.ask("add", {}, [&](const CallResult& failed) {
    note()(failed);
    ending.ask("add", {}, note());
    EXPECT_THROW(ending.notify("add", {}), RpcError);
  });
  client_.reset();
  EXPECT_EQ(came_.size(), 1u) << "never inside ask()";
  steps_.until(came(2));
  ASSERT_TRUE(steps_.run());
  const std::string ended = "-32003 the connection has ended";
  EXPECT_EQ(came_, (Lines{ended, ended}));
}

TEST_P(ClientTest, WithoutAnAddressThereIsNone) {
  EXPECT_THROW(Client(own_, {}), std::invalid_argument);
}

TEST_P(ClientTest, TheEndOfTheRunFailsWhatIsPending) {
  connect({local_address(listening_.get())});
  ask("add", "[2,3]");
  steps_.until(accepted()).until([&] { return peer_.has(1)(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"-32003 connection lost: shutdown"});
}

}  // namespace
}  // namespace rp
