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
  const bool same = slot.generation == id.generation && slot.handler;
  return same && !slot.dead ? &slot : nullptr;
}

std::unique_ptr<EventHandler> HandleTable::remove(HandleId id) {
  Slot& slot = slots_[id.slot];
  --size_;
  if (slot.lifetime == Lifetime::foreground) --foreground_;
  std::unique_ptr<EventHandler> handler = std::move(slot.handler);
  const std::uint32_t generation = slot.generation + 1;
  slot = Slot{};
  slot.generation = generation;
  // A slot whose generations are used up is never given out again.
  if (generation != 0) free_.push_back(id.slot);
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
