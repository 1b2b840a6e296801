#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "reactor/event_handler.h"

namespace rp {

/// Whether a handle keeps a draining reactor running.
enum class Lifetime : std::uint8_t {
  foreground,  ///< is waited for, and closed when run() ends
  background,  ///< is not waited for; lives until the reactor's destructor
};

/// The handlers of a reactor, each in a slot. Ids are a slot and its
/// generation; the generation grows when the slot is given up, so that an id
/// is never used again.
///
///     HandleId id = table.insert(std::move(handler), Lifetime::foreground);
///     if (HandleTable::Slot* slot = table.live(id)) serve(*slot->handler);
///     auto buried = table.remove(id);
///
/// Thread rule: the loop's thread. Ownership: it owns the handlers.
class HandleTable {
 public:
  struct Slot {
    std::unique_ptr<EventHandler> handler;
    std::uint64_t order = 0;  ///< grows with each insertion
    int fd = -1;
    std::uint32_t generation = 1;
    Interest interest;
    Lifetime lifetime = Lifetime::foreground;
    CloseReason reason = CloseReason::local;
    bool dead = false;  ///< closed, and not yet buried
  };

  HandleId insert(std::unique_ptr<EventHandler> handler, Lifetime lifetime);

  /// The slot of a handler that is not dead, else nullptr. The pointer is
  /// good until the next insertion.
  Slot* live(HandleId id);

  /// Gives up the slot of a dead or living handler. The id must be valid.
  std::unique_ptr<EventHandler> remove(HandleId id);

  /// The slot of a valid id, dead or not.
  Slot& at(HandleId id) { return slots_[id.slot]; }

  /// Ids of those that live, in the order of their insertion.
  std::vector<HandleId> live_ids() const;
  std::vector<HandleId> live_ids(Lifetime lifetime) const;

  /// How many foreground handlers there are, dead ones included until they
  /// are removed.
  std::size_t foreground() const { return foreground_; }
  std::size_t size() const { return size_; }

 private:
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::uint64_t next_order_ = 0;
  std::size_t foreground_ = 0;
  std::size_t size_ = 0;
};

}  // namespace rp
