#include "rpc/params.h"

#include <cmath>
#include <optional>

#include "rpc/wire/json_rpc.h"

namespace rp {

namespace {

std::string_view name_of(Type type) {
  switch (type) {
    case Type::any:
      return "a value";
    case Type::boolean:
      return "a boolean";
    case Type::integer:
      return "an integer from -2^63 to 2^63-1";
    case Type::number:
      return "a number";
    case Type::string:
      return "a string";
    case Type::array:
      return "an array";
    case Type::object:
      return "an object";
  }
  return "?";
}

// An integer is one by its value, as in JSON Schema, however it is written.
std::optional<std::int64_t> integer_of(const Value& value) {
  if (value.kind() == Kind::kInteger) return value.as_int64();
  if (value.kind() != Kind::kNumber) return std::nullopt;
  const double number = value.as_double();
  const bool in_range = number >= -0x1p63 && number < 0x1p63;
  if (!in_range || number != std::trunc(number)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

bool fits(const Value& value, Type type) {
  switch (type) {
    case Type::any:
      return true;
    case Type::boolean:
      return value.is_bool();
    case Type::integer:
      return integer_of(value).has_value();
    case Type::number:
      return value.is_number();
    case Type::string:
      return value.is_string();
    case Type::array:
      return value.is_array();
    case Type::object:
      return value.is_object();
  }
  return false;
}

[[noreturn]] void refuse(const std::string& what) {
  const std::string general(default_message(kInvalidParams));
  throw RpcError(kInvalidParams, general + ": " + what);
}

std::string in_quotes(std::string_view name) {
  return '"' + std::string(name) + '"';
}

void check_type(const Value& value, std::string_view name, Type type) {
  if (fits(value, type)) return;
  refuse(in_quotes(name) + " must be " + std::string(name_of(type)) + ", not " +
         std::string(kind_name(value.kind())));
}

std::optional<std::size_t> position_of(std::string_view name,
                                       const Declared& declared) {
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (declared[i].name == name) return i;
  }
  return std::nullopt;
}

const Value* find_in(const Value& value, std::string_view name,
                     const Declared* declared) {
  if (value.is_object()) return value.find(name);
  if (!value.is_array() || declared == nullptr) return nullptr;
  const auto position = position_of(name, *declared);
  const bool sent = position && *position < value.size();
  return sent ? &value.items()[*position] : nullptr;
}

void check_nothing_unknown(const Value& value, const Declared& declared) {
  if (value.is_array() && value.size() > declared.size()) {
    refuse(std::to_string(value.size()) + " were sent, at most " +
           std::to_string(declared.size()) + " are known");
  }
  if (!value.is_object()) return;
  for (const Member& member : value.members()) {
    if (!position_of(member.name, declared)) {
      refuse(in_quotes(member.name) + " is unknown");
    }
  }
}

}  // namespace

void Params::check(const Value& value, const Declared& declared) {
  check_nothing_unknown(value, declared);
  for (const Param& param : declared) {
    const Value* sent = find_in(value, param.name, &declared);
    if (sent != nullptr) {
      check_type(*sent, param.name, param.type);
    } else if (param.required) {
      refuse(in_quotes(param.name) + " is missing");
    }
  }
}

const Value* Params::find(std::string_view name) const {
  return find_in(value_, name, declared_);
}

Value Params::at(std::size_t position) const {
  if (value_.is_array() && position < value_.size()) {
    return value_.items()[position];
  }
  refuse("number " + std::to_string(position + 1) + " is missing");
}

const Value& Params::want(std::string_view name, Type type) const {
  const Value* value = find(name);
  if (value == nullptr) refuse(in_quotes(name) + " is missing");
  check_type(*value, name, type);
  return *value;
}

Value Params::get(std::string_view name) const { return want(name, Type::any); }

bool Params::boolean(std::string_view name) const {
  return want(name, Type::boolean).as_bool();
}

std::int64_t Params::integer(std::string_view name) const {
  return integer_of(want(name, Type::integer)).value();
}

double Params::number(std::string_view name) const {
  return want(name, Type::number).as_double();
}

std::string_view Params::string(std::string_view name) const {
  return want(name, Type::string).as_string();
}

bool Params::boolean_or(std::string_view name, bool otherwise) const {
  return find(name) != nullptr ? boolean(name) : otherwise;
}

std::int64_t Params::integer_or(std::string_view name,
                                std::int64_t otherwise) const {
  return find(name) != nullptr ? integer(name) : otherwise;
}

double Params::number_or(std::string_view name, double otherwise) const {
  return find(name) != nullptr ? number(name) : otherwise;
}

}  // namespace rp
