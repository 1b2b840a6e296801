#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/wire/arena.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// Bounds on what a text may ask of the parser.
struct JsonLimits {
  /// How many arrays and objects may stand within each other. Each costs the
  /// parser two stack frames, so a limit of some thousands is safe.
  std::size_t depth = 128;
};

/// What is wrong with a text, and where.
struct JsonError {
  std::size_t line;     ///< from 1; a line ends with '\n'
  std::size_t column;   ///< from 1, in characters and not in bytes
  std::size_t offset;   ///< from 0, in bytes
  std::string message;  ///< "expected ':' after a member name, found '='"
};

/// A value, or an error; true when it is a value.
struct Parsed {
  Value value;
  std::optional<JsonError> error;

  explicit operator bool() const { return !error; }
};

/// Reads a JSON text, to the letter of RFC 8259: UTF-8 is checked, a surrogate
/// needs its other half, there is no byte order mark, no comment, no comma too
/// many, nothing after the value but white space.
///
///     Parsed parsed = parse_json(line, arena);
///     if (!parsed) return report(parsed.error->message);
///     const Value* method = parsed.value.find("method");
///
/// All that the value points to stands in the arena, strings included: the
/// text may go. With a warm arena nothing is allocated.
///
/// Where the RFC leaves a choice:
/// - Integers from -2^63 to 2^64-1 are exact, other numbers are the nearest
///   double, and one too large for a double is an error (see json_number.h).
/// - Of members with one name the last wins, at the place of the first.
/// - Texts of 4 GiB or more are refused.
///
/// Time grows with the length of the text, times its logarithm for objects
/// with many members; memory is at most about 32 bytes of arena a byte of
/// text. Thread rule: that of the arena.
Parsed parse_json(std::string_view text, Arena& arena,
                  const JsonLimits& limits = {});

}  // namespace rp
