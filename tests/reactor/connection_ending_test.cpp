#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

#include "reactor/connection.h"
#include "tests/support/connected.h"
#include "tests/support/faults.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Reasons = std::vector<CloseReason>;

constexpr std::size_t kFiveMegabytes = 5'000'000;

class EndingConnection : public OneConnection {
 protected:
  // Closes the peer's end when the stream has ended.
  void peer_closes_at_end() {
    reactor_.run_every(1ms, [this] {
      got_ += read_available(peer_.get());
      if (peer_ && at_end(peer_.get())) peer_.reset();
    });
  }

  std::string five_megabytes() {
    std::string bytes(kFiveMegabytes, 'x');
    for (std::size_t i = 0; i < bytes.size(); i += 1000) bytes[i] = '\n';
    return bytes;
  }
};

RP_ON_BOTH_POLLERS(EndingConnection);

TEST_P(EndingConnection, DeliversFiveMegabytesBeforeItCloses) {
  Recorder& connection = connect();
  after(0ms, [&] {
    connection.send(five_megabytes());
    connection.close_after_sending();
  });
  peer_closes_at_end();
  run_until_closed();
  EXPECT_EQ(got_, five_megabytes());
  EXPECT_EQ(record_.closed, Reasons{CloseReason::local});
}

TEST_P(EndingConnection, DeliversFiveMegabytesWhenTheReactorDrains) {
  Recorder& connection = connect();
  after(0ms, [&] {
    connection.send(five_megabytes());
    reactor_.drain(10s);
  });
  peer_closes_at_end();
  reactor_.run();
  got_ += read_available(peer_.get());
  EXPECT_EQ(got_, five_megabytes());
  EXPECT_EQ(record_.closed, Reasons{CloseReason::drained});
}

// A peer that goes on sending and reads slowly. To close a TCP socket with
// unread bytes resets the connection, and what waits in the kernel is lost.
std::unique_ptr<Probe> chatty_peer(UniqueFd fd, std::string& got) {
  auto peer = std::make_unique<Probe>(std::move(fd));
  peer->readable = [&got](Probe& me) {
    const auto buffer = me.reactor().read_buffer();
    const ssize_t count = ::recv(me.fd(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return me.reactor().close(me.id());
    got.append(buffer.data(), static_cast<std::size_t>(count));
    fill(me.fd());
  };
  peer->drain = [](Probe&) {};
  return peer;
}

// TCP takes its time, so this reactor has the machine's.
TEST_P(EndingConnection, DeliversThemThoughThePeerSentWhatIsNeverRead) {
  Reactor reactor(make_poller(GetParam()));
  StreamPair pair = tcp_pair();
  fill(pair.theirs.get());
  limits_.linger = 30s;
  auto owned =
      std::make_unique<Recorder>(std::move(pair.ours), limits_, record_);
  Recorder& connection = *owned;
  reactor.add(std::move(owned), Interest::reading());
  connection.pause();
  connection.send(five_megabytes());
  reactor.add(chatty_peer(std::move(pair.theirs), got_), Interest::reading());
  reactor.drain(30s);
  reactor.run();
  EXPECT_EQ(got_, five_megabytes());
  EXPECT_EQ(record_.closed, Reasons{CloseReason::drained});
}

TEST_P(EndingConnection, SaysTheReasonItWasGiven) {
  Recorder& connection = connect();
  after(0ms, [&] { connection.close_after_sending(CloseReason::protocol); });
  peer_closes_at_end();
  run_until_closed();
  EXPECT_EQ(record_.closed, Reasons{CloseReason::protocol});
}

TEST_P(EndingConnection, WaitsForThePeersEndAndNoLongerThanItsLinger) {
  limits_.linger = 2s;
  Recorder& connection = connect();
  after(1s, [&] { connection.close_after_sending(); });
  after(3s - 1ns, [&] { EXPECT_TRUE(is_open()); });
  run_for(3s + 1ns);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::local});
}

// Each byte that comes shows a peer that lives, and none that reads.
TEST_P(EndingConnection, IsIdleWhenItsPeerSendsButDoesNotRead) {
  limits_ = {.idle = 60s, .linger = 100s};
  Recorder& connection = connect();
  after(0ms, [&] {
    connection.send(five_megabytes());
    connection.close_after_sending();
  });
  for (auto i = 5s; i < 60s; i += 5s) {
    after(i, [&] { write_all(peer_.get(), "x"); });
  }
  after(60s - 1ns, [&] { EXPECT_TRUE(is_open()); });
  after(60s + 1ns, [&] { EXPECT_FALSE(is_open()); });
  run_for(61s);
}

TEST_P(EndingConnection, DoesNotWaitWhenItsLingerIsZero) {
  limits_.linger = 0s;
  Recorder& connection = connect();
  after(1s, [&] { connection.close_after_sending(); });
  run_for(1s + 1ns);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::local});
}

TEST_P(EndingConnection, ThrowsAwayWhatComesAfterwards) {
  Recorder& connection = connect();
  after(0ms, [&] {
    write_all(peer_.get(), "before");
    connection.close_after_sending();
  });
  after(1ms, [&] { write_all(peer_.get(), "after"), peer_.reset(); });
  run_until_closed();
  EXPECT_EQ(record_.received, "");
  EXPECT_EQ(record_.ends, 0);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::local});
}

TEST_P(EndingConnection, TakesNoMoreOutput) {
  Recorder& connection = connect();
  after(0ms, [&] {
    connection.send("last");
    connection.close_after_sending();
    connection.send("too late");
  });
  peer_closes_at_end();
  run_until_closed();
  EXPECT_EQ(got_, "last");
}

TEST_P(EndingConnection, EndsWhenThePeerEndsAndAllIsSent) {
  Recorder& connection = connect();
  connection.send("answer");
  ::shutdown(peer_.get(), SHUT_WR);
  run_for(1ms);
  EXPECT_EQ(record_.ends, 1);
  EXPECT_EQ(read_available(peer_.get()), "answer");
  EXPECT_EQ(record_.closed, Reasons{CloseReason::peer});
}

TEST_P(EndingConnection, MayAnswerAfterThePeersEnd) {
  Recorder& connection = connect();
  connection.end = [&](Recorder& me) {
    EXPECT_TRUE(me.ended());
    after(5ms, [&] { connection.send("late answer"); });
    after(6ms, [&] { connection.close_after_sending(CloseReason::peer); });
  };
  ::shutdown(peer_.get(), SHUT_WR);
  run_for(10ms);
  EXPECT_EQ(read_available(peer_.get()), "late answer");
  EXPECT_EQ(record_.closed, Reasons{CloseReason::peer});
  EXPECT_LE(poller_->waits(), 10u);
}

TEST_P(EndingConnection, ReadsOnAfterItHasEndedItsOwnDirection) {
  Recorder& connection = connect();
  after(0ms, [&] { connection.send("question"), connection.half_close(); });
  after(1ms, [&] {
    EXPECT_EQ(read_available(peer_.get()), "question");
    EXPECT_TRUE(at_end(peer_.get()));
    write_all(peer_.get(), "answer");
  });
  after(2ms, [&] {
    EXPECT_EQ(record_.received, "answer");
    peer_.reset();
  });
  run_for(3ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::peer});
}

TEST_P(EndingConnection, IsOverWhenBothDirectionsHaveEnded) {
  Recorder& connection = connect();
  connection.end = [](Recorder& me) { me.half_close(); };
  ::shutdown(peer_.get(), SHUT_WR);
  run_for(1ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::local});
}

TEST_P(EndingConnection, IsToldOfAShutdownOnceAndWritesOnceMore) {
  Recorder& connection = connect();
  after(1ms, [&] { reactor_.stop(); });
  reactor_.on_shutdown([&] { connection.send("shutting down"); });
  reactor_.run();
  EXPECT_EQ(read_available(peer_.get()), "shutting down");
  EXPECT_EQ(record_.closed, Reasons{CloseReason::shutdown});
}

TEST_P(EndingConnection, LeavesNoTimer) {
  Recorder& connection = connect();
  EXPECT_EQ(reactor_.timers().size(), 1u);
  connection.close();
  after(1ms, [&] {
    EXPECT_EQ(reactor_.timers().size(), 0u);
    reactor_.stop();
  });
  reactor_.run();
}

}  // namespace
}  // namespace rp
