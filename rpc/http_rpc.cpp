#include "rpc/http_rpc.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "rpc/wire/http.h"
#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

/// Takes what stands before the next ';'.
std::string_view take_part(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find(';'));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return trimmed(part);
}

/// Of a media type's parameters only this one matters to JSON.
bool is_other_charset(std::string_view parameter) {
  const std::string_view name = parameter.substr(0, parameter.find('='));
  if (!same_token(trimmed(name), "charset")) return false;
  parameter.remove_prefix(name.size());
  return !same_token(parameter, "=utf-8") &&
         !same_token(parameter, "=\"utf-8\"");
}

/// "application/json" in UTF-8, said once (RFC 9110, 8.3; RFC 8259, 8.1).
bool is_json(const HttpRequest& request) {
  if (count_fields(request.fields, "Content-Type") != 1) return false;
  std::string_view rest = *request.field("Content-Type");
  if (!same_token(take_part(rest), "application/json")) return false;
  while (!rest.empty()) {
    if (is_other_charset(take_part(rest))) return false;
  }
  return true;
}

bool is_encoded(const HttpRequest& request) {
  return std::any_of(request.fields.begin(), request.fields.end(),
                     [](const auto& field) {
                       return same_token(field.first, "Content-Encoding") &&
                              !same_token(field.second, "identity");
                     });
}

/// Why it is not taken, if it is not (RFC 9110, 12.5.3 and 15.5.16).
std::optional<HttpResponse> refusal_of(const HttpRequest& request) {
  if (!is_json(request)) {
    return plain_text(415, "only application/json in UTF-8 is taken\n");
  }
  if (!is_encoded(request)) return std::nullopt;
  HttpResponse refusal = plain_text(415, "no Content-Encoding is taken\n");
  refusal.fields.emplace_back("Accept-Encoding", "identity");
  return refusal;
}

std::shared_ptr<const CallContext> context_of(Dispatcher& service,
                                              std::string address,
                                              Headers headers) {
  return std::make_shared<const CallContext>(
      CallContext{.loop = service.loop(),
                  .arenas = service.arenas(),
                  .link = std::make_shared<AskerLink>(),
                  .address = std::move(address),
                  .headers = std::move(headers),
                  .can_be_asked = false,
                  .number = service.number_connection()});
}

/// What one request asks for, until all of it is settled: also when the client
/// has gone, for what runs still counts.
class Post {
 public:
  Post(Dispatcher& service, std::shared_ptr<const CallContext> context,
       const ResponderLimits& limits, HttpReply reply, Task settled)
      : reply_(std::move(reply)),
        settled_(std::move(settled)),
        responder_(
            service, std::move(context),
            [this](std::string_view json) { answer_ = json; }, limits) {
    responder_.on_ended([this] { send_if_settled(); });
    if (service.reactor().draining()) responder_.drain();
  }

  void receive(std::string_view json) {
    receiving_ = true;
    responder_.receive(json);
    receiving_ = false;
    send_if_settled();
  }

 private:
  void send_if_settled() {
    if (receiving_ || responder_.in_flight() > 0) return;
    if (answer_.empty()) {
      reply_.send({.status = 204});
    } else {
      reply_.send({.fields = {{"Content-Type", "application/json"}},
                   .body = std::move(answer_)});
    }
    settled_();
  }

  HttpReply reply_;
  Task settled_;
  std::string answer_;
  bool receiving_ = false;
  Responder responder_;
};

/// The requests of one path that are not settled.
class Posts {
 public:
  Posts(Dispatcher& service, const ResponderLimits& limits)
      : service_(service), limits_(limits) {}

  void serve(HttpRequest request, HttpReply reply) {
    if (auto refusal = refusal_of(request)) {
      return reply.send(std::move(*refusal));
    }
    const std::uint64_t number = ++last_;
    auto context = context_of(service_, reply.peer().to_string(),
                              std::move(request.fields));
    auto post = std::make_unique<Post>(service_, std::move(context), limits_,
                                       std::move(reply),
                                       [this, number] { remove(number); });
    open_.emplace(number, std::move(post)).first->second->receive(request.body);
  }

 private:
  // It is the responder itself that says so: it goes when it has returned.
  void remove(std::uint64_t number) {
    auto post = open_.extract(number);
    service_.reactor().at_phase_end([post = std::move(post)] {});
  }

  Dispatcher& service_;
  ResponderLimits limits_;
  std::map<std::uint64_t, std::unique_ptr<Post>> open_;
  std::uint64_t last_ = 0;
};

}  // namespace

void serve_json_rpc(HttpSite& site, std::string_view path, Dispatcher& service,
                    ResponderLimits limits) {
  site.post(path, [posts = std::make_unique<Posts>(service, limits)](
                      HttpRequest request, HttpReply reply) {
    posts->serve(std::move(request), std::move(reply));
  });
}

}  // namespace rp
