#include "rpc/wire/json_value.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "rpc/wire/json_members.h"

namespace rp {

namespace {

[[noreturn]] void throw_unexpected(std::string_view expected, Kind found) {
  throw std::domain_error("expected " + std::string(expected) + ", found " +
                          std::string(kind_name(found)));
}

// Room for one more at the end of `used` elements; twice the room when full.
template <class T>
void make_room(std::span<T>& room, std::size_t used, Arena& arena) {
  if (used < room.size()) return;
  const std::span<T> larger =
      arena.array<T>(std::max<std::size_t>(4, 2 * used));
  std::copy(room.begin(), room.end(), larger.begin());
  room = larger;
}

// Both limits are powers of two, so the comparison is exact, and so is the
// conversion of a whole number between them.
bool same_number(double number, const Value& integer) {
  constexpr double k2To63 = 9223372036854775808.0;
  if (number != std::trunc(number)) return false;
  if (integer.kind() == Kind::kUnsigned) {
    return number >= k2To63 && number < 2 * k2To63 &&
           static_cast<std::uint64_t>(number) == integer.as_uint64();
  }
  return number >= -k2To63 && number < k2To63 &&
         static_cast<std::int64_t>(number) == integer.as_int64();
}

bool equal_numbers(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) {
    if (a.kind() != b.kind()) return false;
    return a.kind() == Kind::kUnsigned ? a.as_uint64() == b.as_uint64()
                                       : a.as_int64() == b.as_int64();
  }
  if (a.is_integer()) return same_number(b.as_double(), a);
  if (b.is_integer()) return same_number(a.as_double(), b);
  return a.as_double() == b.as_double();
}

bool equal_members(std::span<const Member> a, std::span<const Member> b) {
  if (a.size() != b.size()) return false;
  Arena scratch;
  const auto in_a = by_name(a, scratch);
  const auto in_b = by_name(b, scratch);
  return std::equal(in_a.begin(), in_a.end(), in_b.begin(),
                    [&](std::uint32_t i, std::uint32_t j) {
                      return a[i].name == b[j].name && a[i].value == b[j].value;
                    });
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a boolean";
    case Kind::kInteger:
    case Kind::kUnsigned:
      return "an integer";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kArray:
      return "an array";
    case Kind::kObject:
      break;
  }
  return "an object";
}

Value::Value(Kind kind, std::size_t size)
    : kind_(kind), size_(static_cast<std::uint32_t>(size)) {
  if (size > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("a JSON value of more than 2^32-1 elements");
  }
}

Value::Value(double value) : kind_(Kind::kNumber), double_(value) {
  if (!std::isfinite(value)) {
    throw std::domain_error("JSON has no NaN and no infinity");
  }
}

Value::Value(std::string_view text) : Value(Kind::kString, text.size()) {
  text_ = text.data();
}

Value Value::array(std::span<const Value> items) {
  Value value(Kind::kArray, items.size());
  value.items_ = items.data();
  return value;
}

Value Value::object(std::span<const Member> members) {
  Value value(Kind::kObject, members.size());
  value.members_ = members.data();
  return value;
}

bool Value::is_integer() const {
  return kind_ == Kind::kInteger || kind_ == Kind::kUnsigned;
}

void Value::expect(Kind kind) const {
  if (kind_ != kind) throw_unexpected(kind_name(kind), kind_);
}

bool Value::as_bool() const {
  expect(Kind::kBool);
  return bool_;
}

std::int64_t Value::as_int64() const {
  if (kind_ == Kind::kUnsigned) {
    throw std::domain_error("expected an integer of at most 2^63-1");
  }
  expect(Kind::kInteger);
  return int_;
}

std::uint64_t Value::as_uint64() const {
  if (kind_ == Kind::kInteger && int_ < 0) {
    throw std::domain_error("expected an integer that is not negative");
  }
  if (kind_ != Kind::kUnsigned) expect(Kind::kInteger);
  return static_cast<std::uint64_t>(int_);
}

double Value::as_double() const {
  if (kind_ == Kind::kInteger) return static_cast<double>(int_);
  if (kind_ == Kind::kUnsigned) {
    return static_cast<double>(static_cast<std::uint64_t>(int_));
  }
  expect(Kind::kNumber);
  return double_;
}

std::string_view Value::as_string() const {
  expect(Kind::kString);
  return {text_, size_};
}

std::span<const Value> Value::items() const {
  expect(Kind::kArray);
  return {items_, size_};
}

std::span<const Member> Value::members() const {
  expect(Kind::kObject);
  return {members_, size_};
}

const Value* Value::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  for (const Member& member : members()) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

std::size_t Value::size() const {
  return is_array() || is_object() ? size_ : 0;
}

bool operator==(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return equal_numbers(a, b);
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kBool:
      return a.as_bool() == b.as_bool();
    case Kind::kString:
      return a.as_string() == b.as_string();
    case Kind::kArray:
      return std::ranges::equal(a.items(), b.items());
    case Kind::kObject:
      return equal_members(a.members(), b.members());
    default:
      return true;
  }
}

Value text(Arena& arena, std::string_view bytes) { return arena.copy(bytes); }

Value copy(const Value& value, Arena& arena) {
  if (value.is_string()) return text(arena, value.as_string());
  if (value.is_array()) {
    const auto items = arena.array<Value>(value.size());
    std::ranges::transform(
        value.items(), items.begin(),
        [&](const Value& item) { return copy(item, arena); });
    return Value::array(items);
  }
  if (value.is_object()) {
    const auto members = arena.array<Member>(value.size());
    std::ranges::transform(
        value.members(), members.begin(), [&](const Member& member) {
          return Member{arena.copy(member.name), copy(member.value, arena)};
        });
    return Value::object(members);
  }
  return value;
}

ArrayBuilder& ArrayBuilder::push(Value value) {
  make_room(items_, size_, arena_);
  items_[size_++] = value;
  return *this;
}

ObjectBuilder& ObjectBuilder::add(std::string_view name, Value value) {
  make_room(members_, size_, arena_);
  members_[size_++] = {arena_.copy(name), value};
  return *this;
}

Value ObjectBuilder::build() {
  return Value::object(last_wins(members_.first(size_), arena_));
}

}  // namespace rp
