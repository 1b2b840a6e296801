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

/// Appends a value to `out` as JSON text (RFC 8259), without spaces.
///
///     std::string line;
///     write_json(value, line);
///     line += '\n';                       // the text itself holds no newline
///
/// - Of all characters only the quote, the backslash and those below U+0020
///   are escaped: \" \\ \b \f \n \r \t, and \u00xx in lower case.
/// - Integers are written exactly. A double is written in the fewest digits
///   that read back as the same number: 3.0 as "3", 100000.0 as "1e+05".
/// - The text is UTF-8 whatever the strings hold: what is not UTF-8 is written
///   as U+FFFD, the replacement character.
///
/// It reads the value only; different threads may write to different strings.
/// With room in `out` nothing is allocated, unless the members are sorted.
void write_json(const Value& value, std::string& out,
                MemberOrder order = MemberOrder::kAsTheyStand);

/// Appends `text` as a JSON string, quotes included, by the rules above.
void write_json_string(std::string_view text, std::string& out);

/// The value as a text of its own.
std::string to_json(const Value& value);

}  // namespace rp
