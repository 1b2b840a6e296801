#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "reactor/connection.h"
#include "tests/support/connected.h"
#include "tests/support/faults.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Reasons = std::vector<CloseReason>;

// A connection whose kernel takes nothing, so that what is unsent can be
// counted to the byte.
class PressedConnection : public OneConnection {
 protected:
  Recorder& connect_blocked() {
    Recorder& connection = connect();
    full_ = Fault::on(connection.fd()).send({Fault::error(EAGAIN).always()});
    return connection;
  }

  Fault full_ = Fault::on(-2);
};

RP_ON_BOTH_POLLERS(PressedConnection);

TEST_P(PressedConnection, ReadsOnAtThePauseLimit) {
  limits_.pause_at = 1000;
  Recorder& connection = connect_blocked();
  connection.send(std::string(1000, 'x'));
  EXPECT_FALSE(connection.choked());
}

TEST_P(PressedConnection, IsNotReadOneByteBeyondThePauseLimit) {
  limits_.pause_at = 1000;
  Recorder& connection = connect();
  fill(connection.fd());
  connection.send(std::string(1001, 'x'));
  EXPECT_TRUE(connection.choked());
  write_all(peer_.get(), "more");
  run_for(1ms);
  EXPECT_EQ(record_.received, "");
}

TEST_P(PressedConnection, IsReadAgainAtHalfThePauseLimit) {
  limits_.pause_at = 1000;
  Recorder& connection = connect();
  full_ = Fault::on(connection.fd())
              .send({Fault::at_most(600), Fault::at_most(1),
                     Fault::error(EAGAIN).always()});
  connection.send(std::string(1101, 'x'));
  write_all(peer_.get(), "more");
  connection.data = [&](Recorder& me, std::string_view) {
    EXPECT_EQ(me.unsent(), 500u);
    reactor_.stop();
  };
  reactor_.run();
  EXPECT_EQ(record_.unchoked, 1);
}

TEST_P(PressedConnection, IsNotClosedAtTheCloseLimit) {
  limits_.close_at = 5000;
  Recorder& connection = connect_blocked();
  connection.send(std::string(4000, 'x'));
  connection.send(std::string(1000, 'x'));
  EXPECT_TRUE(is_open());
}

TEST_P(PressedConnection, IsClosedOneByteBeyondTheCloseLimit) {
  limits_.close_at = 5000;
  Recorder& connection = connect_blocked();
  connection.send(std::string(5000, 'x'));
  connection.send("x");
  EXPECT_FALSE(is_open());
  run_for(1ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::overflow});
}

TEST_P(PressedConnection, HoldsABoundedAmountForAPeerThatNeverReads) {
  limits_.pause_at = 100'000;
  std::size_t most = 0;
  connect().data = [&](Recorder& me, std::string_view bytes) {
    me.send(bytes);
    most = std::max(most, me.unsent());
  };
  reactor_.run_every(1ms, [&] { fill(peer_.get()); });
  run_for(1s);
  // No more than what one read can add after the limit was reached.
  EXPECT_GT(most, limits_.pause_at);
  EXPECT_LE(most, limits_.pause_at + 64 * 1024);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::shutdown});
}

TEST_P(PressedConnection, DoesNotSpinWhileItsPeerDoesNotRead) {
  limits_.pause_at = 100'000;
  connect().data = [](Recorder& me, std::string_view b) { me.send(b); };
  reactor_.run_every(1ms, [&] { fill(peer_.get()); });
  run_for(1s);
  EXPECT_LE(poller_->waits(), 1100u);
}

TEST_P(PressedConnection, LosesNothingToAPeerThatReadsLate) {
  limits_.pause_at = 100'000;
  connect().data = [](Recorder& me, std::string_view b) { me.send(b); };
  std::size_t sent = 0;
  const auto keep_sending = [&] { sent += fill(peer_.get()); };
  for (auto i = 0ms; i < 50ms; i += 1ms) after(i, keep_sending);
  after(60ms, [&] { peer_reads_every(1ms); });
  run_for(200ms);
  EXPECT_EQ(got_.size(), sent);
  EXPECT_GE(record_.unchoked, 1);
}

TEST_P(PressedConnection, GivesItsMemoryBackWhenAllIsSent) {
  Recorder& connection = connect();
  connection.send(std::string(50'000, 'x'));
  peer_reads_every(1ms);
  run_for(5ms);
  EXPECT_GE(reactor_.borrow_string().capacity(), 50'000u);
}

}  // namespace
}  // namespace rp
