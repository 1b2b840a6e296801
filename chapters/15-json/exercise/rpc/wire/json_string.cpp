#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "rpc/wire/json_token.h"
#include "rpc/wire/utf8.h"

namespace rp {

namespace {

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

std::string as_hex(char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  return {'0', 'x', kDigits[value >> 4], kDigits[value & 15]};
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_high(std::uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low(std::uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

class StringReader {
 public:
  StringReader(std::string_view text, Arena& arena)
      : text_(text), arena_(arena) {}

  JsonToken read();

 private:
  bool run();
  bool rest();
  bool escape();
  bool unicode_escape();
  bool code_unit(std::uint32_t& unit);
  std::size_t find_end() const;
  void put(std::string_view bytes);
  void put_character(std::uint32_t code);
  bool closed() const { return at_ < text_.size() && text_[at_] == '"'; }
  bool fail(std::size_t offset, std::string problem);

  std::string_view text_;
  Arena& arena_;
  std::size_t at_ = 1;
  std::string_view run_;  ///< the bytes that run() has just passed
  char* out_ = nullptr;   ///< where the next byte of the result goes
  JsonToken token_;
};

bool StringReader::fail(std::size_t offset, std::string problem) {
  token_.length = offset;
  token_.problem = std::move(problem);
  return false;
}

// Most strings are one run: no escapes, and copied as they stand.
JsonToken StringReader::read() {
  if (!run()) return token_;
  if (closed()) {
    return {arena_.copy(run_), at_ + 1};
  }
  const std::size_t room = find_end() - 1;
  char* const result = static_cast<char*>(arena_.allocate(room, 1));
  out_ = result;
  if (rest()) {
    token_.value = std::string_view(result, std::size_t(out_ - result));
    token_.length = at_ + 1;
  }
  return token_;
}

// Passes all up to a quote, a backslash or a control character. A character
// cannot go on beyond one of these, so each run is UTF-8 by itself.
bool StringReader::run() {
  const std::size_t start = at_;
  int seen = 0;
  for (; at_ < text_.size() && is_plain(text_[at_]); ++at_) seen |= text_[at_];
  run_ = text_.substr(start, at_ - start);
  if ((seen & 0x80) == 0) return true;
  Utf8Decoder decoder;
  if (decoder.feed(run_) && decoder.complete()) return true;
  const std::size_t wrong = start + decoder.accepted();
  if (wrong == text_.size()) return fail(0, "this string is never closed");
  return fail(wrong, "not UTF-8: byte " + as_hex(text_[wrong]));
}

bool StringReader::rest() {
  while (true) {
    put(run_);
    if (closed()) return true;
    if (at_ == text_.size()) return fail(0, "this string is never closed");
    if (text_[at_] != '\\') {
      return fail(at_, "unescaped control character " + as_hex(text_[at_]) +
                           " in a string");
    }
    if (!escape() || !run()) return false;
  }
}

// An escape is never shorter than what it stands for, so the raw length is
// room enough.
std::size_t StringReader::find_end() const {
  std::size_t end = at_;
  while (end < text_.size() && text_[end] != '"') {
    end += text_[end] == '\\' ? 2 : 1;
  }
  return std::min(end, text_.size());
}

bool StringReader::escape() {
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (at_ + 1 == text_.size()) return fail(0, "this string is never closed");
  const char name = text_[at_ + 1];
  if (name == 'u') return unicode_escape();
  const std::size_t which = kNames.find(name);
  if (which == kNames.npos) {
    const bool shown = name > ' ' && name < '\x7f';
    return fail(
        at_, shown ? std::string("unknown escape '\\") + name + "'"
                   : "unknown escape: a backslash before byte " + as_hex(name));
  }
  put(kMeanings.substr(which, 1));
  at_ += 2;
  return true;
}

bool StringReader::unicode_escape() {
  // Exercise 15.2: is_high() and is_low() tell the two halves of a surrogate
  // pair, which stand for one character above U+FFFF. A half alone is refused,
  // at its backslash: "lone surrogate \ud83d", with the escape as it stands.
  std::uint32_t code = 0;
  if (!code_unit(code)) return false;
  put_character(is_high(code) || is_low(code) ? 0xfffd : code);
  return true;
}

bool StringReader::code_unit(std::uint32_t& unit) {
  at_ += 2;
  for (int i = 0; i < 4; ++i, ++at_) {
    const int digit = at_ < text_.size() ? hex_digit(text_[at_]) : -1;
    if (digit < 0) {
      return fail(at_, "expected four hexadecimal digits after '\\u'");
    }
    unit = unit * 16 + static_cast<std::uint32_t>(digit);
  }
  return true;
}

void StringReader::put(std::string_view bytes) {
  out_ = std::copy(bytes.begin(), bytes.end(), out_);
}

void StringReader::put_character(std::uint32_t code) {
  const auto byte = [&](std::uint32_t bits) { *out_++ = char(bits); };
  const auto continuation = [&](int shift) {
    byte(0x80 | ((code >> shift) & 0x3f));
  };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    continuation(6);
  } else {
    byte(0xf0 | code >> 18);
    continuation(12);
    continuation(6);
  }
  continuation(0);
}

}  // namespace

JsonToken read_string(std::string_view text, Arena& arena) {
  return StringReader(text, arena).read();
}

}  // namespace rp
