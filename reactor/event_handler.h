#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reactor/poller.h"

namespace rp {

class Reactor;

/// Why a handle came to its end.
enum class CloseReason : std::uint8_t {
  local,     ///< the program closed it
  peer,      ///< the peer closed it
  reset,     ///< reading or writing failed; errno is kept by the handler
  idle,      ///< nothing came and nothing went for too long
  too_slow,  ///< a request took too long to arrive
  overflow,  ///< the peer did not read what was sent to it
  protocol,  ///< the peer broke the protocol or a limit of it
  drained,   ///< all work was done and the reactor drains
  shutdown,  ///< the reactor stopped
};
inline constexpr std::size_t kCloseReasons = 9;

/// "idle", "reset", ...: for log lines and traces.
std::string_view to_string(CloseReason reason);

/// Something with a descriptor that the reactor serves.
///
///     class Acceptor : public EventHandler {
///       int fd() const override { return fd_.get(); }
///       void on_readable() override { accept_some(); }
///     };
///     reactor.add(std::make_unique<Acceptor>(...), Interest::reading());
///
/// Ownership: the reactor owns handlers; everybody else keeps an id and looks
/// it up. A handler is destroyed in the phase that closes dead connections,
/// never while one of its functions runs; its destructor closes the
/// descriptor. The descriptor's number must not change while it is watched.
///
/// Thread rule: all functions are called on the loop's thread.
class EventHandler {
 public:
  EventHandler() = default;
  EventHandler(const EventHandler&) = delete;
  EventHandler& operator=(const EventHandler&) = delete;
  virtual ~EventHandler() = default;

  virtual int fd() const = 0;

  /// The descriptor can be read (or it hung up: read, and see). Reads at most
  /// 64 KiB or takes a fixed number of steps; what is left is reported again.
  virtual void on_readable() {}

  /// The descriptor can be written. Called after on_readable() when both.
  virtual void on_writable() {}

  /// The handler has its id and its reactor.
  virtual void on_added() {}

  /// The reactor drains: finish what is in flight, take nothing new, then
  /// close yourself. Called once. By default it closes at once.
  virtual void on_drain();

  /// The last call before destruction, exactly once, never from inside
  /// Reactor::close().
  virtual void on_closed(CloseReason) {}

  /// Who this is, for the reactor; names nobody before Reactor::add().
  HandleId id() const { return id_; }

  /// The reactor that owns this handler; only after Reactor::add().
  Reactor& reactor() const { return *reactor_; }

 private:
  friend class Reactor;
  Reactor* reactor_ = nullptr;
  HandleId id_;
};

}  // namespace rp
