#include <algorithm>
#include <utility>
#include <variant>

#include "rpc/http_client.h"
#include "rpc/wire/json_parser.h"

namespace rp {

namespace {

constexpr std::size_t kMostQuoted = 100;

std::string_view quoted(std::string_view body) {
  const auto end = std::find_if(body.begin(), body.end(),
                                [](char c) { return c < ' ' || c > '~'; });
  const auto size = static_cast<std::size_t>(end - body.begin());
  return body.substr(0, std::min(size, kMostQuoted));
}

std::optional<RpcError> fault_of(int status, std::string_view body) {
  if (status == 200 || status == 204) return {};
  const std::string_view reason = http_reason(status);
  const std::string_view words = quoted(body);
  std::string why = "HTTP " + std::to_string(status) + " ";
  why += reason;
  if (!words.empty() && words != reason) why.append(": ").append(words);
  return RpcError(kInternalError, std::move(why));
}

CallResult no_answer(std::string why) {
  return {RpcError(kInternalError, std::move(why)), {}};
}

// An error without an id is about all that was sent: our call.
CallResult result_of(std::string_view json, std::uint64_t id, Arena& arena) {
  const Parsed parsed = parse_json(json, arena);
  if (!parsed) return no_answer("the answer is no JSON");
  const Message message = read_message(parsed.value);
  const auto* response = std::get_if<Response>(&message);
  if (response == nullptr) return no_answer("the answer is no response");
  const bool about_all = !response->ok && response->id.is_null();
  if (!about_all && response->id != Value(id)) {
    return no_answer("the answer is for another call");
  }
  if (!response->ok) return {to_error(response->error), {}};
  return {std::nullopt, response->result};
}

}  // namespace

void HttpClient::ask(std::string_view method, const Value& params, Done done,
                     Duration timeout) {
  const std::uint64_t id = next_call_++;
  std::string json;
  write_request(json, method, params, id);
  post(
      std::move(json),
      [id, done = std::move(done)](const std::optional<RpcError>& error,
                                   std::string_view answer) mutable {
        Arena arena;
        done(error ? CallResult{error, {}} : result_of(answer, id, arena));
      },
      timeout);
}

// Whoever is told may be done with this client: nothing is touched afterwards.
void HttpClient::answered(int status, std::string_view body, bool goes_on) {
  if (!goes_on) drop_stream();
  Reactor& reactor = reactor_;
  Exchange exchange = take_out(0);
  send_next();
  reactor.invoke("answer", exchange.id,
                 [&] { exchange.done(fault_of(status, body), body); });
}

}  // namespace rp
