#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/reactor.h"
#include "tests/support/recorder.h"
#include "tests/support/sim_poller.h"

namespace rp {

/// What a peer was told; it outlives the peer.
struct PeerLog {
  std::string got;
  std::vector<std::size_t> pieces;  ///< the size of each
  std::vector<SimEnd> ends;
  bool gone = false;  ///< destroyed
};

/// A peer that only writes down what it is told.
class LoggingPeer : public SimPeer {
 public:
  explicit LoggingPeer(PeerLog& log) : log_(log) {}
  ~LoggingPeer() override { log_.gone = true; }

 private:
  void on_data(std::string_view bytes) override {
    log_.got += bytes;
    log_.pieces.push_back(bytes.size());
  }
  void on_end(SimEnd end) override {
    log_.ends.push_back(end);
    SimPeer::on_end(end);
  }

  PeerLog& log_;
};

/// A simulated network with one peer, and the reactor's connection to it.
///
///     SimStream stream({.seed = 7});
///     stream.peer.send("hello");
///     stream.run_for(1s);
///     EXPECT_EQ(stream.record.received, "hello");
///
/// Thread rule: the loop's thread.
struct SimStream {
  struct Options {
    std::uint64_t seed = 7;
    SimWeather weather = {};
    ConnectionLimits limits = {};
  };

  SimStream() : SimStream(Options()) {}
  explicit SimStream(Options options)
      : network(clock, options.seed, options.weather),
        poller(new SimPoller(network)),
        reactor(std::unique_ptr<Poller>(poller), clock),
        pair(network.pair(std::make_unique<LoggingPeer>(log))),
        peer(pair.peer),
        fd(pair.reactors.get()) {
    auto made = std::make_unique<Recorder>(std::move(pair.reactors),
                                           options.limits, record);
    connection = made.get();
    id = reactor.add(std::move(made), Interest::reading());
  }

  /// Does something so long after the begin.
  void at(Duration time, Task task) { network.after(time, std::move(task)); }

  /// Runs the loop for so much simulated time, then ends it.
  void run_for(Duration time) {
    reactor.run_after(time, [this] {
      open_at_end = reactor.find(id) != nullptr;
      reactor.stop();
    });
    reactor.run();
  }

  Duration elapsed() { return clock.now() - begin; }

  FakeClock clock;
  const TimePoint begin = clock.now();
  Record record;
  PeerLog log;
  SimNetwork network;
  SimPoller* poller;  ///< the reactor's
  Reactor reactor;
  SimNetwork::Pair pair;
  SimPeer& peer;         ///< until it is over
  const int fd;          ///< the reactor's end
  Recorder* connection;  ///< until it is closed
  HandleId id;
  bool open_at_end = false;  ///< before the end of run_for()
};

}  // namespace rp
