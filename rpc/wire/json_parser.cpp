#include "rpc/wire/json_parser.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "rpc/wire/json_members.h"
#include "rpc/wire/json_token.h"
#include "rpc/wire/value_stack.h"

namespace rp {

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_printable(char c) { return c >= ' ' && c < '\x7f'; }

// Continuation bytes are part of a character that was counted already.
JsonError error_at(std::string_view text, std::size_t offset,
                   std::string message) {
  const std::string_view before = text.substr(0, offset);
  const std::string_view line = before.substr(before.rfind('\n') + 1);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const auto characters = std::count_if(
      line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; });
  return {std::size_t(lines) + 1, std::size_t(characters) + 1, offset,
          std::move(message)};
}

// Recursive descent. Each rule leaves the value it has read on the stack; one
// that fails leaves an error, and all return.
class Parser {
 public:
  Parser(std::string_view text, Arena& arena, const JsonLimits& limits)
      : text_(text), arena_(arena), limits_(limits), stack_(arena) {}

  Parsed parse();

 private:
  bool document();
  bool value();
  bool array();
  bool object();
  bool member();
  bool word();
  bool take(JsonToken token);

  bool open();
  bool next_or(char closing, std::string_view expectation);
  void close_array(std::size_t mark);
  void close_object(std::size_t mark);

  void skip_space();
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  std::string found() const;
  bool expected(std::string_view what);
  bool fail(std::size_t offset, std::string message);

  std::string_view text_;
  Arena& arena_;
  JsonLimits limits_;
  ValueStack stack_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::optional<JsonError> error_;
};

Parsed Parser::parse() {
  if (document()) return {stack_.pop(), {}};
  return {{}, std::move(error_)};
}

bool Parser::document() {
  if (text_.size() > std::numeric_limits<std::uint32_t>::max()) {
    return fail(0, "the text is 4 GiB long or longer");
  }
  if (text_.starts_with("\xef\xbb\xbf")) {
    return fail(0, "a byte order mark (U+FEFF) before the text");
  }
  skip_space();
  if (!value()) return false;
  skip_space();
  return at_ == text_.size() || expected("the end of the text after the value");
}

bool Parser::value() {
  switch (peek()) {
    case '{':
      return object();
    case '[':
      return array();
    case '"':
      return take(read_string(text_.substr(at_), arena_));
    case '-':
      return take(read_number(text_.substr(at_)));
    default:
      if (peek() >= '0' && peek() <= '9') {
        return take(read_number(text_.substr(at_)));
      }
      return is_letter(peek()) ? word() : expected("a value");
  }
}

bool Parser::take(JsonToken token) {
  if (!token.problem.empty()) {
    return fail(at_ + token.length, std::move(token.problem));
  }
  at_ += token.length;
  stack_.push(token.value);
  return true;
}

bool Parser::word() {
  std::size_t end = at_;
  while (end < text_.size() && end < at_ + 20 && is_letter(text_[end])) ++end;
  const std::string_view word = text_.substr(at_, end - at_);
  if (word == "true" || word == "false") {
    stack_.push(word == "true");
  } else if (word == "null") {
    stack_.push(nullptr);
  } else {
    return fail(at_, "unknown word '" + std::string(word) +
                         "': JSON has true, false and null");
  }
  at_ = end;
  return true;
}

bool Parser::array() {
  const std::size_t mark = stack_.size();
  if (!open()) return false;
  bool more = peek() != ']';
  while (more) {
    if (!value()) return false;
    more = next_or(']', "',' or ']' after an array element");
    if (error_) return false;
  }
  close_array(mark);
  return true;
}

bool Parser::object() {
  const std::size_t mark = stack_.size();
  if (!open()) return false;
  bool more = peek() != '}';
  while (more) {
    if (!member()) return false;
    more = next_or('}', "',' or '}' after an object member");
    if (error_) return false;
  }
  close_object(mark);
  return true;
}

bool Parser::member() {
  if (peek() != '"') return expected("a member name in double quotes");
  if (!take(read_string(text_.substr(at_), arena_))) return false;
  skip_space();
  if (peek() != ':') return expected("':' after a member name");
  ++at_;
  skip_space();
  return value();
}

bool Parser::open() {
  if (depth_ == limits_.depth) {
    return fail(
        at_, "nested deeper than " + std::to_string(limits_.depth) + " levels");
  }
  ++depth_;
  ++at_;
  skip_space();
  return true;
}

// True when a comma says that more follows; false at the end of the container
// and after an error.
bool Parser::next_or(char closing, std::string_view expectation) {
  skip_space();
  if (peek() == closing) return false;
  if (peek() != ',') return expected(expectation);
  ++at_;
  skip_space();
  return true;
}

void Parser::close_array(std::size_t mark) {
  const auto items = arena_.array<Value>(stack_.size() - mark);
  for (auto at = items.rbegin(); at != items.rend(); ++at) *at = stack_.pop();
  stack_.push(Value::array(items));
  ++at_;
  --depth_;
}

void Parser::close_object(std::size_t mark) {
  const auto members = arena_.array<Member>((stack_.size() - mark) / 2);
  for (auto at = members.rbegin(); at != members.rend(); ++at) {
    at->value = stack_.pop();
    at->name = stack_.pop().as_string();
  }
  stack_.push(Value::object(last_wins(members, arena_)));
  ++at_;
  --depth_;
}

void Parser::skip_space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

std::string Parser::found() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (at_ == text_.size()) return "the end of the text";
  if (is_printable(peek())) return {'\'', peek(), '\''};
  const auto byte = static_cast<unsigned char>(peek());
  return {'b',
          'y',
          't',
          'e',
          ' ',
          '0',
          'x',
          kDigits[byte >> 4],
          kDigits[byte & 15]};
}

bool Parser::expected(std::string_view what) {
  return fail(at_, "expected " + std::string(what) + ", found " + found());
}

bool Parser::fail(std::size_t offset, std::string message) {
  error_ = error_at(text_, offset, std::move(message));
  return false;
}

}  // namespace

Parsed parse_json(std::string_view text, Arena& arena,
                  const JsonLimits& limits) {
  return Parser(text, arena, limits).parse();
}

}  // namespace rp
