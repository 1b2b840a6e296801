#include "rpc/local.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>

#include "pool/reactor_pool.h"
#include "rpc/in_pool.h"
#include "rpc/place.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pollers.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class LocalTest : public ::testing::Test {
 protected:
  LocalTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("ask_back", on_loop, [](Call call, Reply reply) {
      call.caller().ask(
          "name", {}, [reply = std::move(reply)](const CallResult& r) mutable {
            reply.result(r.get());
          });
    });
    own_.method("name", on_loop, [](const Params&) -> Value { return "Ann"; });
  }

  void ask(std::string_view method, std::string_view params = "null",
           Duration timeout = 10s) {
    client_->ask(
        method, parse_json(params, arena_).value,
        [this](const CallResult& r) {
          came_.push_back(r.ok() ? to_json(r.value)
                                 : std::to_string(r.error->code));
        },
        timeout);
  }

  Function<bool()> came(std::size_t answers) {
    return [this, answers] { return came_.size() >= answers; };
  }

  using Lines = std::vector<std::string>;

  FakeClock clock_;
  Reactor reactor_{
      std::make_unique<FakeTimePoller>(make_poller("Epoll"), clock_), clock_};
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  Dispatcher own_{reactor_};
  std::vector<Reply> kept_;
  Arena arena_;
  Lines came_;
  std::optional<LocalClient> client_{std::in_place, service_, own_};
};

TEST_F(LocalTest, AnswersAsOverAnyWire) {
  ask("add", "[2,3]");
  ask("add", "[]");
  ask("nobody");
  steps_.until(came(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Lines{"5", "-32602", "-32601"}));
}

TEST_F(LocalTest, NothingIsCalledInsideAsk) {
  steps_.then([&] {
    ask("add", "[2,3]");
    EXPECT_TRUE(came_.empty());
  });
  steps_.until(came(1));
  ASSERT_TRUE(steps_.run());
}

TEST_F(LocalTest, TheServiceCanAskItsCaller) {
  ask("ask_back");
  steps_.until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"\"Ann\""});
}

TEST_F(LocalTest, ReachesThePool) {
  ReactorPool pool(reactor_, {.workers = 2});
  service_.method("twice", InPool(pool.executor()),
                  [](const Params& params) -> Value {
                    return 2 * params.at(0).as_int64();
                  });
  ask("twice", "[21]");
  steps_.until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"42"});
}

TEST_F(LocalTest, HasTheSameTimeOuts) {
  ask("later", "null", 2s);
  steps_.pass(2s - 1ns)
      .then([&] { EXPECT_TRUE(came_.empty()); })
      .pass(1ns)
      .until(came(1))
      .then([&] { kept_.at(0).result("late"); })
      .pass(1s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"-32001"});
}

TEST_F(LocalTest, AFullServiceTakesMoreWhenThereIsRoom) {
  client_.emplace(service_, own_, SessionLimits{{.in_flight = 1}, 1000});
  ask("later");
  ask("add", "[2,3]");
  steps_.until([&] { return kept_.size() == 1; })
      .until([turns = 0]() mutable { return ++turns == 9; })
      .then([&] { EXPECT_TRUE(came_.empty()); })
      .then([&] { kept_[0].result(1); })
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Lines{"1", "5"}));
}

TEST_F(LocalTest, ItsEndFailsWhatIsPending) {
  ask("later");
  steps_.until([&] { return kept_.size() == 1; })
      .then([&] { client_.reset(); })
      .then([&] { kept_[0].result("too late"); })
      .until([turns = 0]() mutable { return ++turns == 9; });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Lines{"-32003"});
}

TEST_F(LocalTest, OutlivesARunAndWhatWasOwedIsRefused) {
  for (std::size_t run = 1; run <= 2; ++run) {
    ask("later");
    steps_.until([&] { return kept_.size() == run; });
    ASSERT_TRUE(steps_.run());
    ASSERT_EQ(came_.size(), run);
    EXPECT_EQ(came_.back(), "-32004");
  }
  ask("add", "[2,3]");
  steps_.until(came(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_.back(), "5");
}

TEST_F(LocalTest, NotificationsArrive) {
  int notes = 0;
  service_.method("note", on_loop,
                  [&](const Params&) -> Value { return ++notes; });
  client_->notify("note", {});
  steps_.until([&] { return notes == 1; });
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(came_.empty());
}

}  // namespace
}  // namespace rp
