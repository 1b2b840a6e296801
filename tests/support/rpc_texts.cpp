#include "tests/support/rpc_texts.h"

#include <algorithm>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"
#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

std::string member(std::string_view name, std::string_view json) {
  if (json.empty()) return {};
  return ",\"" + std::string(name) + "\":" + std::string(json);
}

std::string message(std::string_view method, std::string_view params) {
  std::string text = R"({"jsonrpc":"2.0","method":)";
  write_json_string(method, text);
  return text + member("params", params);
}

const Value* error_of(std::string_view answer, Arena& arena) {
  return parse_json(answer, arena).value.find("error");
}

std::string plain_answer(const Value& answer, Arena& arena) {
  ObjectBuilder kept(arena);
  for (const Member& each : answer.members()) {
    if (each.name != "error") kept.add(each.name, each.value);
  }
  if (const Value* error = answer.find("error")) {
    ObjectBuilder bare(arena);
    bare.add("code", *error->find("code"));
    bare.add("message", *error->find("message"));
    kept.add("error", bare.build());
  }
  std::string json;
  write_json(kept.build(), json, MemberOrder::kByName);
  return json;
}

}  // namespace

std::string request(std::string_view method, std::string_view params,
                    std::string_view id) {
  return message(method, params) + member("id", id) + "}";
}

std::string notification(std::string_view method, std::string_view params) {
  return message(method, params) + "}";
}

std::string result(std::string_view json, std::string_view id) {
  std::string text = R"({"jsonrpc":"2.0","result":)";
  return text.append(json) + member("id", id) + "}";
}

std::string error(int code, std::string_view id) {
  std::string text = R"({"jsonrpc":"2.0","error":{"code":)";
  text += std::to_string(code) + R"(,"message":")";
  return text.append(default_message(code)) + "\"}" + member("id", id) + "}";
}

std::string batch(const std::vector<std::string>& messages) {
  std::string text = "[";
  for (const std::string& each : messages) {
    if (text.size() > 1) text += ',';
    text += each;
  }
  return text + "]";
}

int error_code(std::string_view answer) {
  Arena arena;
  const Value* error = error_of(answer, arena);
  if (error != nullptr)
    return static_cast<int>(error->find("code")->as_int64());
  return parse_json(answer, arena).value.find("result") != nullptr ? 0 : 1;
}

std::string error_message(std::string_view answer) {
  Arena arena;
  const Value* error = error_of(answer, arena);
  return error ? std::string(error->find("message")->as_string()) : "";
}

std::string error_data(std::string_view answer) {
  Arena arena;
  const Value* error = error_of(answer, arena);
  const Value* data = error != nullptr ? error->find("data") : nullptr;
  return data != nullptr ? to_json(*data) : "";
}

std::string plain(std::string_view answers) {
  Arena arena;
  const Parsed parsed = parse_json(answers, arena);
  if (!parsed.value.is_array()) return plain_answer(parsed.value, arena);
  std::vector<std::string> members;
  for (const Value& each : parsed.value.items()) {
    members.push_back(plain_answer(each, arena));
  }
  std::sort(members.begin(), members.end());
  return batch(members);
}

}  // namespace rp
