#include "rpc/open_connections.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "rpc/http_connection.h"
#include "rpc/line_connection.h"
#include "tests/support/listening.h"
#include "tests/support/recorder.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class OpenConnectionsTest : private Recorded, public testing::Test {
 protected:
  // What is served must end before the service.
  void TearDown() override {
    reactor.run([this] { reactor.stop(); });
  }

  HandleId add(std::unique_ptr<EventHandler> handler) {
    return reactor.add(std::move(handler), Interest::reading());
  }
  UniqueFd one_end() {
    pairs.emplace_back();
    return std::move(pairs.back().ours);
  }
  HandleId add_lines(const Address& peer) {
    return add(std::make_unique<LineConnection>(
        one_end(), peer, std::make_unique<Session>(service, "x")));
  }
  Recorder& add_other(ConnectionLimits limits) {
    auto made = std::make_unique<Recorder>(one_end(), limits, record_);
    Recorder& other = *made;
    add(std::move(made));
    return other;
  }

  Reactor reactor;
  Dispatcher service{reactor};
  HttpSite site{reactor, 0, {}};
  std::vector<StreamPair> pairs;
};

TEST_F(OpenConnectionsTest, TellsByWhichWireEachPeerSpeaks) {
  const HandleId tcp = add_lines(Address::parse("127.0.0.1:5000"));
  add_lines(Address::unix_path("peer"));
  add(std::make_unique<HttpConnection>(one_end(), Address::parse("[::1]:5001"),
                                       site));
  add_other({});
  const OpenConnections open = open_connections(reactor, 100);
  ASSERT_EQ(open.listed.size(), 4U);
  EXPECT_EQ(open.listed[0].wire, "tcp");
  EXPECT_EQ(open.listed[0].peer, "127.0.0.1:5000");
  EXPECT_EQ(open.listed[0].id, tcp.number());
  EXPECT_EQ(open.listed[1].wire, "unix");
  EXPECT_EQ(open.listed[2].wire, "http");
  EXPECT_EQ(open.listed[3].wire, "other");
}

TEST_F(OpenConnectionsTest, ListsTheFirstAndCountsAll) {
  for (int i = 0; i < 5; ++i) add_other({});
  const OpenConnections open = open_connections(reactor, 3);
  EXPECT_EQ(open.listed.size(), 3U);
  EXPECT_EQ(open.total, 5U);
}

TEST_F(OpenConnectionsTest, TellsBuffersAndTheirWatermarks) {
  Recorder& other = add_other({.pause_at = 10, .close_at = 100});
  other.send("0123456789+");
  const auto numbers = open_connections(reactor, 1).listed.at(0);
  EXPECT_EQ(numbers.unsent, 11U);
  EXPECT_EQ(numbers.pause_at, 10U);
  EXPECT_EQ(numbers.close_at, 100U);
}

TEST_F(OpenConnectionsTest, TellsWhoIsNotReadForWhateverReason) {
  add_other({});
  add_other({}).pause();
  add_other({.pause_at = 10}).send("0123456789+");
  std::vector<bool> paused;
  for (const auto& one : open_connections(reactor, 9).listed) {
    paused.push_back(one.paused);
  }
  EXPECT_EQ(paused, (std::vector<bool>{false, true, true}));
}

TEST_F(OpenConnectionsTest, LeavesOutWhatIsClosedAndWhatIsNoConnection) {
  class Other : public EventHandler {
   public:
    int fd() const override { return pair.ours.get(); }
    StreamPair pair;
  };
  add(std::make_unique<Other>());
  reactor.close(add_lines(Address()));
  EXPECT_EQ(open_connections(reactor, 100).total, 0U);
}

class KnockedAt : public Listening {};

RP_ON_BOTH_POLLERS(KnockedAt);

TEST_P(KnockedAt, HasCountedWhomItTookAndWhomItTurnedAway) {
  limits_.connections = 2;
  listen();
  connect(3);
  Acceptor::Stats knocked;
  reactor_.run_after(1ms,
                     [&] { knocked = open_connections(reactor_, 0).knocked; });
  run_for(2ms);
  EXPECT_EQ(knocked.accepted, 2U);
  EXPECT_EQ(knocked.refused, 1U);
  EXPECT_EQ(knocked.shed, 0U);
}

}  // namespace
}  // namespace rp
