#pragma once

#include <string>
#include <string_view>

namespace rp {

/// What strangers have written, for a terminal: it is shown, and steers
/// nothing.
///
///     std::cerr << escaped_for_terminal(error.message) << '\n';
///
/// Thread rule: any.

/// A character of UTF-8; `bytes` are a view.
struct Character {
  char32_t code;
  std::string_view bytes;
};

/// Takes the first character off `text`, which is UTF-8 and not empty.
Character take_character(std::string_view& text);

/// Whether a terminal does something else with it than to show it: a control
/// character (C0, C1, DEL), or one that turns the direction of writing.
bool steers_terminal(char32_t code);

/// `text` as UTF-8, with \\xHH for each byte of what steers a terminal.
std::string escaped_for_terminal(std::string_view text);

/// Prints a line on standard output, at once: as it is, unless that is a
/// terminal, which is shown it escaped.
void print_line(std::string_view line);

}  // namespace rp
