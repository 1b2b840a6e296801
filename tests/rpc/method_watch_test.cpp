#include "rpc/method_watch.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class MethodWatchTest : public ServiceTest {
 protected:
  MethodWatchTest() {
    service_.method("add", on_loop, [this](const Params&) -> Value {
      clock_.advance(20ms);
      return 5;
    });
    service_.method("fail", on_loop, [](const Params&) -> Value {
      throw RpcError(kOverloaded);
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("rpc.look", on_loop,
                    [](const Params&) -> Value { return 1; });
    service_.method("any.*", on_loop, [](const Params&) -> Value { return 1; });
    watch_.emplace(service_);
  }

  const MethodWatch::Numbers& of(const std::string& name) const {
    for (const auto* method : watch_->methods()) {
      if (method->name == name) return *method;
    }
    throw std::out_of_range(name);
  }

  std::vector<Reply> kept_;
  std::optional<MethodWatch> watch_;
};

TEST_F(MethodWatchTest, MeasuresACallFromItsArrivalToItsAnswer) {
  peer_sends(request("add", "[2,3]"));
  EXPECT_EQ(sent_, Lines{result("5")});
  EXPECT_EQ(of("add").calls, 1U);
  EXPECT_EQ(of("add").in_flight, 0U);
  EXPECT_EQ(of("add").recent.at(clock_.now()).max(), 20ms);
  EXPECT_EQ(of("add").all.max(), 20ms);
}

TEST_F(MethodWatchTest, ACallIsInFlightUntilItIsAnswered) {
  peer_sends(request("later"));
  EXPECT_EQ(of("later").in_flight, 1U);
  EXPECT_EQ(of("later").all.count(), 0U);
  clock_.advance(2s);
  kept_.at(0).result(1);
  EXPECT_EQ(of("later").in_flight, 0U);
  EXPECT_EQ(of("later").all.max(), 2s);
}

TEST_F(MethodWatchTest, AReplyThatWasForgottenIsAnError) {
  peer_sends(request("later"));
  kept_.clear();
  EXPECT_EQ(error_code(sent_.at(0)), kHandlerFailed);
  EXPECT_EQ(of("later").errors, 1U);
}

TEST_F(MethodWatchTest, CountsErrorsByTheirCode) {
  peer_sends(request("fail"));
  peer_sends(request("fail"));
  EXPECT_EQ(of("fail").errors, 2U);
  EXPECT_EQ(watch_->errors(), (std::map<int, std::uint64_t>{{kOverloaded, 2}}));
}

TEST_F(MethodWatchTest, TellsThirtyTwoCodesApartAndNoMore) {
  for (int code = 1; code <= 34; ++code) {
    peer_sends(request("later"));
    kept_.back().error(RpcError(code, "x"));
  }
  EXPECT_EQ(watch_->errors().size(), 33U);
  EXPECT_EQ(watch_->errors().at(32), 1U);
  EXPECT_EQ(watch_->errors().at(0), 2U);
}

TEST_F(MethodWatchTest, CountsNotificationsToo) {
  peer_sends(notification("add", "[2,3]"));
  EXPECT_EQ(of("add").calls, 1U);
  EXPECT_EQ(watch_->total(), 1U);
}

TEST_F(MethodWatchTest, WhoLooksIsNotInTheSumsOfAll) {
  peer_sends(request("rpc.look"));
  peer_sends(request("add", "[2,3]"));
  clock_.advance(100ms);
  EXPECT_EQ(of("rpc.look").calls, 1U);
  EXPECT_EQ(watch_->total(), 1U);
  EXPECT_EQ(watch_->per_second(), 1U);
}

TEST_F(MethodWatchTest, KnowsAMethodByTheNameOfItsRegistration) {
  peer_sends(request("any.thing-a-stranger-chose"));
  EXPECT_EQ(of("any.*").calls, 1U);
  EXPECT_EQ(watch_->last(), "any.*");
}

TEST_F(MethodWatchTest, TellsOfEachAnswerWhoAskedAndWhatCameOfIt) {
  std::string told;
  watch_->on_answered([&told](const MethodWatch::Answered& call) {
    told += std::string(call.method) + " " + call.address + " " +
            std::to_string(call.code) + " " +
            std::to_string(call.duration / 1ms) + "\n";
  });
  peer_sends(request("add", "[2,3]"));
  peer_sends(request("fail"));
  EXPECT_EQ(told, "add a peer 0 20\nfail a peer -32002 0\n");
}

TEST_F(MethodWatchTest, CallsGoOnWhenItHasEnded) {
  peer_sends(request("later"));
  watch_.reset();
  kept_.at(0).result(1);
  peer_sends(request("add", "[2,3]"));
  EXPECT_EQ(sent_, (Lines{result("1"), result("5")}));
}

TEST_F(MethodWatchTest, BeforeTheFirstCallNobodyWasLast) {
  EXPECT_EQ(watch_->last(), "");
}

}  // namespace
}  // namespace rp
