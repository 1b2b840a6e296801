#include "rpc/websocket_wire.h"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/websocket_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class WebSocketWireTest : public WebSocketTest {};
RP_ON_BOTH_POLLERS(WebSocketWireTest);

TEST_P(WebSocketWireTest, TakesMessagesOfBothKinds) {
  open();
  send(client_frame(0x81, "one") + client_frame(0x82, "\xff"));
  EXPECT_EQ(log_when(logged(2)), (Lines{"text one", "binary \xff"}));
}

TEST_P(WebSocketWireTest, SendsMessagesOfBothKinds) {
  open();
  steps_.then([&] {
    user_->send_text("one");
    user_->send_binary("\xff");
  });
  EXPECT_EQ(events_when(peer_.has(2)), (Lines{"text one", "binary \xff"}));
}

TEST_P(WebSocketWireTest, TakesWhatCameBehindTheHandshake) {
  serve();
  peer_.ask("/socket");
  peer_.send(client_frame(0x81, "early"));
  EXPECT_EQ(log_when(logged(2)), (Lines{"open", "text early"}));
}

TEST_P(WebSocketWireTest, AnswersAPingWithItsBytes) {
  open();
  send(client_frame(0x01, "a") + client_frame(0x89, "are you there?"));
  EXPECT_EQ(events_when(peer_.has(1)), Lines{"pong are you there?"});
}

TEST_P(WebSocketWireTest, EndsWhenThePeerCloses) {
  open();
  send(client_frame(0x88, closing(3001, "enough")));
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 3001 enough peer"});
  EXPECT_EQ(peer_.events(), Lines{"close 3001 "}) << "the code is sent back";
}

TEST_P(WebSocketWireTest, EndsWhenThePeerClosesWithoutACode) {
  open();
  send(client_frame(0x88, ""));
  EXPECT_EQ(events_when(peer_.has_ended()), Lines{"close 1005 "});
}

TEST_P(WebSocketWireTest, ClosesWithTheAgreementOfThePeer) {
  open();
  steps_.then([&] {
    user_->close(4000, "done");
    user_->send_text("too late");
  });
  steps_.until(peer_.has(1)).then([&] {
    EXPECT_FALSE(peer_.ended()) << "the peer has not agreed";
  });
  send(client_frame(0x81, "late") + client_frame(0x88, closing(4000)));
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 4000 local local"});
  EXPECT_EQ(peer_.events(), Lines{"close 4000 done"});
}

TEST_P(WebSocketWireTest, ClosesTwoSecondsLaterWithoutTheAgreement) {
  open();
  steps_.then([&] { user_->close(); });
  expect_after(2s, peer_.has_ended());
  EXPECT_TRUE(steps_.run());
}

TEST_P(WebSocketWireTest, IsToldItsOwnCodeWhenThePeerLeavesWithoutOne) {
  open();
  steps_.then([&] {
    user_->close(4000, "done");
    peer_.end_input();
  });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 4000 done peer"});
}

TEST_P(WebSocketWireTest, DeliversAllBeforeItCloses) {
  constexpr std::size_t kBytes = 5'000'000;
  open();
  steps_.then([&] {
    user_->send_binary(std::string(kBytes, 'x'));
    user_->close();
    peer_.read_at_most(10'000);
    reactor_.run_every(1s, [&] { peer_.events(); });
  });
  steps_.pass(60s).then([&] { peer_.read_at_most(kBytes); });
  const Lines events = events_when(peer_.has(2));
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].size(), kBytes + std::string("binary ").size());
  EXPECT_EQ(events[1], "close 1000 ");
}

TEST_P(WebSocketWireTest, HearsTheAgreementOfAPeerThatReadsSlowly) {
  open();
  steps_.then([&] {
    peer_.read_at_most(0);
    user_->send_binary(std::string(5'000'000, 'x'));
    user_->close(4000, "done");
  });
  steps_.pass(3s).then([&] { peer_.read_at_most(10'000'000); });
  steps_.until(peer_.has(2));
  send(client_frame(0x88, closing(4000, "agreed")));
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 4000 agreed local"});
}

TEST_P(WebSocketWireTest, GivesUpAPeerThatSendsButReadsNothing) {
  open();
  steps_.then([&] {
    peer_.read_at_most(0);
    user_->send_binary(std::string(1'000'000, 'x'));
    user_->close(4000, "done");
    reactor_.run_every(5s, [&] { peer_.send(client_frame(0x8a, "")); });
  });
  expect_after(60s, gone());
  EXPECT_EQ(log_now(), Lines{"ended 4000 done idle"});
}

TEST_P(WebSocketWireTest, TellsAPeerHowItBrokeTheProtocol) {
  open();
  send("\x81\x01x");
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  EXPECT_EQ(log_when(logged(1)),
            Lines{"ended 1002 a client's frame is not masked protocol"});
  EXPECT_EQ(peer_.events(), Lines{"close 1002 a client's frame is not masked"});
}

TEST_P(WebSocketWireTest, RefusesTextThatIsNotUtf8BeforeItsEnd) {
  open();
  send(client_frame(0x81, "a\xff and more").substr(0, 8));
  steps_.pass(1s);
  log_now();
  EXPECT_EQ(peer_.events(), Lines{"close 1007 text that is not UTF-8"});
}

TEST_P(WebSocketWireTest, TakesAMessageAtTheLimitAndRefusesOneBeyond) {
  open({.message = 1000});
  send(client_frame(0x82, std::string(1000, 'x')));
  steps_.until(logged(1));
  send(client_frame(0x82, std::string(1001, 'x')));
  EXPECT_EQ(events_when(peer_.has_ended()),
            Lines{"close 1009 a message that is too long"});
}

TEST_P(WebSocketWireTest, EndsWithTheStream) {
  open();
  steps_.then([&] { peer_.end_input(); });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 1006 peer peer"});
}

TEST_P(WebSocketWireTest, EndsAConversationWhoseUserThrows) {
  open();
  std::string thrown;
  reactor_.on_error([&](const std::exception_ptr& error) {
    try {
      std::rethrow_exception(error);
    } catch (const std::runtime_error& caught) {
      thrown = caught.what();
    }
  });
  send(client_frame(0x81, "throw"));
  EXPECT_EQ(events_when(peer_.has(1)), Lines{"close 1011 it failed here"});
  EXPECT_EQ(thrown, "thrown by a peer");
}

TEST_P(WebSocketWireTest, IsClosedWhenTheReactorDrains) {
  open();
  steps_.then([&] { reactor_.drain(10s); }).until(peer_.has(1));
  send(client_frame(0x88, closing(1001)));
  steps_.then([&] { peer_.end_input(); });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 1001 drained drained"});
  EXPECT_EQ(peer_.events(), Lines{"close 1001 the server goes down"});
}

}  // namespace
}  // namespace rp
