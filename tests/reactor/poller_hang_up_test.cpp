#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "reactor/poller.h"
#include "reactor/socket.h"
#include "tests/support/poller_fixture.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
    reading.reset(ends[0]);
    writing.reset(ends[1]);
  }

  void fill() {
    while (::write(writing.get(), "x", 1) > 0) {
    }
  }

  UniqueFd reading;
  UniqueFd writing;
};

using PollerHangUp = PollerFixture;
RP_ON_BOTH_POLLERS_ALONE(PollerHangUp);

TEST_P(PollerHangUp, ShowsAHangUpToAReaderAsReadable) {
  StreamPair stream;
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  stream.theirs.reset();
  ASSERT_EQ(look().size(), 1U);
  EXPECT_TRUE(look()[0].readable);
}

TEST_P(PollerHangUp, ShowsAHangUpToAWriterAsWritable) {
  StreamPair stream;
  stream.fill();
  poller_->add(stream.ours.get(), id(7), Interest::writing());
  EXPECT_EQ(look(), std::vector<Ready>{});
  stream.theirs.reset();
  ASSERT_EQ(look().size(), 1U);
  EXPECT_TRUE(look()[0].writable);
}

// An empty pipe whose writer has left, and a full one whose reader has, show
// nothing but the hang-up.
TEST_P(PollerHangUp, ShowsAPipesHangUpAsWhatItsOtherEndWaitsFor) {
  Pipe empty;
  Pipe full;
  full.fill();
  empty.writing.reset();
  full.reading.reset();
  poller_->add(empty.reading.get(), id(1), Interest::reading());
  poller_->add(full.writing.get(), id(2), Interest::writing());
  const auto ready = look();
  ASSERT_EQ(ready.size(), 2U);
  EXPECT_TRUE(ready[0].readable);
  EXPECT_TRUE(ready[1].writable);
}

TEST_P(PollerHangUp, ShowsAResetToAReaderAndToAWriter) {
  for (const Interest interest : {Interest::reading(), Interest::writing()}) {
    const UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
    UniqueFd client = connect_blocking(local_address(listening.get()));
    const UniqueFd server = accept_from(listening.get(), nullptr);
    const linger reset{1, 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    client.reset();
    poller_->add(server.get(), id(7), interest);
    const auto ready = wait(std::nullopt);
    ASSERT_EQ(ready.size(), 1U);
    EXPECT_TRUE(interest.read ? ready[0].readable : ready[0].writable);
    poller_->remove(server.get());
  }
}

TEST_P(PollerHangUp, DoesNotWakeAWriterWhosePeerOnlyFinishedSending) {
  StreamPair stream;
  stream.fill();
  poller_->add(stream.ours.get(), id(7), Interest::writing());
  ::shutdown(stream.theirs.get(), SHUT_WR);
  EXPECT_EQ(look(), std::vector<Ready>{});
}

}  // namespace
}  // namespace rp
