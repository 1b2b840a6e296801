// HTTP: the same for every split, within its limits, and what was read can be
// written and read again. The first byte says whose stream it is, and how it
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

struct Input {
  std::string_view stream;
  std::size_t step = 1;
  bool to_head = false;  // a server's first answer is one to HEAD
  bool ends = false;     // a server closes
};

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
      must(told.messages.empty() || told.messages.back().response.status != 101,
           "what follows 101 is another protocol's");
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

void prepare(HttpRequestParser&, const Input&) {}

void prepare(HttpResponseParser& parser, const Input& input) {
  if (input.to_head) parser.expect("HEAD");
}

void finish(HttpRequestParser&, const Input&) {}

void finish(HttpResponseParser& parser, const Input& input) {
  if (input.ends) parser.feed_end();
}

// Feeds the stream in pieces of `step` bytes, each in memory of its own that
// goes away; two of three are kept before all was asked for.
template <class Parser>
Told read(const Input& input, std::size_t step) {
  Parser parser(kLimits);
  prepare(parser, input);
  Told told;
  std::string_view rest = input.stream;
  for (int i = 1; !rest.empty() && told.error == 0; ++i) {
    const std::string_view next = rest.substr(0, step);
    const std::vector<char> piece(next.begin(), next.end());
    rest.remove_prefix(next.size());
    parser.feed({piece.data(), piece.size()});
    if (take(parser, parser.next(), told) && i % 3 == 0) {
      while (take(parser, parser.next(), told)) {
      }
    }
    if (told.error == 0) parser.keep();
  }
  finish(parser, input);
  while (told.error == 0 && take(parser, parser.next(), told)) {
  }
  return told;
}

HttpFields without_framing(HttpFields fields) {
  std::erase_if(fields, [](const auto& f) { return is_framing(f.first); });
  return fields;
}

// RFC 9110, 8.6.
bool may_tell_length(int status) { return status >= 200 && status != 204; }

// Our fields may be longer than what was read: a space goes before each value.
bool fits(const std::string& head, const std::string& last_chunk) {
  const std::size_t trailers = last_chunk.size() - std::string("0\r\n").size();
  return head.size() <= kLimits.head && trailers <= kLimits.head;
}

template <class Parser>
void check_read(const std::string& stream, const Message& message) {
  Told again = read<Parser>({stream}, stream.size());
  must(again.error == 0 && again.messages.size() == 1, "one is read again");
  Message& read = again.messages[0];
  must(may_tell_length(read.response.status) ||
           without_framing(read.response.fields) == read.response.fields,
       "who has no body tells no length");
  read.request.fields = without_framing(read.request.fields);
  read.response.fields = without_framing(read.response.fields);
  must(read == message, "it reads as it was");
}

std::string head_of(const Message& message, bool is_request) {
  std::string out;
  is_request ? write_request_head(out, message.request, {})
             : write_response_head(out, message.response, {});
  return out;
}

std::string whole(Message message, bool is_request) {
  std::string out;
  message.request.body = message.response.body = message.body;
  is_request ? write_request(out, message.request)
             : write_response(out, message.response);
  return out;
}

// A message that has ended is written as chunks and with its length, and read
// as it was.
template <class Parser>
void check_again(Message message) {
  constexpr bool kIsRequest = std::is_same_v<Parser, HttpRequestParser>;
  if (!message.ended || message.request.minor == 0) return;
  for (HttpFields* fields :
       {&message.request.fields, &message.response.fields}) {
    *fields = without_framing(*fields);
    if (fields->size() >= kLimits.fields) return;
  }
  const std::string head = head_of(message, kIsRequest);
  std::string last, chunks;
  write_last_chunk(last, message.trailers);
  if (!fits(head, last)) return;
  write_chunk(chunks, message.body);
  if (may_have_body(message.response.status)) chunks += last;
  check_read<Parser>(head + chunks, message);
  message.trailers.clear();
  check_read<Parser>(whole(message, kIsRequest), message);
}

template <class Parser>
void check(const Input& input) {
  const Told told = read<Parser>(input, input.stream.size());
  must(told == read<Parser>(input, input.step), "every split tells the same");
  must(told == read<Parser>(input, 1), "byte by byte it tells the same");
  for (const Message& message : told.messages) check_again<Parser>(message);
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2) return 0;
  const rp::Input input = {
      .stream = {reinterpret_cast<const char*>(data) + 1, size - 1},
      .step = 1 + data[0] / 8u,
      .to_head = (data[0] & 2) != 0,
      .ends = (data[0] & 4) != 0};
  if ((data[0] & 1) == 0) {
    rp::check<rp::HttpRequestParser>(input);
  } else {
    rp::check<rp::HttpResponseParser>(input);
  }
  return 0;
}
