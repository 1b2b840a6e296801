#include "rpc/wire/json_writer.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rpc/wire/arena.h"
#include "rpc/wire/json_members.h"
#include "rpc/wire/utf8.h"

namespace rp {

namespace {

// The longest double in its shortest form has 24 characters.
template <class Number>
void write_number(Number number, std::string& out) {
  std::array<char, 32> digits;
  char* const first = digits.data();
  const auto written = std::to_chars(first, first + digits.size(), number);
  out.append(first, written.ptr);
}

void write_escape(char c, std::string& out) {
  constexpr std::string_view kNamed = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t which = kNamed.find(c);
  if (which != kNamed.npos) {
    out += {'\\', kNames[which]};
  } else {
    out += {'\\',
            'u',
            '0',
            '0',
            kDigits[std::size_t(c) >> 4],
            kDigits[std::size_t(c) & 15]};
  }
}

// The bytes at the beginning of `text` that need no escape.
std::string_view plain_run(std::string_view text, bool& ascii) {
  std::size_t length = 0;
  int seen = 0;
  for (; length < text.size(); ++length) {
    const char c = text[length];
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') break;
    seen |= c;
  }
  ascii = (seen & 0x80) == 0;
  return text.substr(0, length);
}

class Writer {
 public:
  Writer(std::string& out, MemberOrder order) : out_(out), order_(order) {}

  void value(const Value& value);

 private:
  void array(std::span<const Value> items);
  void object(std::span<const Member> members);
  void sorted_object(std::span<const Member> members);
  void member(const Member& member, bool first);

  std::string& out_;
  MemberOrder order_;
  Arena scratch_;
};

void Writer::value(const Value& value) {
  switch (value.kind()) {
    case Kind::kNull:
      out_ += "null";
      break;
    case Kind::kBool:
      out_ += value.as_bool() ? "true" : "false";
      break;
    case Kind::kInteger:
      write_number(value.as_int64(), out_);
      break;
    case Kind::kUnsigned:
      write_number(value.as_uint64(), out_);
      break;
    case Kind::kNumber:
      write_number(value.as_double(), out_);
      break;
    case Kind::kString:
      write_json_string(value.as_string(), out_);
      break;
    case Kind::kArray:
      array(value.items());
      break;
    case Kind::kObject:
      object(value.members());
      break;
  }
}

void Writer::array(std::span<const Value> items) {
  out_ += '[';
  for (const Value& item : items) {
    if (&item != items.data()) out_ += ',';
    value(item);
  }
  out_ += ']';
}

void Writer::object(std::span<const Member> members) {
  out_ += '{';
  if (order_ == MemberOrder::kByName) {
    sorted_object(members);
  } else {
    for (const Member& m : members) member(m, &m == members.data());
  }
  out_ += '}';
}

void Writer::sorted_object(std::span<const Member> members) {
  const auto order = by_name(members, scratch_);
  for (const std::uint32_t& i : order) member(members[i], &i == order.data());
}

void Writer::member(const Member& member, bool first) {
  if (!first) out_ += ',';
  write_json_string(member.name, out_);
  out_ += ':';
  value(member.value);
}

}  // namespace

void write_json(const Value& value, std::string& out, MemberOrder order) {
  Writer(out, order).value(value);
}

void write_json_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    bool ascii = true;
    const std::string_view run = plain_run(text, ascii);
    if (ascii) {
      out += run;
    } else {
      append_as_utf8(run, out);
    }
    text.remove_prefix(run.size());
    if (text.empty()) break;
    write_escape(text.front(), out);
    text.remove_prefix(1);
  }
  out += '"';
}

std::string to_json(const Value& value) {
  std::string text;
  write_json(value, text);
  return text;
}

}  // namespace rp
