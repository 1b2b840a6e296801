#include "rpc/wire/content_length.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace rp {

namespace {

constexpr std::string_view kHeaderTooLong =
    "the header part is longer than 4096 bytes";
static_assert(ContentLengthFramer::kMaxHeader == 4096);

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
}

bool is_part_of_a_name(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// Of `application/vscode-jsonrpc; charset=utf-8`; utf8 is what old clients say.
bool is_utf8(std::string_view content_type) {
  while (!content_type.empty()) {
    const std::size_t end =
        std::min(content_type.find(';'), content_type.size());
    const std::string_view part = trimmed(content_type.substr(0, end));
    content_type.remove_prefix(std::min(end + 1, content_type.size()));
    constexpr std::string_view kCharset = "charset=";
    if (!same(part.substr(0, kCharset.size()), kCharset)) continue;
    std::string_view name = part.substr(kCharset.size());
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') {
      name = name.substr(1, name.size() - 2);
    }
    if (!same(name, "utf-8") && !same(name, "utf8")) return false;
  }
  return true;
}

}  // namespace

Frame ContentLengthFramer::next() {
  std::string_view message;
  if (take_header() && take_bytes(message, *length_)) {
    forget_message();
    return {Frame::kMessage, message};
  }
  if (ended_ && partial()) malformed("the input ends within a message");
  return {refused()};
}

bool ContentLengthFramer::partial() const {
  return header_bytes_ > 0 || Framer::partial();
}

// True when the bytes of a message are next.
bool ContentLengthFramer::take_header() {
  std::string_view line;
  while (!in_message_ && refused() == Frame::kNothingYet) {
    if (!take_line(line, kMaxHeader - header_bytes_)) {
      if (refused() != Frame::kNothingYet) malformed(kHeaderTooLong);
      return false;
    }
    header_bytes_ += line.size();
    read_header(line);
  }
  return in_message_;
}

void ContentLengthFramer::read_header(std::string_view line) {
  if (!line.ends_with('\r')) {
    return malformed("a header line does not end with CR LF");
  }
  line.remove_suffix(1);
  if (line.empty()) {
    in_message_ = length_.has_value();
    return in_message_ ? void() : malformed("there is no Content-Length");
  }
  const std::string_view name = line.substr(0, line.find(':'));
  if (name.empty() || name.size() == line.size() ||
      !std::all_of(name.begin(), name.end(), is_part_of_a_name)) {
    return malformed("a header line is not NAME: VALUE");
  }
  const std::string_view value = trimmed(line.substr(name.size() + 1));
  if (std::any_of(value.begin(), value.end(), is_control)) {
    return malformed("a header has a control character");
  }
  if (same(name, "Content-Length")) return read_length(value);
  if (same(name, "Content-Type") && !is_utf8(value)) {
    malformed("the charset is not UTF-8");
  }
}

void ContentLengthFramer::read_length(std::string_view digits) {
  if (length_) return malformed("Content-Length is given twice");
  const bool is_number =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
        return c >= '0' && c <= '9';
      });
  if (!is_number) return malformed("Content-Length is not a number");
  std::size_t length = 0;
  const auto read =
      std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (read.ec != std::errc() || length > max_message_) {
    forget_message();
    return refuse(Frame::kTooLong);
  }
  length_ = length;
}

void ContentLengthFramer::forget_message() {
  header_bytes_ = 0;
  length_.reset();
  in_message_ = false;
}

void ContentLengthFramer::malformed(std::string_view what) {
  fault_ = what;
  forget_message();
  refuse(Frame::kMalformed);
}

std::string ContentLengthFramer::fault() const {
  if (!fault_.empty()) return std::string(fault_);
  return "a message is longer than " + std::to_string(max_message_) + " bytes";
}

std::string ContentLengthFramer::before(std::size_t message_bytes) const {
  return "Content-Length: " + std::to_string(message_bytes) + "\r\n\r\n";
}

}  // namespace rp
