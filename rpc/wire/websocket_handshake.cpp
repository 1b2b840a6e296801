#include "rpc/wire/websocket_handshake.h"

#include <cstddef>

#include "rpc/wire/digest.h"

namespace rp {

namespace {

constexpr std::size_t kKeyBytes = 16;

bool has_good_key(const HttpRequest& request) {
  if (count_fields(request.fields, "Sec-WebSocket-Key") != 1) return false;
  const auto key = from_base64(*request.field("Sec-WebSocket-Key"));
  return key && key->size() == kKeyBytes;
}

// To this and nothing else (RFC 6455, 4.1).
bool has_upgraded(const HttpResponse& response) {
  return upgrades_to(response.fields, "websocket") &&
         count_fields(response.fields, "Upgrade") == 1 &&
         same_token(*response.field("Upgrade"), "websocket");
}

HttpResponse refuse(int status, std::string why) {
  why.push_back('\n');
  return {.status = status,
          .fields = {{"Content-Type", "text/plain"}},
          .body = std::move(why)};
}

HttpResponse refuse_version(std::string why) {
  HttpResponse response = refuse(426, std::move(why));
  response.fields.emplace_back("Upgrade", "websocket");
  response.fields.emplace_back("Connection", "Upgrade");
  response.fields.emplace_back("Sec-WebSocket-Version", "13");
  return response;
}

}  // namespace

std::string websocket_accept(std::string_view key) {
  Sha1 sha;
  sha.update(key);
  sha.update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  return to_base64(sha.finish());
}

HttpResponse answer_handshake(const HttpRequest& request) {
  if (!upgrades_to(request.fields, "websocket")) {
    return refuse_version("This is a WebSocket.");
  }
  if (request.method != "GET" || request.minor < 1) {
    return refuse(400, "A WebSocket begins with GET, HTTP/1.1.");
  }
  const bool says_version =
      count_fields(request.fields, "Sec-WebSocket-Version") == 1;
  if (!says_version || *request.field("Sec-WebSocket-Version") != "13") {
    return refuse_version("Only version 13 is spoken here.");
  }
  if (!has_good_key(request)) {
    return refuse(400, "One Sec-WebSocket-Key of 16 bytes is needed.");
  }
  const auto accept = websocket_accept(*request.field("Sec-WebSocket-Key"));
  return {.status = 101,
          .fields = {{"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Accept", accept}},
          .body = {}};
}

HttpRequest handshake_request(std::string_view host, std::string_view target,
                              std::string_view key) {
  return {.method = "GET",
          .target = std::string(target),
          .fields = {{"Host", std::string(host)},
                     {"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Key", std::string(key)},
                     {"Sec-WebSocket-Version", "13"}}};
}

std::string handshake_fault(const HttpResponse& response,
                            std::string_view key) {
  if (response.status != 101) {
    return "the server answered " + std::to_string(response.status) + " " +
           std::string(http_reason(response.status));
  }
  const std::string* accept = response.field("Sec-WebSocket-Accept");
  if (!has_upgraded(response)) return "the server did not upgrade";
  if (count_fields(response.fields, "Sec-WebSocket-Accept") != 1 ||
      *accept != websocket_accept(key)) {
    return "the server's Sec-WebSocket-Accept is wrong";
  }
  if (response.field("Sec-WebSocket-Extensions") != nullptr ||
      response.field("Sec-WebSocket-Protocol") != nullptr) {
    return "the server takes up what was not offered";
  }
  return {};
}

}  // namespace rp
