#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rpc/wire/arena.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// A number or a string as the parser reads it. When there is a `problem`,
/// `length` is the place of the byte that is wrong.
struct JsonToken {
  Value value;
  std::size_t length = 0;
  std::string problem = {};
};

/// Reads the number at the beginning of `text` (RFC 8259, section 6):
///
///     JsonToken token = read_number("12.50, 3");   // 12.5, five bytes long
///     if (!token.problem.empty()) return fail(token.length, token.problem);
///     at += token.length;
///
/// Integers from -2^63 to 2^64-1 are exact, other numbers the nearest double;
/// too large for a double is a problem, too small becomes zero with its sign.
/// "-0" is the double -0.0, so that it is written "-0" again. Any thread.
JsonToken read_number(std::string_view text);

/// Reads the string whose opening quote is the first byte of `text` (section
/// 7) and copies it to the arena, its escapes replaced. One that is never
/// closed is reported at that quote. Thread rule: that of the arena.
JsonToken read_string(std::string_view text, Arena& arena);

}  // namespace rp
