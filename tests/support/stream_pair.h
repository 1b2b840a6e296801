#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "reactor/socket.h"
#include "reactor/unique_fd.h"

namespace rp {

/// Two ends of a Unix stream that do not block: `ours` is what is tested,
/// `theirs` plays the peer. What one end sends the other can receive at once.
///
///     StreamPair stream;
///     stream.peer_sends("hello");
///     poller.add(stream.ours.get(), id, Interest::reading());
struct StreamPair {
  StreamPair() {
    int ends[2];
    const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    if (::socketpair(AF_UNIX, type, 0, ends) != 0) throw_errno("socketpair");
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
  }

  void peer_sends(std::string_view bytes) {
    ::send(theirs.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  /// Sends until the kernel takes no more.
  void fill() {
    const std::string bytes(65536, 'x');
    while (::send(ours.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
    }
  }

  UniqueFd ours;
  UniqueFd theirs;
};

}  // namespace rp
