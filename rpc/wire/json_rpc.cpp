#include "rpc/wire/json_rpc.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "rpc/wire/json_writer.h"

namespace rp {

namespace {

constexpr std::string_view kBegin = R"({"jsonrpc":"2.0",)";

bool is_id(const Value& value) {
  return value.is_string() || value.is_number() || value.is_null();
}

bool is_version_2(const Value* version) {
  return version != nullptr && *version == Value("2.0");
}

bool is_error(const Value& error) {
  const Value* const code = error.find("code");
  const Value* const message = error.find("message");
  return code != nullptr && code->is_integer() && message != nullptr &&
         message->is_string();
}

// Nothing where the request is good.
std::string_view fault_of_request(const Value& request, const Value* id) {
  const Value* const params = request.find("params");
  if (!is_version_2(request.find("jsonrpc"))) return "jsonrpc must be \"2.0\"";
  if (!request.find("method")->is_string()) return "method must be a string";
  if (params != nullptr && !params->is_array() && !params->is_object()) {
    return "params must be an array or an object";
  }
  if (id != nullptr && !is_id(*id)) {
    return "id must be a string, a number or null";
  }
  return {};
}

Message read_request(const Value& request) {
  const Value* const id = request.find("id");
  const Value echoed = id != nullptr && is_id(*id) ? *id : Value();
  const std::string_view fault = fault_of_request(request, id);
  if (!fault.empty()) return Invalid{echoed, std::string(fault)};
  const Value* const params = request.find("params");
  return Request{request.find("method")->as_string(),
                 params != nullptr ? *params : Value(), echoed, id == nullptr};
}

Message read_response(const Value& response, const Value* result,
                      const Value* error) {
  const Value* const id = response.find("id");
  if (!is_version_2(response.find("jsonrpc"))) {
    return Invalid{{}, "jsonrpc must be \"2.0\""};
  }
  if (id == nullptr || !is_id(*id)) {
    return Invalid{{},
                   "the id of a response must be a string, a number or null"};
  }
  if (result != nullptr && error != nullptr) {
    return Invalid{{}, "a response has a result or an error, not both"};
  }
  if (result != nullptr) return Response{*id, true, *result, {}};
  if (!is_error(*error)) {
    return Invalid{{}, "an error has an integer code and a string message"};
  }
  return Response{*id, false, {}, *error};
}

// The members "method" and "params" of a call.
void write_call(std::string& out, std::string_view method,
                const Value& params) {
  out += kBegin;
  out += "\"method\":";
  write_json_string(method, out);
  if (params.is_null()) return;
  out += ",\"params\":";
  write_json(params, out);
}

void write_id(std::string& out, const Value& id) {
  out += ",\"id\":";
  write_json(id, out);
  out += '}';
}

}  // namespace

std::string_view default_message(int code) {
  switch (code) {
    case kParseError:
      return "Parse error";
    case kInvalidRequest:
      return "Invalid Request";
    case kMethodNotFound:
      return "Method not found";
    case kInvalidParams:
      return "Invalid params";
    case kInternalError:
      return "Internal error";
    case kHandlerFailed:
      return "Handler failed";
    case kDeadlinePassed:
      return "Deadline passed";
    case kOverloaded:
      return "Overloaded";
    case kWorkerLost:
      return "Worker lost";
    case kShuttingDown:
      return "Shutting down";
    default:
      return "Server error";
  }
}

RpcError::RpcError(int error_code)
    : RpcError(error_code, std::string(default_message(error_code))) {}

RpcError::RpcError(int error_code, std::string error_message,
                   std::string data_json)
    : code(error_code),
      message(std::move(error_message)),
      data(std::move(data_json)) {}

Message read_message(const Value& value) {
  if (!value.is_object()) return Invalid{{}, "a message must be an object"};
  if (value.find("method") != nullptr) return read_request(value);
  const Value* const result = value.find("result");
  const Value* const error = value.find("error");
  if (result != nullptr || error != nullptr) {
    return read_response(value, result, error);
  }
  const Value* const id = value.find("id");
  return Invalid{id != nullptr && is_id(*id) ? *id : Value(),
                 "a request must have a method"};
}

RpcError to_error(const Value& error_object) {
  using Int = std::numeric_limits<int>;
  const Value* const code = error_object.find("code");
  const Value* const data = error_object.find("data");
  const std::int64_t wide = code->kind() == Kind::kUnsigned
                                ? std::int64_t{Int::max()}
                                : code->as_int64();
  return RpcError(
      static_cast<int>(std::clamp<std::int64_t>(wide, Int::min(), Int::max())),
      std::string(error_object.find("message")->as_string()),
      data != nullptr ? to_json(*data) : std::string());
}

void write_result(std::string& out, const Value& id, const Value& result) {
  out += kBegin;
  out += "\"result\":";
  write_json(result, out);
  write_id(out, id);
}

void write_result_text(std::string& out, const Value& id,
                       std::string_view json) {
  out += kBegin;
  out += "\"result\":";
  out += json;
  write_id(out, id);
}

void write_error(std::string& out, const Value& id, const RpcError& error) {
  out += kBegin;
  out += "\"error\":{\"code\":";
  write_json(error.code, out);
  out += ",\"message\":";
  write_json_string(error.message, out);
  if (!error.data.empty()) out.append(",\"data\":").append(error.data);
  out += '}';
  write_id(out, id);
}

void write_request(std::string& out, std::string_view method,
                   const Value& params, std::uint64_t id) {
  write_call(out, method, params);
  write_id(out, id);
}

void write_notification(std::string& out, std::string_view method,
                        const Value& params) {
  write_call(out, method, params);
  out += '}';
}

}  // namespace rp
