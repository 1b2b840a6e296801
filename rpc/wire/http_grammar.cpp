#include "rpc/wire/http_grammar.h"

#include <algorithm>
#include <limits>

namespace rp {

namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

constexpr std::string_view kHostMarks = "-._~%!$&'()*+;=";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter_or_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_space(char c) { return c == ' ' || c == '\t'; }

template <class Is>
bool all_are(std::string_view text, Is is) {
  return std::all_of(text.begin(), text.end(), is);
}

// Returns 16 for what is no digit.
unsigned hex_digit(char c) {
  const auto from = [c](char zero) { return static_cast<unsigned>(c - zero); };
  if (is_digit(c)) return from('0');
  if (c >= 'a' && c <= 'f') return from('a') + 10;
  if (c >= 'A' && c <= 'F') return from('A') + 10;
  return 16;
}

// "HTTP/1.0" or a later one of the same major version, which a 1.1 recipient
// reads as its own (RFC 9110, 2.5).
int parse_version(std::string_view text) {
  const bool well_formed = text.size() == 8 && text.starts_with("HTTP/") &&
                           is_digit(text[5]) && text[6] == '.' &&
                           is_digit(text[7]);
  if (!well_formed) throw HttpRefusal(400, "no version of HTTP");
  if (text[5] != '1') throw HttpRefusal(505, "not HTTP/1");
  return text[7] == '0' ? 0 : 1;
}

// A name or an address, perhaps with a port. The colons of an address stand in
// brackets.
bool is_host(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t closing = bracketed ? text.find(']') : 0;
  const std::size_t colon = std::min(text.find(':', closing), text.size());
  std::string_view name = text.substr(0, colon);
  if (bracketed && !name.ends_with(']')) return false;
  if (bracketed) name = name.substr(1, name.size() - 2);
  const auto may_name = [bracketed](char c) {
    return is_letter_or_digit(c) || kHostMarks.find(c) != kHostMarks.npos ||
           (bracketed && c == ':');
  };
  const auto port = text.substr(std::min(colon + 1, text.size()));
  return !name.empty() && all_are(name, may_name) && all_are(port, is_digit);
}

// Nobody here can answer for an https resource: no stream is secured
// (RFC 9110, 7.4).
bool is_absolute(std::string_view target) {
  constexpr std::string_view kScheme = "http://";
  if (!same_token(target.substr(0, kScheme.size()), kScheme)) return false;
  target.remove_prefix(kScheme.size());
  return is_host(target.substr(0, target.find_first_of("/?")));
}

void check_target(std::string_view target, std::string_view method) {
  const bool visible =
      all_are(target, [](char c) { return c > ' ' && c <= '~' && c != '#'; });
  if (!visible) throw HttpRefusal(400, "a target that is not a URI");
  if (method == "CONNECT") throw HttpRefusal(501, "this is not a proxy");
  const bool known = target.starts_with('/') || is_absolute(target) ||
                     (target == "*" && method == "OPTIONS");
  if (!known) throw HttpRefusal(400, "a target that is neither path nor URI");
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && all_are(text, [](char c) {
    return is_letter_or_digit(c) || kTokenMarks.find(c) != kTokenMarks.npos;
  });
}

bool is_field_value(std::string_view text) {
  return all_are(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= ' ' && byte != 0x7f);
  });
}

bool is_framing(std::string_view name) {
  return same_token(name, "Content-Length") ||
         same_token(name, "Transfer-Encoding");
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> list_members(std::string_view value) {
  std::vector<std::string_view> members;
  for (;;) {
    const std::size_t comma = value.find(',');
    members.push_back(trimmed(value.substr(0, comma)));
    if (comma == value.npos) return members;
    value.remove_prefix(comma + 1);
  }
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || !all_are(text, is_digit)) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (kMost - digit) / 10) return kMost;
    number = number * 10 + digit;
  }
  return number;
}

void parse_request_line(std::string_view line, HttpRequest& request) {
  const std::size_t first = line.find(' ');
  const std::size_t second = line.find(' ', std::min(first, line.size()) + 1);
  if (second >= line.size()) throw HttpRefusal(400, "not a request line");

  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  if (!is_token(method)) throw HttpRefusal(400, "a method that is no token");
  request.minor = parse_version(line.substr(second + 1));
  check_target(target, method);
  request.method = method;
  request.target = target;
}

// An absolute target goes before Host (3.2.2): where the two differ, recipients
// that look at only one of them would, too.
void check_host(const HttpRequest& request) {
  const std::size_t count = count_fields(request.fields, "Host");
  if (count > 1) throw HttpRefusal(400, "more than one Host");
  if (count == 0 && request.minor > 0) throw HttpRefusal(400, "no Host");
  if (count == 0) return;

  const std::string& named = *request.field("Host");
  if (!is_host(named)) throw HttpRefusal(400, "a Host that is no host");
  if (!same_token(named, request.host())) {
    throw HttpRefusal(400, "a Host that differs from the target's");
  }
}

int parse_status_line(std::string_view line, int& status) {
  const int minor = parse_version(line.substr(0, 8));
  line.remove_prefix(8);
  const bool well_formed = line.size() >= 4 && line[0] == ' ' &&
                           all_are(line.substr(1, 3), is_digit) &&
                           (line.size() == 4 || line[4] == ' ');
  if (!well_formed) throw HttpRefusal(400, "not a status line");
  status = static_cast<int>(*parse_decimal(line.substr(1, 3)));
  if (status < 100 || status > 599) throw HttpRefusal(400, "no such status");
  return minor;
}

void parse_field(std::string_view line, std::string& name, std::string& value) {
  if (line.empty() || is_space(line.front())) {
    throw HttpRefusal(400, "a line folded onto the one above");
  }
  const std::size_t colon = line.find(':');
  if (colon == line.npos) throw HttpRefusal(400, "a field without a colon");
  if (!is_token(line.substr(0, colon))) {
    throw HttpRefusal(400, "a field's name that is no token");
  }
  name = line.substr(0, colon);
  value = trimmed(line.substr(colon + 1));
}

std::uint64_t parse_chunk_size(std::string_view line) {
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < line.size(); ++digits) {
    const unsigned digit = hex_digit(line[digits]);
    if (digit > 15) break;
    if (size > kMost >> 4) throw HttpRefusal(400, "a chunk beyond 64 bits");
    size = size << 4 | digit;
  }
  if (digits == 0) throw HttpRefusal(400, "a chunk without a size");
  const std::string_view rest = line.substr(digits);
  if (!rest.empty() && !trimmed(rest).starts_with(';')) {
    throw HttpRefusal(400, "a chunk size that is no number");
  }
  return size;
}

std::optional<std::uint64_t> content_length(const HttpFields& fields) {
  std::optional<std::uint64_t> length;
  for (const auto& [name, value] : fields) {
    if (!same_token(name, "Content-Length")) continue;
    for (const std::string_view member : list_members(value)) {
      const auto number = parse_decimal(member);
      if (!number) throw HttpRefusal(400, "a length that is no number");
      if (length.value_or(*number) != *number) {
        throw HttpRefusal(400, "two lengths that differ");
      }
      length = number;
    }
  }
  if (length == kMost) throw HttpRefusal(413, "a length beyond 64 bits");
  return length;
}

bool is_chunked(const HttpFields& fields) {
  std::vector<std::string_view> codings;
  for (const auto& [name, value] : fields) {
    if (!same_token(name, "Transfer-Encoding")) continue;
    const auto members = list_members(value);
    codings.insert(codings.end(), members.begin(), members.end());
  }
  if (codings.empty()) return false;
  for (const std::string_view coding : codings) {
    if (coding.empty()) throw HttpRefusal(400, "a coding without a name");
  }
  const auto is_chunks = [](auto coding) {
    return same_token(coding, "chunked");
  };
  const auto first = std::find_if(codings.begin(), codings.end(), is_chunks);
  if (first != codings.end() - 1) {
    throw HttpRefusal(400, "a body whose last coding is not chunked");
  }
  if (codings.size() > 1) throw HttpRefusal(501, "an unknown transfer coding");
  return true;
}

}  // namespace rp
