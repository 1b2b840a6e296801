// HTTP: the same for every split, within its limits, and what was read can be
// written and read again. The first byte chooses the side and how the stream
// is cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "rpc/wire/http_grammar.h"
#include "rpc/wire/http_request_parser.h"
#include "rpc/wire/http_response_parser.h"
#include "rpc/wire/http_writer.h"
#include "tests/fuzz/must.h"

namespace rp {
namespace {

constexpr HttpLimits kLimits = {.head = 512, .fields = 8, .body = 1024};

struct Message {
  HttpRequest request;    // of a client
  HttpResponse response;  // of a server
  HttpFields trailers;
  std::string body;
  bool ended = false;

  bool operator==(const Message& other) const {
    return request.method == other.request.method &&
           request.target == other.request.target &&
           request.minor == other.request.minor &&
           request.fields == other.request.fields &&
           response.status == other.response.status &&
           response.fields == other.response.fields &&
           trailers == other.trailers && body == other.body &&
           ended == other.ended;
  }
};

struct Told {
  std::vector<Message> messages;
  int error = 0;

  bool operator==(const Told&) const = default;
};

void check_fields(const HttpFields& fields) {
  must(fields.size() <= kLimits.fields, "fields are counted");
  for (const auto& [name, value] : fields) {
    must(is_token(name), "a name is a token");
    must(is_field_value(value), "a value has no controls");
  }
}

void take_head(HttpRequestParser& parser, Message& message) {
  message.request = parser.request();
  check_fields(message.request.fields);
  must(message.request.path().starts_with('/') || message.request.path() == "*",
       "a path is one");
}

void take_head(HttpResponseParser& parser, Message& message) {
  message.response = parser.response();
  check_fields(message.response.fields);
}

// Takes one event; false when there is nothing more to be had.
template <class Parser>
bool take(Parser& parser, const HttpEvent& event, Told& told) {
  switch (event.kind) {
    case HttpEvent::kNothingYet:
      return false;
    case HttpEvent::kError:
      told.error = event.status;
      must(parser.held() == 0 && !parser.partial(), "an error holds nothing");
      return false;
    case HttpEvent::kHead:
      must(told.messages.empty() || told.messages.back().ended,
           "messages follow each other");
      take_head(parser, told.messages.emplace_back());
      return true;
    case HttpEvent::kBody:
      must(!event.bytes.empty(), "a piece of a body has bytes");
      told.messages.back().body += event.bytes;
      must(told.messages.back().body.size() <= kLimits.body,
           "a body has its limit");
      return true;
    case HttpEvent::kEnd:
      told.messages.back().trailers = parser.trailers();
      told.messages.back().ended = true;
      check_fields(parser.trailers());
      return true;
  }
  return false;
}

// Feeds the stream in pieces of `step` bytes, each in memory of its own that
// goes away; every other piece is kept before all was asked for.
template <class Parser>
Told read(std::string_view stream, std::size_t step) {
  Parser parser(kLimits);
  Told told;
  bool pause = false;
  while (!stream.empty() && told.error == 0) {
    const std::string_view next = stream.substr(0, step);
    const std::vector<char> piece(next.begin(), next.end());
    stream.remove_prefix(next.size());
    parser.feed({piece.data(), piece.size()});
    if (pause) take(parser, parser.next(), told);
    if (pause) parser.keep();
    while (!pause && take(parser, parser.next(), told)) {
    }
    pause = !pause;
  }
  while (told.error == 0 && take(parser, parser.next(), told)) {
  }
  return told;
}

bool is_framing(const std::string& name) {
  return same_token(name, "Content-Length") ||
         same_token(name, "Transfer-Encoding");
}

HttpFields without_framing(HttpFields fields) {
  std::erase_if(fields, [](const auto& f) { return is_framing(f.first); });
  return fields;
}

// A request that has ended is written as chunks, and read as it was.
void check_again(const Message& message) {
  HttpRequest request = message.request;
  if (!message.ended || request.host().empty()) return;
  if (request.minor == 0 || request.fields.size() >= kLimits.fields) return;
  request.fields = without_framing(request.fields);
  std::string out;
  write_request_head(out, request, {});
  if (out.size() > kLimits.head) return;
  write_chunk(out, message.body);
  write_last_chunk(out, message.trailers);
  const Told again = read<HttpRequestParser>(out, out.size());
  must(again.error == 0 && again.messages.size() == 1, "one is read again");
  const Message& read = again.messages[0];
  must(read.request.target == request.target, "its target is the same");
  must(read.body == message.body, "its body is the same");
  must(read.trailers == message.trailers, "its trailers are the same");
  must(without_framing(read.request.fields) == request.fields,
       "its fields are the same");
}

template <class Parser>
void check(std::string_view stream, std::size_t step) {
  const Told whole = read<Parser>(stream, stream.size());
  must(whole == read<Parser>(stream, step), "every split tells the same");
  must(whole == read<Parser>(stream, 1), "byte by byte it tells the same");
  if constexpr (std::is_same_v<Parser, HttpRequestParser>) {
    for (const Message& message : whole.messages) check_again(message);
  }
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1,
                                size - 1);
  const std::size_t step = 1 + data[0] / 2u;
  if (data[0] % 2 == 0) {
    rp::check<rp::HttpRequestParser>(stream, step);
  } else {
    rp::check<rp::HttpResponseParser>(stream, step);
  }
  return 0;
}
