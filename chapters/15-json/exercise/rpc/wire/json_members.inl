#pragma once

#include <algorithm>
#include <numeric>

#include "rpc/wire/json_members.h"

namespace rp {

template <class Named>
std::span<std::uint32_t> by_name(std::span<const Named> members, Arena& arena) {
  const auto order = arena.array<std::uint32_t>(members.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int compared = members[a].name.compare(members[b].name);
    return compared < 0 || (compared == 0 && a < b);
  });
  return order;
}

template <class Named>
std::span<Named> last_of_few_wins(std::span<Named> members) {
  std::size_t kept = 0;
  for (const Named& member : members) {
    const auto namesake = std::find_if(
        members.begin(), members.begin() + std::ptrdiff_t(kept),
        [&](const Named& m) { return m.name.compare(member.name) == 0; });
    if (namesake == members.begin() + std::ptrdiff_t(kept)) {
      members[kept++] = member;
    } else {
      namesake->value = member.value;
    }
  }
  return members.first(kept);
}

template <class Named>
std::span<Named> last_wins(std::span<Named> members, Arena& arena) {
  if (members.size() <= 16) return last_of_few_wins(members);
  // Exercise 15.3: in the order of by_name() equal names stand side by side.
  // The last of them gives its value to the first, the others go, and who is
  // left keeps the order in which the members came.
  by_name<Named>(members, arena);
  return members;
}

}  // namespace rp
