#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "reactor/acceptor.h"
#include "reactor/socket.h"
#include "tests/support/directory.h"
#include "tests/support/sim_stream.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

const std::string kSent(500, 'x');

class SimListener : public testing::Test {
 protected:
  Directory directory_;
  Address address_ = Address::unix_path(directory_ / "socket");
  std::vector<Record> records_{3};  // before what they outlive
  std::vector<PeerLog> logs_{3};
  SimStream stream_;
};

TEST_F(SimListener, IsReachedThroughItsSocket) {
  std::size_t accepted = 0;
  Acceptor::start(
      stream_.reactor, listen_on(address_), [&](UniqueFd fd, const Address&) {
        auto made = std::make_unique<Recorder>(
            std::move(fd), ConnectionLimits{}, records_[accepted++]);
        made->data = [](Recorder& me, std::string_view b) { me.send(b); };
        return made;
      });
  for (PeerLog& log : logs_) {
    stream_.network.connect(std::make_unique<LoggingPeer>(log), address_)
        .send(kSent);
  }
  stream_.run_for(10s);
  for (const PeerLog& log : logs_) EXPECT_EQ(log.got, kSent);
  EXPECT_EQ(records_[2].received, kSent);
}

TEST_F(SimListener, IsMissedWhenNobodyListens) {
  PeerLog log;
  EXPECT_THROW(
      stream_.network.connect(std::make_unique<LoggingPeer>(log), address_),
      std::system_error);
  EXPECT_EQ(stream_.network.peers(), 1u);
}

}  // namespace
}  // namespace rp
