#include "rpc/http_client.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "rpc/wire/http_response_parser.h"
#include "rpc/wire/http_writer.h"

namespace rp {

namespace {

RpcError ended() { return RpcError(kWorkerLost, "the connection has ended"); }

}  // namespace

/// A connection to the server; it knows its client as long as there is one.
class HttpClient::Stream : public Connection {
 public:
  Stream(UniqueFd fd, const Address& peer, HttpClient& owner)
      : Connection(std::move(fd), peer, owner.options_.connection),
        owner_(&owner),
        parser_(owner.options_.answers) {}

  void forget_owner() { owner_ = nullptr; }

  void on_drain() override {
    draining_ = true;
    if (is_idle()) close(CloseReason::drained);
  }

 protected:
  // What is not asked for (408, say) comes before the server closes.
  void on_data(std::string_view bytes) override {
    if (is_idle()) return close(CloseReason::protocol);
    parser_.feed(bytes);
    take_events();
    parser_.keep();
  }

  void on_end() override {
    parser_.feed_end();
    take_events();
    close(CloseReason::peer);
  }

  bool is_idle() const override { return !owner_ || !owner_->under_way_; }

  void on_disconnect(CloseReason reason) override {
    if (owner_ == nullptr) return;
    std::string why = "connection lost: " + std::string(to_string(reason));
    if (!fault_.empty()) why += ", " + fault_;
    owner_->lost(why);
  }

 private:
  void take_events() {
    while (owner_ != nullptr) {
      const HttpEvent event = parser_.next();
      if (event.kind == HttpEvent::kNothingYet) return;
      if (event.kind == HttpEvent::kError) {
        fault_ = event.what;
        return close(CloseReason::protocol);
      }
      take(event);
    }
  }

  // Bytes behind the answer were not asked for: the next call, which is sent
  // now, must not take them for its own.
  void take(const HttpEvent& event) {
    const int status = parser_.response().status;
    if (event.kind == HttpEvent::kHead) body_.clear();
    if (event.kind == HttpEvent::kBody) body_.append(event.bytes);
    const bool is_interim = status < 200 && status != 101;
    if (event.kind != HttpEvent::kEnd || is_interim) return;
    const bool goes_on =
        parser_.keeps_alive() && parser_.rest().empty() && !draining_;
    owner_->answered(status, body_, goes_on);
  }

  HttpClient* owner_;
  HttpResponseParser parser_;
  std::string body_;
  std::string fault_;
  bool draining_ = false;
};

HttpClient::HttpClient(Reactor& reactor, std::vector<Address> addresses,
                       std::string host, std::string target)
    : HttpClient(reactor, std::move(addresses), std::move(host),
                 std::move(target), Options()) {}

HttpClient::HttpClient(Reactor& reactor, std::vector<Address> addresses,
                       std::string host, std::string target, Options options)
    : reactor_(reactor),
      addresses_(std::move(addresses)),
      host_(std::move(host)),
      target_(std::move(target)),
      options_(options) {
  if (addresses_.empty()) throw std::invalid_argument("no address to call");
  written({});  // throws now what it would throw at every call
}

HttpClient::~HttpClient() {
  ending_ = true;
  reactor_.cancel(failing_);
  reactor_.close(connector_);
  drop_stream();
  fail_all(ended());
}

void HttpClient::notify(std::string_view method, const Value& params) {
  std::string json;
  write_notification(json, method, params);
  if (const auto refused = refusal(json.size())) throw *refused;
  enqueue(
      std::move(json), [](const std::optional<RpcError>&, std::string_view) {},
      options_.notify_timeout);
}

void HttpClient::post(std::string json, Answered done, Duration timeout) {
  const auto refused = refusal(json.size());
  if (!refused) return enqueue(std::move(json), std::move(done), timeout);
  reactor_.at_phase_end(
      [done = std::move(done), refused]() mutable { done(refused, {}); });
}

// One text is taken however long it is.
std::optional<RpcError> HttpClient::refusal(std::size_t more) const {
  if (ending_) return ended();
  if (waiting_.empty() || waiting_bytes_ + more <= options_.capacity) return {};
  return RpcError(kOverloaded, "too much waits to be sent");
}

void HttpClient::enqueue(std::string json, Answered done, Duration timeout) {
  const std::uint64_t id = next_id_++;
  const TimerId timer =
      reactor_.run_after(timeout, [this, id] { give_up(id); });
  waiting_bytes_ += json.size();
  waiting_.push_back({id, std::move(json), std::move(done), timer});
  send_next();
}

std::string HttpClient::written(const std::string& json) const {
  HttpRequest request{.method = "POST", .target = target_, .body = json};
  request.fields = {{"Host", host_},
                    {"Content-Type", "application/json"},
                    {"Accept", "application/json"}};
  std::string text;
  write_request(text, request);
  return text;
}

void HttpClient::send_next() {
  if (under_way_ || waiting_.empty()) return;
  Stream* open = stream();
  if (open == nullptr) return connect();
  const std::string text = written(waiting_.front().json);
  under_way_ = true;
  open->send(text);
}

// An error may not arrive inside ask().
void HttpClient::connect() {
  if (reactor_.find(connector_) != nullptr || failing_) return;
  try {
    connector_ = Connector::start(
        reactor_, addresses_, options_.connect_timeout,
        [this](ConnectResult result) { connected(std::move(result)); });
  } catch (const std::system_error& error) {
    failing_ = reactor_.run_after(Duration::zero(),
                                  [this, why = std::string(error.what())] {
                                    failing_ = {};
                                    fail_all(RpcError(kWorkerLost, why));
                                  });
  }
}

void HttpClient::connected(ConnectResult result) {
  connector_ = {};
  if (!result.fd) return fail_all(RpcError(kWorkerLost, result.message()));
  try {
    stream_ = reactor_.add(
        std::make_unique<Stream>(std::move(result.fd), result.peer, *this),
        Interest::reading());
  } catch (const std::system_error& error) {
    return fail_all(RpcError(kWorkerLost, error.what()));
  }
  send_next();
}

// Whoever is told may be done with this client: nothing is touched afterwards.
void HttpClient::lost(const std::string& why) {
  stream_ = {};
  if (!under_way_) return;
  Reactor& reactor = reactor_;
  Exchange exchange = take_out(0);
  send_next();
  reactor.invoke("answer", exchange.id,
                 [&] { exchange.done(RpcError(kWorkerLost, why), {}); });
}

void HttpClient::give_up(std::uint64_t id) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(),
                   [id](const Exchange& each) { return each.id == id; });
  const auto place = static_cast<std::size_t>(found - waiting_.begin());
  if (place == 0 && under_way_) drop_stream();
  Exchange exchange = take_out(place);
  send_next();
  exchange.done(RpcError(kDeadlinePassed, "no answer in time"), {});
}

HttpClient::Exchange HttpClient::take_out(std::size_t place) {
  const auto found = waiting_.begin() + static_cast<std::ptrdiff_t>(place);
  Exchange exchange = std::move(*found);
  waiting_.erase(found);
  waiting_bytes_ -= exchange.json.size();
  reactor_.cancel(exchange.timer);
  if (place == 0) under_way_ = false;
  return exchange;
}

void HttpClient::fail_all(const RpcError& error) {
  Reactor& reactor = reactor_;
  std::deque<Exchange> failed;
  while (!waiting_.empty()) failed.push_back(take_out(0));
  for (Exchange& each : failed) {
    reactor.invoke("answer", each.id, [&] { each.done(error, {}); });
  }
}

void HttpClient::drop_stream() {
  if (Stream* open = stream()) {
    open->forget_owner();
    open->close();
  }
  stream_ = {};
}

HttpClient::Stream* HttpClient::stream() const {
  return static_cast<Stream*>(reactor_.find(stream_));
}

}  // namespace rp
