#include <gtest/gtest.h>

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

void echo(Recorder& me, std::string_view bytes) { me.send(bytes); }

class FaultyConnection : public OneConnection {
 protected:
  Fault fault() { return Fault::on(reactor_.find(id_)->fd()); }
};

RP_ON_BOTH_POLLERS(FaultyConnection);

TEST_P(FaultyConnection, LosesNothingToShortReads) {
  connect();
  const Fault one = fault().recv({Fault::at_most(1).always()});
  write_all(peer_.get(), "a byte at a time");
  run_for(1ms);
  EXPECT_EQ(record_.received, "a byte at a time");
  EXPECT_GE(one.calls(SystemCall::kRecv), 16u);
}

TEST_P(FaultyConnection, LosesNothingToShortWrites) {
  connect().data = echo;
  const Fault one = fault().send({Fault::at_most(1).always()});
  write_all(peer_.get(), "a byte at a time");
  run_for(1ms);
  EXPECT_EQ(read_available(peer_.get()), "a byte at a time");
  EXPECT_EQ(one.calls(SystemCall::kSend), 16u);
}

TEST_P(FaultyConnection, ReadsAndWritesAgainAfterASignal) {
  connect().data = echo;
  const Fault signals = fault()
                            .recv({Fault::error(EINTR), Fault::error(EINTR)})
                            .send({Fault::error(EINTR), Fault::error(EINTR)});
  write_all(peer_.get(), "hello");
  run_for(1ms);
  EXPECT_EQ(read_available(peer_.get()), "hello");
  EXPECT_EQ(signals.left(), 0u);
}

TEST_P(FaultyConnection, TakesAReadThatFoundNothingForNothing) {
  connect();
  const Fault none = fault().recv({Fault::error(EAGAIN)});
  write_all(peer_.get(), "hello");
  run_for(1ms);
  EXPECT_EQ(record_.received, "hello");
  EXPECT_EQ(none.left(), 0u);
}

TEST_P(FaultyConnection, WaitsForRoomWhenTheKernelTakesNothing) {
  connect().data = echo;
  const Fault full = fault().send({Fault::error(EAGAIN)});
  write_all(peer_.get(), "hello");
  run_for(1ms);
  EXPECT_EQ(read_available(peer_.get()), "hello");
  EXPECT_EQ(full.left(), 0u);
}

TEST_P(FaultyConnection, EndsWithItsErrnoWhenReadingFails) {
  connect();
  const Fault broken = fault().recv({Fault::error(ECONNRESET)});
  write_all(peer_.get(), "hello");
  run_for(1ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::reset});
  EXPECT_EQ(record_.error_number, ECONNRESET);
  EXPECT_EQ(record_.received, "");
}

TEST_P(FaultyConnection, EndsWithItsErrnoWhenWritingFails) {
  connect().data = echo;
  const Fault broken = fault().send({Fault::error(EPIPE)});
  write_all(peer_.get(), "hello");
  run_for(1ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::reset});
  EXPECT_EQ(record_.error_number, EPIPE);
}

TEST_P(FaultyConnection, EndsAlone) {
  Record other_record;
  StreamPair other;
  auto neighbour =
      std::make_unique<Recorder>(std::move(other.ours), limits_, other_record);
  neighbour->data = echo;
  connect();
  reactor_.add(std::move(neighbour), Interest::reading());
  const Fault broken = fault().recv({Fault::error(ECONNRESET)});
  write_all(peer_.get(), "x");
  write_all(other.theirs.get(), "hello");
  run_for(1ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::reset});
  EXPECT_EQ(read_available(other.theirs.get()), "hello");
  EXPECT_EQ(other_record.closed, Reasons{CloseReason::shutdown});
}

TEST_P(FaultyConnection, DoesNotRaiseSigpipeWhenThePeerIsGone) {
  Recorder& connection = connect();
  connection.pause();
  peer_.reset();
  after(0ms, [&] { connection.send("to nobody"); });
  run_for(1ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::reset});
  EXPECT_EQ(record_.error_number, EPIPE);
}

TEST_P(FaultyConnection, GetsTheLastBytesOfAPeerThatIsGone) {
  connect();
  write_all(peer_.get(), "last words");
  peer_.reset();
  run_for(1ms);
  EXPECT_EQ(record_.received, "last words");
  EXPECT_EQ(record_.closed, Reasons{CloseReason::peer});
}

TEST_P(FaultyConnection, CanBeClosedWithinItsOwnCallback) {
  connect().data = [](Recorder& me, std::string_view bytes) {
    me.send(bytes);
    me.close(CloseReason::protocol);
  };
  write_all(peer_.get(), "x");
  run_for(1ms);
  EXPECT_EQ(record_.closed, Reasons{CloseReason::protocol});
}

}  // namespace
}  // namespace rp
