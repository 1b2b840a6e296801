#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/handlers.h"
#include "tests/support/pollers.h"
#include "tests/support/recorder.h"

namespace rp {

/// A test with one connection on its reactor, on both pollers. `peer_` is the
/// other end. The connection is added by connect(), so that a test can set
/// limits or ask for TCP before.
///
///     TEST_P(OneConnection, ...) {
///       Recorder& connection = connect();
///       write_all(peer_.get(), "hello");
class OneConnection : private Recorded, public OnBothPollers {
 protected:
  using Recorded::record_;

  Recorder& connect(StreamPair pair = {}) {
    peer_ = std::move(pair.theirs);
    auto made =
        std::make_unique<Recorder>(std::move(pair.ours), limits_, record_);
    Recorder& connection = *made;
    id_ = reactor_.add(std::move(made), Interest::reading());
    return connection;
  }

  /// Does something `time` after the start of the run.
  void after(Duration time, Task task) {
    reactor_.run_after(time, std::move(task));
  }

  bool is_open() { return reactor_.find(id_) != nullptr; }

  /// What the peer gets, at each `pause`, until the connection is gone.
  void peer_reads_every(Duration pause) {
    reactor_.run_every(pause, [this] { got_ += read_available(peer_.get()); });
  }

  void run_until_closed() {
    reactor_.run_every(std::chrono::milliseconds(1), [this] {
      if (!is_open()) reactor_.stop();
    });
    reactor_.run();
    got_ += read_available(peer_.get());
  }

  ConnectionLimits limits_;
  UniqueFd peer_;
  HandleId id_;
  std::string got_;  ///< by the peer
};

}  // namespace rp
