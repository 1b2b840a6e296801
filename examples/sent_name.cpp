#include "examples/sent_name.h"

#include <optional>

#include "rpc/wire/digest.h"

namespace rp {
namespace {

bool is_safe(unsigned char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z') || byte == '.' || byte == '-' ||
         byte == '_';
}

// The byte of "C3" or "c3", if these are digits.
std::optional<std::string> from_two_digits(std::string_view digits) {
  std::string lower(digits);
  for (char& digit : lower) {
    if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit | 0x20);
  }
  return from_hex(lower);
}

// An escape that is none stays what it is.
std::string unescape(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    std::optional<std::string> byte;
    if (text.front() == '%' && text.size() >= 3) {
      byte = from_two_digits(text.substr(1, 2));
    }
    plain += byte ? *byte : std::string(1, text.front());
    text.remove_prefix(byte ? 3 : 1);
  }
  return plain;
}

std::string escape(std::string_view text) {
  std::string escaped;
  for (const char byte : text) {
    const bool safe = is_safe(static_cast<unsigned char>(byte));
    escaped += safe ? std::string(1, byte) : '%' + to_hex({&byte, 1});
  }
  return escaped;
}

bool may_be_quoted(std::string_view name) {
  for (const char byte : name) {
    if (byte != ' ' && !is_safe(static_cast<unsigned char>(byte))) return false;
  }
  return true;
}

}  // namespace

std::string attachment_of(std::string_view path) {
  const std::string name = unescape(path.substr(path.rfind('/') + 1));
  if (name.empty()) return "attachment";
  if (may_be_quoted(name)) return "attachment; filename=\"" + name + '"';
  return "attachment; filename*=UTF-8''" + escape(name);
}

}  // namespace rp
