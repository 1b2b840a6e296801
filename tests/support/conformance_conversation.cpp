#include "rpc/wire/json_rpc.h"
#include "tests/support/conformance.h"
#include "tests/support/rpc_texts.h"

// What a wire can do that carries messages both ways, many at a time.

namespace rp {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConversationTest);

TEST_P(ConversationTest, AHandlerTellsAndAsksItsCallerAndAwaitsTheAnswer) {
  steps_.then([&] { send(request("ask_back", "[5]", "1")); })
      .until(peer_->has(2))
      .then([&] { send(request("sum", "[1]", "2")); })
      .until(peer_->has(3))
      .then([&] { send(result("\"Ann\"", "1")); })
      .until(peer_->has(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_->received(),
            (std::vector<std::string>{
                notification("asking"), request("name", "[5]", "1"),
                result("1", "2"), result("\"Ann\"", "1")}));
}

TEST_P(ConversationTest, AnAnswerToAHandlerMayStandInABatch) {
  steps_.then([&] { send(request("ask_back", {}, "7")); })
      .until(peer_->has(2))
      .then([&] {
        send(batch({result("\"Ann\"", "1"), request("sum", "[1]", "8")}));
      })
      .until(peer_->has(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_->received()[2], result("\"Ann\"", "7"));
  EXPECT_EQ(peer_->received()[3], batch({result("1", "8")}));
}

TEST_P(ConversationTest, AtItsLimitInFlightTheRestWaits) {
  for (int i = 1; i <= 70; ++i) send(request("later", {}, std::to_string(i)));
  steps_.until([&] { return kept_.size() == 64; })
      .until([turns = 0]() mutable { return ++turns == 20; })
      .then([&] { EXPECT_EQ(kept_.size(), 64u); })
      .then([&] {
        for (std::size_t i = 0; i < 6; ++i) Reply(std::move(kept_[i]));
      })
      .until([&] { return kept_.size() == 70; });
  ASSERT_TRUE(steps_.run());
}

TEST_P(ConversationTest, AtItsLimitInFlightItCanAskAndRefusesWhatIsNew) {
  for (int i = 1; i <= 63; ++i) send(request("later", {}, std::to_string(i)));
  steps_.then([&] { send(request("ask_back", {}, "64")); })
      .until(peer_->has(2))
      .then([&] { send(request("sum", "[1]", "65")); })
      .until(peer_->has(3))
      .then([&] { send(result("\"Ann\"", "1")); })
      .until(peer_->has(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(kept_.size(), 63u);
  EXPECT_EQ(plain(peer_->received()[2]), plain(error(-32002, "65")));
  EXPECT_EQ(peer_->received()[3], result("\"Ann\"", "64"));
}

}  // namespace rp
