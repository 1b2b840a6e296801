#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "rpc/wire/arena.h"

namespace rp {

/// What needs names in order: duplicates, equality, sorted output. A stranger
/// chooses them, so nothing is quadratic, and nothing hashed: without a secret
/// key a hash can be flooded. Thread rule: that of the arena.
///
///     for (std::uint32_t i : by_name(members, arena)) show(members[i]);

/// The numbers 0 to n-1 in the order of the names' bytes, equal names in their
/// own. `Named` has a `name` with compare(), and a `value`: Member is one.
/// Takes about n log n comparisons, and 4 bytes a member from the arena.
template <class Named>
std::span<std::uint32_t> by_name(std::span<const Named> members, Arena& arena);

/// Makes names unique: the last of equal names gives its value to the first,
/// all but the first go. What is left stands at the front, in its order. Up to
/// sixteen members are compared each with each, more are sorted.
template <class Named>
std::span<Named> last_wins(std::span<Named> members, Arena& arena);

}  // namespace rp

#include "rpc/wire/json_members.inl"
