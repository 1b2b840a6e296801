#include "examples/terminal_text.h"

#include <unistd.h>

#include <iostream>

#include "rpc/access_log.h"
#include "rpc/wire/utf8.h"

namespace rp {

Character take_character(std::string_view& text) {
  std::size_t length = 1;
  while (length < text.size() && (text[length] & 0xc0) == 0x80) ++length;
  const auto lead = static_cast<unsigned char>(text[0]);
  char32_t code = length == 1 ? lead : lead & (0x7fU >> length);
  for (const char c : text.substr(1, length - 1)) {
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  }
  const std::string_view bytes = text.substr(0, length);
  text.remove_prefix(length);
  return {code, bytes};
}

bool steers_terminal(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||
         (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

std::string escaped_for_terminal(std::string_view text) {
  std::string valid;
  append_as_utf8(text, valid);
  std::string out;
  std::string_view rest = valid;
  while (!rest.empty()) {
    const Character next = take_character(rest);
    out += steers_terminal(next.code) ? visible(next.bytes)
                                      : std::string(next.bytes);
  }
  return out;
}

void print_line(std::string_view line) {
  const bool seen = ::isatty(STDOUT_FILENO) != 0;
  std::cout << (seen ? escaped_for_terminal(line) : std::string(line))
            << std::endl;
}

}  // namespace rp
