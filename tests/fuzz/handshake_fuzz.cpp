// The handshake of a WebSocket: a server agrees only to what the RFC asks of a
// client, and a client to what a server may answer; what it is made of,
// SHA-1 and base64, says the same for every split and both ways.

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "rpc/wire/digest.h"
#include "rpc/wire/http_request_parser.h"
#include "rpc/wire/http_response_parser.h"
#include "rpc/wire/http_writer.h"
#include "rpc/wire/websocket_handshake.h"
#include "tests/fuzz/must.h"

namespace rp {
namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";

// The one value of the field, or nothing when there are others.
std::string only(const HttpFields& fields, std::string_view name) {
  if (count_fields(fields, name) != 1) return {};
  return *find_field(fields, name);
}

HttpResponse read_answer(const std::string& stream) {
  HttpResponseParser parser;
  parser.feed(stream);
  must(parser.next().kind == HttpEvent::kHead, "an answer can be read");
  return parser.response();
}

void check_agreement(const HttpRequest& request, const HttpResponse& answer) {
  const std::string key = only(request.fields, "Sec-WebSocket-Key");
  must(request.method == "GET" && request.minor == 1, "it is GET of HTTP/1.1");
  must(only(request.fields, "Sec-WebSocket-Version") == "13", "it has one 13");
  must(has_token(request.fields, "Upgrade", "websocket") &&
           has_token(request.fields, "Connection", "upgrade"),
       "it asks for the protocol");
  must(key.size() == 24 && key.ends_with("==") && key[21] != '=',
       "its key is of 16 bytes");
  must(handshake_fault(answer, key).empty(), "its client agrees");
  must(!handshake_fault(answer, kKey).empty() || key == kKey,
       "a client that has another key does not");
}

void check_answer(const HttpRequest& request) {
  std::string out;
  write_response(out, answer_handshake(request));
  const HttpResponse answer = read_answer(out);
  if (answer.status == 101) return check_agreement(request, answer);
  must(answer.status == 400 || answer.status == 426, "a refusal is one");
  must(!handshake_fault(answer, kKey).empty(), "no client takes it for yes");
  if (answer.status == 400) return;
  must(only(answer.fields, "Sec-WebSocket-Version") == "13",
       "who speaks no 13 is told of it");
  must(upgrades_to(answer.fields, "websocket"), "and of the protocol");
}

void check_judgement(const HttpResponse& answer) {
  if (!handshake_fault(answer, kKey).empty()) return;
  must(answer.status == 101, "it is 101");
  must(same_token(only(answer.fields, "Upgrade"), "websocket"),
       "it speaks the one protocol");
  must(has_token(answer.fields, "Connection", "upgrade"), "and means it");
  must(only(answer.fields, "Sec-WebSocket-Accept") ==
           "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
       "it has seen our key");
}

template <class Parser>
bool has_head(Parser& parser, std::string_view stream) {
  parser.feed(stream);
  return parser.next().kind == HttpEvent::kHead;
}

// Whatever a client is told to ask for, its server says yes or it is not sent.
void check_asking(std::string_view bytes, std::size_t cut) {
  const std::string_view host = bytes.substr(0, cut);
  const std::string_view target = bytes.substr(host.size());
  std::string out;
  try {
    write_request(out, handshake_request(host, target, kKey));
  } catch (const std::invalid_argument&) {
    return;
  }
  HttpRequestParser parser;
  if (out.size() > HttpLimits().head) return;
  must(has_head(parser, out), "what is asked can be read");
  must(parser.request().target == target, "the target is the same");
  must(answer_handshake(parser.request()).status == 101, "it is agreed to");
}

void check_digest(std::string_view bytes, std::size_t cut) {
  Sha1 whole, begun;
  whole.update(bytes);
  const std::string digest = whole.finish();
  begun.update(bytes.substr(0, cut));
  auto resumed = Sha1::resume(begun.state());
  must(resumed.has_value(), "a state is one");
  for (Sha1* sha : {&begun, &*resumed}) {
    for (const char c : bytes.substr(std::min(cut, bytes.size()))) {
      sha->update({&c, 1});
    }
    must(sha->finish() == digest, "every split has the same digest");
  }
  must(digest.size() == 20 && from_hex(to_hex(digest)) == digest,
       "a digest of 20 bytes is written and read");
}

void check_base64(std::string_view bytes) {
  must(from_base64(to_base64(bytes)) == bytes, "what is written is read");
  const auto read = from_base64(bytes);
  must(!read || to_base64(*read) == bytes, "what is read is written so");
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 1) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1,
                                size - 1);
  rp::HttpRequestParser requests;
  if (rp::has_head(requests, stream)) rp::check_answer(requests.request());
  rp::HttpResponseParser responses;
  if (rp::has_head(responses, stream)) {
    rp::check_judgement(responses.response());
  }
  rp::check_asking(stream, data[0] % 32);
  rp::check_digest(stream, data[0] * 4u);
  rp::check_base64(stream);
  return 0;
}
