#include "reactor/select_poller.h"

#include <gtest/gtest.h>

#include <string>
#include <system_error>
#include <vector>

#include "tests/support/numbered_fd.h"
#include "tests/support/print_ready.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

HandleId id(std::uint32_t slot) { return {slot, 1}; }

TEST(SelectPoller, WatchesTheLastDescriptorBelowFdSetsize) {
  const UniqueFd last = readable_at(FD_SETSIZE - 1);
  SelectPoller poller;
  poller.add(last.get(), id(5), Interest::reading());
  std::vector<Ready> ready;
  poller.wait(0s, ready);
  EXPECT_EQ(ready, (std::vector<Ready>{{id(5), true, false}}));
  poller.remove(last.get());
  poller.wait(0s, ready);
  EXPECT_EQ(ready, std::vector<Ready>{});
}

TEST(SelectPoller, RefusesADescriptorAtFdSetsize) {
  const UniqueFd first_too_high = readable_at(FD_SETSIZE);
  SelectPoller poller;
  try {
    poller.add(first_too_high.get(), id(5), Interest::reading());
    FAIL() << "select took a descriptor that it cannot hold";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "select: descriptor 1024 is at or beyond FD_SETSIZE (1024): "
              "Too many open files");
  }
}

TEST(SelectPoller, GoesOnAfterItHasRefusedADescriptor) {
  const UniqueFd too_high = readable_at(FD_SETSIZE);
  StreamPair stream;
  stream.peer_sends("x");
  SelectPoller poller;
  poller.add(stream.ours.get(), id(1), Interest::reading());
  EXPECT_THROW(poller.add(too_high.get(), id(2), Interest::reading()),
               std::system_error);
  EXPECT_THROW(poller.modify(too_high.get(), id(2), Interest::reading()),
               std::system_error);
  std::vector<Ready> ready;
  poller.wait(0s, ready);
  EXPECT_EQ(ready, (std::vector<Ready>{{id(1), true, false}}));
}

}  // namespace
}  // namespace rp
