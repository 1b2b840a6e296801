#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rpc/dispatcher.h"
#include "rpc/line_connection.h"
#include "rpc/place.h"
#include "tests/support/line_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"
#include "tests/support/stream_pair.h"

namespace rp {

/// A line connection that tells how it ended, and when.
class WatchedLines : public LineConnection {
 public:
  struct End {
    CloseReason reason;
    TimePoint time;
  };

  WatchedLines(UniqueFd fd, std::unique_ptr<Session> session, LineLimits limits,
               std::optional<End>& end)
      : LineConnection(std::move(fd), Address(), std::move(session), limits),
        end_(end) {}

 private:
  void on_disconnect(CloseReason reason) override {
    end_ = End{reason, reactor().now()};
    LineConnection::on_disconnect(reason);
  }

  std::optional<End>& end_;
};

/// A test with one connection, served on a loop of the test's time, and its
/// peer. "add" answers at once, "later" when the test says so.
class LineTest : public OnBothPollers {
 protected:
  LineTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("echo", on_loop,
                    [](const Params& params) { return params.value(); });
  }

  /// Begins to serve one end of a stream; `peer_` has the other.
  void serve(LineLimits limits = {}) { serve(limits, StreamPair()); }

  /// The same, and the peer has much to read before it gets an answer.
  void serve_slow_reader(LineLimits limits) {
    StreamPair stream;
    stream.fill();
    serve(limits, std::move(stream));
  }

  void serve(LineLimits limits, StreamPair stream) {
    auto session = std::make_unique<Session>(service_, "peer", limits.session);
    session_ = session.get();
    connection_ = reactor_.add(
        std::make_unique<WatchedLines>(std::move(stream.ours),
                                       std::move(session), limits, end_),
        Interest::reading());
    peer_ = LinePeer(std::move(stream.theirs));
  }

  bool wait_for(std::size_t lines) {
    return run_until(reactor_, peer_.has(lines));
  }

  Function<bool()> kept(std::size_t replies) {
    return [this, replies] { return kept_.size() >= replies; };
  }

  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  std::vector<Reply> kept_;
  LinePeer peer_;
  HandleId connection_;
  Session* session_ = nullptr;  // while it lives
  std::optional<WatchedLines::End> end_;
};

}  // namespace rp
