#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "rpc/wire/arena.h"

namespace rp {

/// What needs the names of an object in order: duplicates, equality and sorted
/// output. A stranger chooses the names, so nothing here is quadratic and
/// nothing is hashed: a hash without a secret key can be flooded.
///
///     const std::span<const Member> members = value.members();
///     for (std::uint32_t i : by_name(members, arena)) show(members[i]);
///
/// `Named` is a struct with a `name` that has compare(), as std::string_view
/// has, and a `value`: Member is one. Thread rule: that of the arena.

/// The numbers 0 to n-1 in the order of the names, compared byte by byte, and
/// of equal names in their own order. It takes of the order of n log n
/// comparisons and 4 bytes a member from the arena.
template <class Named>
std::span<std::uint32_t> by_name(std::span<const Named> members, Arena& arena);

/// Makes names unique: the last of equal names gives its value to the first,
/// and all but the first go. Returns what is left, at the front of `members`
/// and in its order. Up to sixteen members are compared each with each, more
/// are sorted.
template <class Named>
std::span<Named> last_wins(std::span<Named> members, Arena& arena);

}  // namespace rp

#include "rpc/wire/json_members.inl"
