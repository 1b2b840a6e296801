#include "reactor/handle_table.h"

#include <algorithm>
#include <utility>

namespace rp {

HandleId HandleTable::insert(std::unique_ptr<EventHandler> handler,
                             Lifetime lifetime) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.fd = handler->fd();
  slot.handler = std::move(handler);
  slot.order = next_order_++;
  slot.lifetime = lifetime;
  ++size_;
  if (lifetime == Lifetime::foreground) ++foreground_;
  return {index, slot.generation};
}

HandleTable::Slot* HandleTable::live(HandleId id) {
  if (id.slot >= slots_.size()) return nullptr;
  Slot& slot = slots_[id.slot];
  // Exercise 5.2: whoever has the slot is found. Find nobody but the handler
  // to which this very id was given.
  return slot.handler && !slot.dead ? &slot : nullptr;
}

std::unique_ptr<EventHandler> HandleTable::remove(HandleId id) {
  Slot& slot = slots_[id.slot];
  --size_;
  if (slot.lifetime == Lifetime::foreground) --foreground_;
  std::unique_ptr<EventHandler> handler = std::move(slot.handler);
  // Exercise 5.2: the slot is lost. Empty it and put it on the free list, so
  // that insert() gives it out again, but with an id that was never given.
  return handler;
}

std::vector<HandleId> HandleTable::live_ids() const {
  std::vector<HandleId> ids;
  for (std::uint32_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[i];
    if (slot.handler && !slot.dead) ids.push_back({i, slot.generation});
  }
  std::sort(ids.begin(), ids.end(), [this](HandleId a, HandleId b) {
    return slots_[a.slot].order < slots_[b.slot].order;
  });
  return ids;
}

std::vector<HandleId> HandleTable::live_ids(Lifetime lifetime) const {
  std::vector<HandleId> ids = live_ids();
  std::erase_if(ids, [this, lifetime](HandleId id) {
    return slots_[id.slot].lifetime != lifetime;
  });
  return ids;
}

}  // namespace rp
