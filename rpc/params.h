#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/arena.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// What a parameter may be.
enum class Type : std::uint8_t {
  any,
  boolean,
  integer,  ///< one that fits 64 bits with a sign; 42.0 and 1e3 are, too
  number,
  string,
  array,
  object,
};

/// A parameter that a method declares.
struct Param {
  std::string name;
  Type type = Type::any;
  bool required = true;
};

using Declared = std::vector<Param>;

/// The parameters of one call. A method that declares its parameters can be
/// called by position and by name, and asks for them by name either way:
///
///     service.method("subtract", on_loop, [](const Params& params) -> Value {
///       return params.number("minuend") - params.number("subtrahend");
///     }, {.params = {{"minuend", Type::number},
///                    {"subtrahend", Type::number}}});
///
/// What it returns may view the parameters; it makes other text in arena():
///
///     return text(params.arena(), "hello, " + std::string(name));
///
/// What is missing or of a wrong type throws RpcError -32602 that names the
/// parameter. A view: the call it came with must outlive it.
///
/// Thread rule: whoever holds the call.
class Params {
 public:
  /// `declared` may be null; `arena` is where the handler may build.
  Params(Value value, const Declared* declared, Arena& arena)
      : value_(value), declared_(declared), arena_(&arena) {}

  /// Null, an array or an object, as it was sent.
  Value value() const { return value_; }

  /// How many were sent.
  std::size_t size() const { return value_.size(); }

  /// The parameter by its name, or by its declared position; nullptr: absent.
  const Value* find(std::string_view name) const;

  /// The parameter at a position from 0; throws when there are fewer or when
  /// they were sent by name.
  Value at(std::size_t position) const;

  Value get(std::string_view name) const;
  bool boolean(std::string_view name) const;
  std::int64_t integer(std::string_view name) const;
  double number(std::string_view name) const;
  std::string_view string(std::string_view name) const;

  /// The same, or `otherwise` when it is absent.
  bool boolean_or(std::string_view name, bool otherwise) const;
  std::int64_t integer_or(std::string_view name, std::int64_t otherwise) const;
  double number_or(std::string_view name, double otherwise) const;

  /// Memory for what the handler returns; it lives as long as the call.
  Arena& arena() const { return *arena_; }

  /// Throws RpcError -32602 unless `value` fits what is declared: all that
  /// is required, nothing unknown, the types right.
  static void check(const Value& value, const Declared& declared);

 private:
  const Value& want(std::string_view name, Type type) const;

  Value value_;
  const Declared* declared_;
  Arena* arena_;
};

}  // namespace rp
