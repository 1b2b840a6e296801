#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rpc/wire/arena.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// A number or a string as the parser reads it. When `problem` is not empty it
/// says what is wrong and `length` is the place of the byte that is; else
/// `length` is the length of the token.
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
/// What follows the number is not looked at. Integers from -2^63 to 2^64-1
/// are exact, every other number is the nearest double. One that is too large
/// for a double is a problem; one too small becomes zero with its sign, and
/// "-0" is the double -0.0, so that writing it gives "-0" again.
/// Pure: any thread.
JsonToken read_number(std::string_view text);

/// Reads the string whose opening quote is the first byte of `text` (RFC 8259,
/// section 7). Its text is copied to the arena with its escapes replaced.
/// A problem is what is not UTF-8, a control character, an unknown escape,
/// half of a surrogate pair, and a string that is never closed (which is
/// reported at its opening quote). Thread rule: that of the arena.
JsonToken read_string(std::string_view text, Arena& arena);

}  // namespace rp
