// HTTP: what the writer takes is read as it was given, and what it refuses
// leaves nothing written. The first byte says what is written; a byte of 0xff
// ends each of its parts: the first line's two, names and values in turn, and
// the body.

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/http_grammar.h"
#include "rpc/wire/http_request_parser.h"
#include "rpc/wire/http_response_parser.h"
#include "rpc/wire/http_writer.h"
#include "tests/fuzz/must.h"

namespace rp {
namespace {

constexpr std::size_t kPlenty = 1 << 20;
constexpr HttpLimits kLimits = {.head = kPlenty, .fields = kPlenty};

struct Input {
  std::string first;   // the method, or the date
  std::string second;  // the target, or the status
  HttpFields fields;
  std::string body;
  bool in_chunks = false;
  HttpWriting writing;
};

struct Read {
  std::string body;
  HttpFields trailers;
};

std::string take_part(std::string_view& rest) {
  const std::string part(rest.substr(0, rest.find('\xff')));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

Input input_of(std::uint8_t bits, std::string_view rest) {
  Input input;
  input.in_chunks = (bits & 2) != 0;
  input.writing.keep_alive = (bits & 4) != 0;
  input.writing.to_head = (bits & 8) != 0;
  input.writing.minor = (bits & 16) != 0 ? 0 : 1;
  input.first = take_part(rest);
  input.second = take_part(rest);
  for (std::size_t left = bits / 32u; left > 0; --left) {
    const std::string name = take_part(rest);
    input.fields.emplace_back(name, take_part(rest));
  }
  input.body = rest;
  return input;
}

// Of what was read only the last are the program's: the writer's come before.
void check_fields(HttpFields read, const HttpFields& given) {
  std::erase_if(read, [](const auto& f) { return is_framing(f.first); });
  must(read.size() >= given.size(), "no field is lost");
  const std::size_t added = read.size() - given.size();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto& [name, value] = read[added + i];
    must(name == given[i].first, "a name is the same");
    must(value == trimmed(given[i].second), "a value is the same");
  }
}

Read read_message(HttpParser& parser) {
  Read read;
  HttpEvent event = parser.next();
  for (; event.kind == HttpEvent::kBody; event = parser.next()) {
    read.body += event.bytes;
  }
  must(event.kind == HttpEvent::kEnd, "a message has an end");
  must(parser.next().kind == HttpEvent::kNothingYet, "nothing is behind it");
  must(parser.rest().empty(), "all of it is read");
  read.trailers = parser.trailers();
  return read;
}

void check_request(const std::string& stream, const Input& input) {
  HttpRequestParser parser(kLimits);
  parser.feed(stream);
  const HttpEvent event = parser.next();
  if (event.status == 417) return;  // an unknown expectation: no fault of form
  must(event.kind == HttpEvent::kHead, "what is written can be read");
  const HttpRequest request = parser.request();
  must(request.method == input.first, "a method is the same");
  must(request.target == input.second, "a target is the same");
  check_fields(request.fields, input.fields);
  const Read read = read_message(parser);
  must(read.body == input.body, "a body is the same");
  if (input.in_chunks) check_fields(read.trailers, input.fields);
}

void check_response(const std::string& stream, const Input& input, int status) {
  HttpResponseParser parser(kLimits);
  parser.expect(input.writing.to_head ? "HEAD" : "GET");
  parser.feed(stream);
  parser.feed_end();
  must(parser.next().kind == HttpEvent::kHead, "what is written can be read");
  const HttpResponse response = parser.response();
  must(response.status == status, "a status is the same");
  check_fields(response.fields, input.fields);
  const bool has_body = may_have_body(status) && !input.writing.to_head;
  must(read_message(parser).body == (has_body ? input.body : ""),
       "a body is the same");
}

// False when it is refused.
template <class Write>
bool takes(std::string& out, Write write) {
  try {
    write();
    return true;
  } catch (const std::invalid_argument&) {
    must(out.empty(), "what is refused leaves nothing");
    return false;
  }
}

void try_request(const Input& input) {
  HttpRequest request{.method = input.first, .target = input.second};
  request.fields = input.fields;
  request.body = input.body;
  std::string out;
  const bool taken = takes(out, [&] {
    if (!input.in_chunks) return write_request(out, request);
    write_request_head(out, request, {});
    write_chunk(out, input.body);
    write_last_chunk(out, input.fields);
  });
  if (taken) check_request(out, input);
}

void try_response(Input input) {
  const auto digits = input.second.substr(0, 3);
  const int status = static_cast<int>(parse_decimal(digits).value_or(200));
  const HttpResponse response{status, input.fields, input.body};
  input.writing.date = input.first;
  std::string out;
  if (takes(out, [&] { write_response(out, response, input.writing); })) {
    check_response(out, input, status);
  }
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2) return 0;
  const rp::Input input = rp::input_of(
      data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  (data[0] & 1) == 0 ? rp::try_request(input) : rp::try_response(input);
  return 0;
}
