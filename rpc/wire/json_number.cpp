#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include "rpc/wire/json_token.h"

namespace rp {

namespace {

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

bool stands_at(std::string_view text, std::size_t at, std::string_view one_of) {
  return at < text.size() && one_of.find(text[at]) != one_of.npos;
}

template <class Number>
bool convert(std::string_view token, Number& number) {
  const char* const end = token.data() + token.size();
  return std::from_chars(token.data(), end, number).ec == std::errc();
}

// An exponent that does not fit is as good as any other that is far too large.
std::int64_t read_exponent(std::string_view digits) {
  constexpr std::int64_t kFar = std::int64_t{1} << 60;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t exponent = digits.starts_with('-') ? -kFar : kFar;
  convert(digits, exponent);
  return std::clamp(exponent, -kFar, kFar);
}

// from_chars says "out of range" of numbers too large and too small alike.
// They lie far from 1, so the place of the first digit that counts tells.
bool is_large(std::string_view token) {
  const std::size_t e = std::min(token.find_first_of("eE"), token.size());
  const std::string_view digits = token.substr(0, e);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  std::int64_t power = std::int64_t(point) - std::int64_t(first);
  if (e < token.size()) power += read_exponent(token.substr(e + 1));
  return power > 0;
}

JsonToken to_double(std::string_view token) {
  double number = token.starts_with('-') ? -0.0 : 0.0;
  if (!convert(token, number) && is_large(token)) {
    return {{}, 0, "number out of range"};
  }
  return {number, token.size()};
}

JsonToken to_integer(std::string_view token) {
  std::int64_t number = 0;
  if (token != "-0" && convert(token, number)) return {number, token.size()};
  std::uint64_t large = 0;
  if (convert(token, large)) return {large, token.size()};
  return to_double(token);
}

}  // namespace

JsonToken read_number(std::string_view text) {
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = skip_digits(text, first);
  if (whole == first) return {{}, whole, "expected a digit after '-'"};
  if (text[first] == '0' && whole > first + 1) {
    return {{}, first, "a number must not begin with a zero"};
  }
  std::size_t end = whole;
  if (stands_at(text, end, ".")) {
    end = skip_digits(text, whole + 1);
    if (end == whole + 1) return {{}, end, "expected a digit after '.'"};
  }
  if (stands_at(text, end, "eE")) {
    const std::size_t digits = end + (stands_at(text, end + 1, "+-") ? 2 : 1);
    end = skip_digits(text, digits);
    if (end == digits) return {{}, end, "expected a digit in the exponent"};
  }
  const std::string_view token = text.substr(0, end);
  return end == whole ? to_integer(token) : to_double(token);
}

}  // namespace rp
