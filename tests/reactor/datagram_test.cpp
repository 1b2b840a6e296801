#include "reactor/datagram.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "tests/support/datagram_fixture.h"
#include "tests/support/faults.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;
using Reasons = std::vector<CloseReason>;

class DatagramOn : public OneDatagramSocket {
 protected:
  // Sends numbers until the kernel takes no more; returns how many it took.
  int send_until_full(DatagramRecorder& socket) {
    int sent = 0;
    while (socket.waiting() == 0) socket.send(std::to_string(sent++));
    return sent - 1;
  }
};

RP_ON_BOTH_POLLERS(DatagramOn);

TEST_P(DatagramOn, ArrivesWholeAndApartFromTheNext) {
  open();
  peer_sends("hello");
  peer_sends("");
  peer_sends("world");
  run_for(1ms);
  EXPECT_EQ(record_.received, (Texts{"hello", "", "world"}));
}

TEST_P(DatagramOn, IsNotTruncatedAtTheLongest) {
  limits_.longest = 5;
  open();
  peer_sends("hello");
  run_for(1ms);
  EXPECT_EQ(record_.received, Texts{"hello"});
  EXPECT_EQ(record_.truncated, std::vector<bool>{false});
}

TEST_P(DatagramOn, IsToldApartWhenItIsTruncated) {
  limits_.longest = 5;
  DatagramRecorder& socket = open();
  peer_sends("hello!");
  peer_sends("next");
  after(1ms, [&] { EXPECT_EQ(socket.stats().truncated, 1u); });
  run_for(2ms);
  EXPECT_EQ(record_.received, (Texts{"hello", "next"}));
  EXPECT_EQ(record_.truncated, (std::vector<bool>{true, false}));
  EXPECT_EQ(record_.lengths, (std::vector<std::size_t>{6, 4}));
}

TEST_P(DatagramOn, IsTakenSoManyATick) {
  limits_.a_tick = 3;
  std::vector<std::uint64_t> ticks;
  open().arrived = [&](auto&, auto&) {
    ticks.push_back(reactor_.stats().ticks);
  };
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(peer_sends("x"));
  run_for(1ms);
  ASSERT_EQ(ticks.size(), 4u);
  EXPECT_EQ(ticks[2], ticks[0]);
  EXPECT_EQ(ticks[3], ticks[0] + 1);
}

TEST_P(DatagramOn, IsTakenUpToSoManyBytesATick) {
  limits_.bytes_a_tick = 2000;
  std::vector<std::uint64_t> ticks;
  open().arrived = [&](auto&, auto&) {
    ticks.push_back(reactor_.stats().ticks);
  };
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(peer_sends(std::string(1000, 'x')));
  run_for(1ms);
  ASSERT_EQ(ticks.size(), 3u);
  EXPECT_EQ(ticks[1], ticks[0]);
  EXPECT_EQ(ticks[2], ticks[0] + 1);
}

TEST_P(DatagramOn, IsSentAtOnceWhenThereIsRoom) {
  DatagramRecorder& socket = open();
  EXPECT_TRUE(socket.send("hello"));
  EXPECT_TRUE(socket.send(""));
  EXPECT_EQ(peer_receives(), (Texts{"hello", ""}));
  EXPECT_EQ(socket.stats().sent, 2u);
}

TEST_P(DatagramOn, WaitsInOrderWhileTheKernelHasNoRoom) {
  DatagramRecorder& socket = open();
  const int taken = send_until_full(socket);
  socket.send("last");
  Texts got;
  reactor_.run_every(1ms, [&] {
    for (std::string& one : peer_receives()) got.push_back(std::move(one));
  });
  run_for(10ms);
  ASSERT_EQ(got.size(), static_cast<std::size_t>(taken) + 2);
  EXPECT_EQ(got[static_cast<std::size_t>(taken)], std::to_string(taken));
  EXPECT_EQ(got.back(), "last");
}

TEST_P(DatagramOn, DoesNotOvertakeOneThatWaits) {
  DatagramRecorder& socket = open();
  const Fault full = Fault::on(socket.fd()).sendto({Fault::error(EAGAIN)});
  socket.send("first");
  socket.send("second");
  run_for(1ms);
  EXPECT_EQ(peer_receives(), (Texts{"first", "second"}));
}

TEST_P(DatagramOn, DoesNotSpinWhileTheKernelHasNoRoom) {
  send_until_full(open());
  run_for(10s);
  EXPECT_LE(poller_->waits(), 4u);
}

TEST_P(DatagramOn, IsRefusedOneBeyondThoseThatMayWait) {
  limits_.waiting = 3;
  DatagramRecorder& socket = open();
  send_until_full(socket);
  EXPECT_TRUE(socket.send("2"));
  EXPECT_TRUE(socket.send("3"));
  EXPECT_FALSE(socket.send("4"));
  EXPECT_EQ(socket.waiting(), 3u);
  EXPECT_EQ(socket.stats().refused, 1u);
}

TEST_P(DatagramOn, IsRefusedOneByteBeyondThoseThatMayWait) {
  limits_.unsent_bytes = 100;
  DatagramRecorder& socket = open();
  const Fault full =
      Fault::on(socket.fd()).sendto({Fault::error(EAGAIN).always()});
  EXPECT_TRUE(socket.send(std::string(60, 'x')));
  EXPECT_FALSE(socket.send(std::string(41, 'x')));
  EXPECT_TRUE(socket.send(std::string(40, 'x')));
  EXPECT_FALSE(socket.send("x"));
  EXPECT_EQ(socket.stats().refused, 2u);
}

TEST_P(DatagramOn, WaitsAgainAfterOthersHaveGone) {
  limits_.waiting = 1;
  limits_.unsent_bytes = 5;
  DatagramRecorder& socket = open();
  Fault full = Fault::on(socket.fd()).sendto({Fault::error(EAGAIN).always()});
  EXPECT_TRUE(socket.send("first"));
  EXPECT_FALSE(socket.send("lost"));
  full.sendto({});
  after(1ms, [&] {
    full.sendto({Fault::error(EAGAIN)});
    EXPECT_TRUE(socket.send("third"));
  });
  run_for(2ms);
  EXPECT_EQ(peer_receives(), (Texts{"first", "third"}));
}

TEST_P(DatagramOn, IsReadAndSentAgainAfterASignal) {
  DatagramRecorder& socket = open();
  const Fault signals = Fault::on(socket.fd())
                            .recvfrom({Fault::error(EINTR)})
                            .sendto({Fault::error(EINTR)});
  peer_sends("hello");
  EXPECT_TRUE(socket.send("world"));
  run_for(1ms);
  EXPECT_EQ(record_.received, Texts{"hello"});
  EXPECT_EQ(peer_receives(), Texts{"world"});
  EXPECT_EQ(record_.errors, std::vector<int>{});
  EXPECT_EQ(signals.left(), 0u);
}

TEST_P(DatagramOn, IsSentThoughAnEarlierOneIsToldToHaveFailed) {
  DatagramRecorder& socket = open();
  const Fault late =
      Fault::on(socket.fd()).sendto({Fault::error(ECONNREFUSED)});
  EXPECT_TRUE(socket.send("hello"));
  run_for(1ms);
  EXPECT_EQ(peer_receives(), Texts{"hello"});
  EXPECT_EQ(record_.errors, std::vector<int>{ECONNREFUSED});
}

TEST_P(DatagramOn, FailsAloneWhenTheKernelRefusesIt) {
  DatagramRecorder& socket = open();
  const Fault refusal =
      Fault::on(socket.fd()).sendto({Fault::error(EPERM), Fault::error(EPERM)});
  EXPECT_FALSE(socket.send("forbidden"));
  EXPECT_TRUE(socket.send("allowed"));
  EXPECT_EQ(socket.stats().failed, 1u);
  EXPECT_EQ(peer_receives(), Texts{"allowed"});
}

TEST_P(DatagramOn, IsSentBeforeADrainCloses) {
  DatagramRecorder& socket = open();
  const auto all = static_cast<std::size_t>(send_until_full(socket)) + 1;
  std::size_t got = 0;
  reactor_.run_every(1ms, [&] { got += peer_receives().size(); });
  reactor_.run([&] { reactor_.drain(1s); });
  got += peer_receives().size();
  EXPECT_EQ(got, all);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::drained});
}

TEST_P(DatagramOn, IsNotReadAnyMoreWhenADrainBegins) {
  DatagramRecorder& socket = open();
  socket.arrived = [&](auto& me, auto&) {
    const Fault full =
        Fault::on(me.fd()).sendto({Fault::error(EAGAIN).always()});
    me.send("owed");
    reactor_.drain(1s);
  };
  peer_sends("first");
  peer_sends("second");
  reactor_.run();
  EXPECT_EQ(record_.received, Texts{"first"});
  EXPECT_EQ(peer_receives(), Texts{"owed"});
}

TEST_P(DatagramOn, IsNeitherReadNorSentOnceItsSocketIsClosed) {
  open().arrived = [&](auto& me, auto&) {
    reactor_.close(me.id());
    EXPECT_FALSE(me.send("lost"));
  };
  peer_sends("first");
  peer_sends("second");
  run_for(1ms);
  EXPECT_EQ(record_.received, Texts{"first"});
  EXPECT_EQ(record_.closed, Reasons{CloseReason::local});
}

}  // namespace
}  // namespace rp
