#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <variant>

#include "rpc/wire/json_value.h"

namespace rp {

/// JSON-RPC 2.0 messages: what a parsed text is, and how messages are written.
/// Sections are those of https://www.jsonrpc.org/specification.
///
///     Message message = read_message(parsed.value);
///     if (auto* request = std::get_if<Request>(&message)) {
///       write_result(out, request->id, sum(request->params));
///     }
///
/// Pure functions: any thread. A batch is an array of messages; who reads it
/// gives its items to read_message() one by one.

/// Error codes (section 5.1). The last five are ours, from the range that the
/// specification leaves to servers.
inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kInternalError = -32603;
inline constexpr int kHandlerFailed = -32000;
inline constexpr int kDeadlinePassed = -32001;
inline constexpr int kOverloaded = -32002;
inline constexpr int kWorkerLost = -32003;
inline constexpr int kShuttingDown = -32004;

/// The code in words, such as "Method not found"; "Server error" for a code
/// that is nobody's.
std::string_view default_message(int code);

/// An error as the caller sees it. It owns its text, so it may cross threads;
/// a handler throws it to choose what the caller is told.
class RpcError : public std::exception {
 public:
  explicit RpcError(int error_code);
  RpcError(int error_code, std::string error_message,
           std::string data_json = {});

  /// The message.
  const char* what() const noexcept override { return message.c_str(); }

  int code;
  std::string message;
  std::string data;  ///< JSON text; empty when there is none
};

/// A call, or a notification, which has no id and is never answered (4.1).
/// It views the value that it was read from.
struct Request {
  std::string_view method;
  Value params;  ///< an array, an object, or null when absent
  Value id;      ///< a string, a number or null
  bool is_notification = false;
};

/// The answer to a request (section 5): a result, or an error object.
struct Response {
  Value id;
  bool ok = false;
  Value result;  ///< when ok
  Value error;   ///< when not: the whole object; see to_error()
};

/// What is neither: it is answered with kInvalidRequest. A request with a
/// valid id is answered under that id, all else under null; the id of a broken
/// response is one of ours and must not come back as one of theirs.
struct Invalid {
  Value id;
  std::string reason;
};

using Message = std::variant<Request, Response, Invalid>;

/// Says what `value` is, to the letter of the specification. An object with a
/// "method" is a request; one without, but with a "result" or an "error", is a
/// response. Members that the specification does not know are ignored.
Message read_message(const Value& value);

/// The error of a Response. A code that no int can hold becomes the nearest
/// that an int can.
RpcError to_error(const Value& error_object);

/// Each of these appends one message to `out`, without a newline.
void write_result(std::string& out, const Value& id, const Value& result);
/// `json` is a JSON text already.
void write_result_text(std::string& out, const Value& id,
                       std::string_view json);
void write_error(std::string& out, const Value& id, const RpcError& error);
/// Null `params` are left out.
void write_request(std::string& out, std::string_view method,
                   const Value& params, std::uint64_t id);
void write_notification(std::string& out, std::string_view method,
                        const Value& params);

}  // namespace rp
