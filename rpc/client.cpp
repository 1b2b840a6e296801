#include "rpc/client.h"

#include <system_error>
#include <utility>

namespace rp {

namespace {

std::string name_of(const std::vector<Address>& addresses) {
  return addresses.empty() ? std::string() : addresses.front().to_string();
}

}  // namespace

Client::Client(Dispatcher& service, std::vector<Address> addresses)
    : Client(service, std::move(addresses), Options()) {}

Client::Client(Dispatcher& service, std::vector<Address> addresses,
               Options options)
    : reactor_(service.reactor()),
      options_(options),
      session_(std::make_unique<Session>(service, name_of(addresses),
                                         options.limits.session)),
      link_(session_->link()) {
  connector_ = Connector::start(
      reactor_, std::move(addresses), options_.connect_timeout,
      [this](ConnectResult result) { on_connected(std::move(result)); });
}

Client::~Client() {
  reactor_.close(connector_);
  reactor_.close(connection_);
}

void Client::on_connected(ConnectResult result) {
  if (!result.fd) {
    failure_ = result.message();
    const auto session = std::move(session_);
    return session->lost(failure_);
  }
  try {
    connection_ = reactor_.add(
        std::make_unique<LineConnection>(std::move(result.fd), result.peer,
                                         std::move(session_), options_.limits),
        Interest::reading());
  } catch (const std::system_error& error) {
    failure_ = error.what();
  }
}

void Client::ask(std::string_view method, const Value& params, Done done,
                 Duration timeout) {
  if (link_->asker != nullptr) {
    return link_->asker->ask(method, params, std::move(done), timeout);
  }
  reactor_.at_phase_end([done = std::move(done), why = failure_]() mutable {
    done({RpcError(kWorkerLost, why), {}});
  });
}

void Client::notify(std::string_view method, const Value& params) {
  if (link_->asker == nullptr) throw RpcError(kWorkerLost, failure_);
  link_->asker->notify(method, params);
}

void Client::finish() {
  if (session_) return session_->finish();
  if (auto* handler = reactor_.find(connection_)) {
    static_cast<LineConnection*>(handler)->session().finish();
  }
}

}  // namespace rp
