#include "rpc/discover.h"

#include <string_view>

namespace rp {

namespace {

constexpr std::string_view kVersion = "1.2.6";

Value schema_of(Type type, Arena& arena) {
  ObjectBuilder schema(arena);
  switch (type) {
    case Type::any:
      break;
    case Type::boolean:
      schema.add("type", "boolean");
      break;
    case Type::integer:
      schema.add("type", "integer");
      break;
    case Type::number:
      schema.add("type", "number");
      break;
    case Type::string:
      schema.add("type", "string");
      break;
    case Type::array:
      schema.add("type", "array");
      break;
    case Type::object:
      schema.add("type", "object");
      break;
  }
  return schema.build();
}

void push_params(ArrayBuilder& params, const Declared& declared, bool required,
                 Arena& arena) {
  for (const Param& param : declared) {
    if (param.required != required) continue;
    params.push(ObjectBuilder(arena)
                    .add("name", std::string_view(param.name))
                    .add("required", param.required)
                    .add("schema", schema_of(param.type, arena))
                    .build());
  }
}

// Where an optional one stands before a required one, positions would not be
// those of the document, in which the required ones stand first.
bool has_optional_first(const Declared& declared) {
  bool optional = false;
  for (const Param& param : declared) {
    if (param.required && optional) return true;
    optional = optional || !param.required;
  }
  return false;
}

Value method_object(const Dispatcher::Method& method, Arena& arena) {
  const Declared& declared = *method.params;
  ArrayBuilder params(arena);
  push_params(params, declared, true, arena);
  push_params(params, declared, false, arena);
  ObjectBuilder object(arena);
  object.add("name", std::string_view(method.name));
  if (!method.summary.empty()) {
    object.add("summary", std::string_view(method.summary));
  }
  object.add("params", params.build())
      .add("paramStructure",
           has_optional_first(declared) ? "by-name" : "either")
      .add("result", ObjectBuilder(arena)
                         .add("name", "result")
                         .add("schema", schema_of(Type::any, arena))
                         .build())
      .add("x-where", std::string_view(method.where));
  if (declared.empty()) object.add("x-any-params", true);
  return object.build();
}

}  // namespace

Value openrpc_document(const Dispatcher& service, const ServiceInfo& info,
                       Arena& arena) {
  ArrayBuilder methods(arena);
  for (const auto& method : service.methods()) {
    if (method->name.find('*') != std::string::npos) continue;
    methods.push(method_object(*method, arena));
  }
  return ObjectBuilder(arena)
      .add("openrpc", kVersion)
      .add("info", ObjectBuilder(arena)
                       .add("title", text(arena, info.title))
                       .add("version", text(arena, info.version))
                       .build())
      .add("methods", methods.build())
      .build();
}

}  // namespace rp
