#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "reactor/unique_fd.h"
#include "tests/support/stream_pair.h"

namespace rp {

/// Two ends of a TCP connection over loopback: for what only TCP has, such as
/// a reset.
StreamPair tcp_pair();

/// Writes all, waiting for room; throws std::system_error if it cannot.
void write_all(int fd, std::string_view bytes);

/// Writes until the kernel takes no more; returns how much it took.
std::size_t fill(int fd);

/// Waits until something can be read, or the stream has ended. TCP may take a
/// moment from one end to the other; a test does not guess how long.
void wait_until_readable(int fd);

/// All that can be read now. Stops at the end of the stream.
std::string read_available(int fd);

/// Whether the stream has ended (nothing is left to be read).
bool at_end(int fd);

/// Closes a TCP socket so that its peer sees ECONNRESET.
void reset_connection(UniqueFd fd);

/// An event handler made of closures; those that are left empty do nothing.
///
///     auto probe = std::make_unique<Probe>(std::move(pair.ours));
///     probe->readable = [&](Probe& me) { log += read_available(me.fd()); };
///     reactor.add(std::move(probe), Interest::reading());
///
/// Thread rule: the loop's thread.
class Probe : public EventHandler {
 public:
  explicit Probe(UniqueFd fd) : fd_(std::move(fd)) {}

  Function<void(Probe&)> added;
  Function<void(Probe&)> readable;
  Function<void(Probe&)> writable;
  Function<void(Probe&)> drain;
  Function<void(CloseReason)> closed;

  int fd() const override { return fd_.get(); }
  void on_added() override;
  void on_readable() override;
  void on_writable() override;
  void on_drain() override;
  void on_closed(CloseReason reason) override;

 private:
  UniqueFd fd_;
};

}  // namespace rp
