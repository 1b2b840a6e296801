#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "rpc/wire/arena.h"

namespace rp {

struct Member;

/// What a Value is. Integers have kinds of their own, so that all from -2^63
/// to 2^64-1 are exact: kUnsigned is only what is above 2^63-1, every smaller
/// integer is kInteger, any other number is kNumber.
enum class Kind : std::uint8_t {
  kNull,
  kBool,
  kInteger,
  kUnsigned,
  kNumber,
  kString,
  kArray,
  kObject,
};

/// A JSON value (RFC 8259): 16 bytes, copied like an int, never changed.
///
///     Arena arena;
///     Value point = ObjectBuilder(arena).add("x", 3).add("y", -1.5).build();
///     std::int64_t x = point.find("x")->as_int64();
///
/// A value owns nothing. Strings, items and members live in an arena (or in
/// static text) that must outlive it; copy() takes a value to another arena.
/// So it may be read from any thread that owns its arena.
/// Equality, copy() and the writer descend a level of nesting a stack frame.
class Value {
 public:
  Value() = default;
  Value(std::nullptr_t) {}

  template <std::same_as<bool> Bool>
  Value(Bool value) : kind_(Kind::kBool), bool_(value) {}

  /// An integer of any width; characters are not integers.
  template <std::integral Int>
  requires(!std::same_as<Int, bool> && !std::same_as<Int, char> &&
           !std::same_as<Int, wchar_t> && sizeof(Int) <= 8) Value(Int value)
      : kind_(Kind::kInteger), int_(std::int64_t(value)) {
    if (std::is_unsigned_v<Int> && int_ < 0) kind_ = Kind::kUnsigned;
  }

  /// Throws std::domain_error for NaN and the infinities: JSON has none.
  Value(double value);

  /// The text is not copied; it must outlive the value. That of a local
  /// std::string does not outlive a return, nor does its c_str(): see text().
  Value(std::string_view text);
  Value(const char* text) : Value(std::string_view(text)) {}
  /// This text would be gone: instead, text(arena, string) copies it.
  Value(std::string&&) = delete;

  /// A view of items that stand in an arena.
  static Value array(std::span<const Value> items);

  /// A view of members that stand in an arena. Their names must differ, which
  /// ObjectBuilder sees to.
  static Value object(std::span<const Member> members);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_bool() const { return kind_ == Kind::kBool; }
  /// True for both kinds of integer.
  bool is_integer() const;
  /// True for every number, integers too.
  bool is_number() const { return is_integer() || kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_object() const { return kind_ == Kind::kObject; }

  /// What the value holds. Each throws std::domain_error that names the kind
  /// expected and the kind found, or says that the integer does not fit.
  bool as_bool() const;
  std::int64_t as_int64() const;
  std::uint64_t as_uint64() const;
  /// Any number; a large integer gives the nearest double.
  double as_double() const;
  std::string_view as_string() const;

  /// The items of an array, the members of an object in their order; throw
  /// std::domain_error as above.
  std::span<const Value> items() const;
  std::span<const Member> members() const;

  /// The member's value, or null when there is none or this is no object.
  /// It looks at one member after another.
  const Value* find(std::string_view name) const;

  /// How many items or members; 0 for all that has none.
  std::size_t size() const;

  /// Numbers are equal when they are the same number, whatever their kind
  /// (1 and 1.0, 0 and -0.0); strings byte for byte; arrays item by item;
  /// objects whatever the order of their members.
  friend bool operator==(const Value& a, const Value& b);

 private:
  Value(Kind kind, std::size_t size);
  void expect(Kind kind) const;

  Kind kind_ = Kind::kNull;
  std::uint32_t size_ = 0;  ///< bytes, items or members
  union {
    std::int64_t int_ = 0;  ///< kInteger; kUnsigned as its two's complement
    bool bool_;
    double double_;
    const char* text_;
    const Value* items_;
    const Member* members_;
  };
};

static_assert(sizeof(Value) == 16);
static_assert(std::is_trivially_copyable_v<Value>);

/// A name and its value.
struct Member {
  std::string_view name;
  Value value;
};

/// "null", "a boolean", "an array", … for messages to people.
std::string_view kind_name(Kind kind);

/// A string whose text is copied to the arena.
Value text(Arena& arena, std::string_view bytes);

/// A deep copy that needs nothing but `arena`, so that it can leave the loop
/// with an arena of its own.
Value copy(const Value& value, Arena& arena);

/// Collects the items of an array in an arena.
///
///     ArrayBuilder primes(arena);
///     for (int n : {2, 3, 5}) primes.push(n);
///     Value value = primes.build();
///
/// The values pushed are not copied: what they point to must live as long as
/// the arena. The arena must outlive the builder.
class ArrayBuilder {
 public:
  explicit ArrayBuilder(Arena& arena) : arena_(arena) {}
  ArrayBuilder& push(Value value);
  /// The array so far. The builder may go on; what was built does not change.
  Value build() const { return Value::array(items_.first(size_)); }

 private:
  Arena& arena_;
  std::span<Value> items_;  ///< room for more than size_
  std::size_t size_ = 0;
};

/// Collects the members of an object in an arena. Names are copied, values
/// are not (as above). Of members with one name the last one wins, at the
/// place of the first, as in the parser.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(Arena& arena) : arena_(arena) {}
  ObjectBuilder& add(std::string_view name, Value value);
  /// The object so far. Call it once: it puts the members in order.
  Value build();

 private:
  Arena& arena_;
  std::span<Member> members_;
  std::size_t size_ = 0;
};

}  // namespace rp
