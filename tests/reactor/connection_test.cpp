#include "reactor/connection.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "tests/support/connected.h"
#include "tests/support/faults.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Reasons = std::vector<CloseReason>;

void echo(Recorder& me, std::string_view bytes) { me.send(bytes); }

class ConnectionOn : public OneConnection {};

RP_ON_BOTH_POLLERS(ConnectionOn);

TEST_P(ConnectionOn, GivesItsProgramTheBytesThatHaveCome) {
  connect();
  after(0ms, [&] { write_all(peer_.get(), "hello, "); });
  after(1ms, [&] { write_all(peer_.get(), "world"); });
  run_for(2ms);
  EXPECT_EQ(record_.received, "hello, world");
}

TEST_P(ConnectionOn, SendsWhatItsProgramSends) {
  connect().data = echo;
  write_all(peer_.get(), "hello");
  run_for(1ms);
  EXPECT_EQ(read_available(peer_.get()), "hello");
}

TEST_P(ConnectionOn, WritesOnceAPhaseHoweverOftenItsProgramSends) {
  const Fault counter = Fault::on_any();
  Recorder& connection = connect();
  after(0ms, [&] {
    for (int i = 0; i < 100; ++i) connection.send("line\n");
    EXPECT_EQ(connection.unsent(), 500u);
    EXPECT_EQ(counter.calls(SystemCall::kSend), 0u);
  });
  after(1ms, [&] { EXPECT_EQ(connection.unsent(), 0u); });
  run_for(2ms);
  EXPECT_EQ(counter.calls(SystemCall::kSend), 1u);
  EXPECT_EQ(read_available(peer_.get()).size(), 500u);
}

TEST_P(ConnectionOn, DoesNotTryAgainBeforeTheSocketHasRoom) {
  const Fault counter = Fault::on_any();
  Recorder& connection = connect();
  const auto calls = [&] { return counter.calls(SystemCall::kSend); };
  connection.send(std::string(1'000'000, 'x'));
  std::size_t before = 0;
  after(1ms, [&] { before = calls(), connection.send("more"); });
  after(2ms, [&] { EXPECT_EQ(calls(), before); });
  run_for(3ms);
  EXPECT_GT(before, 0u);
}

TEST_P(ConnectionOn, SendsInOrderWhatTheKernelDoesNotTakeAtOnce) {
  Recorder& connection = connect();
  std::string sent;
  for (int i = 0; i < 200'000; ++i) sent += std::to_string(i) + "\n";
  connection.send(sent);
  connection.send("end");
  peer_reads_every(1ms);
  run_for(200ms);
  EXPECT_EQ(got_, sent + "end");
}

TEST_P(ConnectionOn, PausesReadingAndNotWriting) {
  Recorder& connection = connect();
  connection.pause();
  write_all(peer_.get(), "later");
  const std::string much(1'000'000, 'x');  // more than the kernel takes
  after(1ms, [&] { connection.send(much); });
  peer_reads_every(1ms);
  run_for(50ms);
  EXPECT_EQ(record_.received, "");
  EXPECT_EQ(got_, much);
}

TEST_P(ConnectionOn, ReadsWhatCameWhileItWasPausedWhenItResumes) {
  Recorder& connection = connect();
  connection.pause();
  write_all(peer_.get(), "later");
  after(1ms, [&] {
    EXPECT_EQ(record_.received, "");
    connection.resume();
  });
  run_for(2ms);
  EXPECT_EQ(record_.received, "later");
}

TEST_P(ConnectionOn, DoesNotSpinWhenThePeerResetsWhileItIsPaused) {
  Recorder& connection = connect(tcp_pair());
  connection.pause();
  const int fd = connection.fd();
  after(1ms, [&] {
    reset_connection(std::move(peer_));
    wait_until_readable(fd);
  });
  run_for(10s);
  EXPECT_LE(poller_->waits(), 4u);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::shutdown});
}

TEST_P(ConnectionOn, LearnsOfTheResetWhenItResumes) {
  Recorder& connection = connect(tcp_pair());
  connection.pause();
  const int fd = connection.fd();
  reset_connection(std::move(peer_));
  wait_until_readable(fd);
  after(1ms, [&] { connection.resume(); });
  run_for(2ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::reset});
  EXPECT_EQ(record_.error_number, ECONNRESET);
}

TEST_P(ConnectionOn, ReadsAtMost64KiBATick) {
  std::vector<std::size_t> pieces;
  connect().data = [&](Recorder&, std::string_view bytes) {
    pieces.push_back(bytes.size());
    EXPECT_EQ(pieces.size(), reactor_.stats().ticks);
  };
  EXPECT_GT(fill(peer_.get()), 64u * 1024);
  run_for(1ms);
  EXPECT_EQ(pieces.front(), 64u * 1024);
}

TEST_P(ConnectionOn, DoesNotStarveTheQuietByTheChatty) {
  StreamPair chatty;
  Record heard;
  auto talker =
      std::make_unique<Recorder>(std::move(chatty.ours), limits_, heard);
  int refills = 1000;
  talker->data = [&](Recorder&, auto) {
    if (--refills > 0) fill(chatty.theirs.get());
  };
  reactor_.add(std::move(talker), Interest::reading());
  std::uint64_t rounds = 0;
  connect().data = [&](Recorder&, std::string_view) {
    if (++rounds == 10) return reactor_.stop();
    write_all(peer_.get(), "x");
  };
  fill(chatty.theirs.get());
  write_all(peer_.get(), "x");
  reactor_.run();
  EXPECT_EQ(reactor_.stats().ticks, 10u);
  EXPECT_LE(heard.received.size(), 10u * 64 * 1024);
}

TEST_P(ConnectionOn, IsClosedWhenNothingCameOrWentForItsIdleTime) {
  limits_.idle = 60s;
  connect();
  after(60s - 1ns, [&] { EXPECT_TRUE(is_open()); });
  run_for(60s + 1ns);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::idle});
}

TEST_P(ConnectionOn, IsNotIdleWhileBytesComeOrGo) {
  limits_.idle = 10s;
  Recorder& connection = connect();
  after(9s, [&] { write_all(peer_.get(), "x"); });
  after(18s, [&] { connection.send("x"); });
  after(28s - 1ns, [&] { EXPECT_TRUE(is_open()); });
  run_for(28s + 1ns);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::idle});
}

TEST_P(ConnectionOn, IsNotIdleWhileItOwesAnAnswer) {
  limits_.idle = 10s;
  Recorder& connection = connect();
  connection.idle = false;
  after(15s, [&] { connection.idle = true, connection.send("answer"); });
  after(25s - 1ns, [&] { EXPECT_TRUE(is_open()); });
  run_for(25s + 1ns);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::idle});
}

TEST_P(ConnectionOn, IsNeverIdleWhenItsLimitIsZero) {
  limits_.idle = 0s;
  connect();
  run_for(1000h);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::shutdown});
}

TEST_P(ConnectionOn, SendsNothingOnceItIsClosed) {
  Recorder& connection = connect();
  after(0ms, [&] {
    connection.send("lost");
    connection.close();
    connection.send("ignored");
    EXPECT_EQ(connection.unsent(), 4u);
  });
  run_for(1ms);
  EXPECT_EQ(read_available(peer_.get()), "");
}

}  // namespace
}  // namespace rp
