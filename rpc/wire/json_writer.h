#pragma once

#include <string>
#include <string_view>

#include "rpc/wire/json_value.h"

namespace rp {

/// In which order the members of objects are written.
enum class MemberOrder {
  kAsTheyStand,
  kByName,  ///< by the bytes of their names, at every level
};

/// Appends a value to `out` as JSON text (RFC 8259), without spaces, on a line.
///
///     std::string line;
///     write_json(value, line);
///
/// - Only the quote, the backslash and what is below U+0020 are escaped, by
///   the two letters that JSON has for it, else by four hex digits, lower case.
/// - Integers are exact. A double has the fewest characters that read back as
///   the same number: 3.0 is "3", 100000.0 is "1e+05".
/// - What is not UTF-8 in a string is written as U+FFFD.
/// Any thread. With room in `out` it allocates nothing, unless it sorts.
void write_json(const Value& value, std::string& out,
                MemberOrder order = MemberOrder::kAsTheyStand);

/// Appends `text` as a JSON string by the same rules, quotes included.
void write_json_string(std::string_view text, std::string& out);

/// The value as a text of its own.
std::string to_json(const Value& value);

}  // namespace rp
