#include "pool/lanes.h"

#include <stdexcept>

namespace rp {

Lanes::Lanes(Reactor& reactor, Executor& inner, const Options& options)
    : Turnstile(reactor, inner) {
  for (const auto& [kind, lane] : options) {
    if (lane.workers == 0) {
      throw std::invalid_argument("the lane \"" + kind +
                                  "\" needs at least 1 worker");
    }
    lanes_.emplace(kind, Numbered{lanes_.size() + 1, lane});
  }
}

Turnstile::Rule Lanes::rule_for(const Job& job) const {
  const auto found = lanes_.find(job.kind);
  if (found == lanes_.end()) return {};
  const auto& [group, lane] = found->second;
  return {.group = group,
          .at_once = lane.workers,
          .room = crowd(group).waiting < lane.capacity};
}

Lanes::Stats Lanes::stats(std::string_view kind) const {
  const auto found = lanes_.find(kind);
  if (found == lanes_.end()) return {};
  const Crowd now = crowd(found->second.group);
  return {.waiting = now.waiting, .running = now.through};
}

}  // namespace rp
