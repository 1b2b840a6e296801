#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "reactor/clock.h"

namespace rp {

/// Names one handle for ever. The kernel gives the number of a closed
/// descriptor to the next one; nobody gives an id again (a slot that is used
/// again gets a new generation), so a late event finds nobody.
struct HandleId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0: no handle
  bool operator==(const HandleId&) const = default;
  explicit operator bool() const { return generation != 0; }

  /// The id as one number, for traces and for the kernel.
  std::uint64_t number() const {
    return (std::uint64_t{generation} << 32) | slot;
  }
  static HandleId from_number(std::uint64_t number) {
    return {static_cast<std::uint32_t>(number),
            static_cast<std::uint32_t>(number >> 32)};
  }
};

/// What a handle waits for.
struct Interest {
  bool read = false;
  bool write = false;
  bool operator==(const Interest&) const = default;
  bool any() const { return read || write; }

  static constexpr Interest none() { return {}; }
  static constexpr Interest reading() { return {true, false}; }
  static constexpr Interest writing() { return {false, true}; }
};

/// A handle that can be served now.
struct Ready {
  HandleId id;
  bool readable = false;
  bool writable = false;
  bool operator==(const Ready&) const = default;
};

/// The demultiplexer: of many descriptors, which can be served?
///
///     poller->add(fd, id, Interest::reading());
///     poller->wait(100ms, ready);
///     for (const Ready& handle : ready) serve(handle);
///
/// Level-triggered: what is left unread is reported again. A hang-up or an
/// error has no bit of its own: it shows as what the descriptor waits for,
/// and the read or the write that follows tells what happened. It may show as
/// more than that, so look only at what you asked for. The order of what is
/// reported is the kernel's; the reactor sorts.
///
/// Thread rule: the loop's thread. Ownership: descriptors stay the caller's,
/// who removes each one before closing it.
class Poller {
 public:
  virtual ~Poller() = default;

  /// "epoll", "select": for status lines and traces.
  virtual std::string_view name() const = 0;

  /// Begins to watch; `interest.any()` must hold (a handle that waits for
  /// nothing is not given to a poller). Throws std::system_error when the
  /// descriptor cannot be watched: it is not open, it is watched already, it
  /// is a plain file (epoll), or its number is too high (select).
  virtual void add(int fd, HandleId id, Interest interest) = 0;

  /// Changes what a watched descriptor waits for; `interest.any()` must hold.
  /// Throws std::system_error when it is not watched; so does remove().
  virtual void modify(int fd, HandleId id, Interest interest) = 0;

  /// Stops watching.
  virtual void remove(int fd) = 0;

  /// Waits until something is ready or `timeout` is over (none: for ever;
  /// zero: only looks; fractions of a millisecond are never rounded down to
  /// a busy loop). Replaces what `ready` held. A signal ends the wait early
  /// with nothing ready.
  virtual void wait(std::optional<Duration> timeout,
                    std::vector<Ready>& ready) = 0;
};

}  // namespace rp
