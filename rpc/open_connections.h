#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/acceptor.h"
#include "reactor/reactor.h"

namespace rp {

/// A connection in the words of a status page.
struct ConnectionNumbers {
  /// Of its handle, as in a trace.
  std::uint64_t id = 0;
  /// "tcp", "unix", "http" or "websocket"; "other" for what is none of these.
  std::string_view wire;
  /// "127.0.0.1:51234"
  std::string peer;
  /// Bytes that wait. With more than `pause_at` it is not read, with more than
  /// `close_at` it is closed.
  std::size_t unsent = 0;
  std::size_t pause_at = 0;
  std::size_t close_at = 0;
  /// It is not read, for whatever reason.
  bool paused = false;
};

/// The open connections of a reactor.
struct OpenConnections {
  /// No more than were asked for, oldest first.
  std::vector<ConnectionNumbers> listed;
  /// How many there are.
  std::size_t total = 0;
  /// What the acceptors that listen have taken and turned away, all of them
  /// together.
  Acceptor::Stats knocked;
};

/// Looks at each open connection and lists the first `most` of them.
///
///     OpenConnections open = open_connections(reactor, 100);
///     show(open.listed, open.total);
///
/// Thread rule: the loop's thread.
OpenConnections open_connections(Reactor& reactor, std::size_t most);

}  // namespace rp
