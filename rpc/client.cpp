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
    : Client(service, std::move(addresses), options.connect_timeout,
             options.limits.session,
             [limits = options.limits](UniqueFd fd, const Address& peer,
                                       std::unique_ptr<Session> session) {
               return std::make_unique<LineConnection>(
                   std::move(fd), peer, std::move(session), limits);
             }) {}

Client::Client(Dispatcher& service, std::vector<Address> addresses,
               Duration connect_timeout, const SessionLimits& limits,
               Carry carry)
    : reactor_(service.reactor()),
      carry_(std::move(carry)),
      session_(std::make_unique<Session>(service, name_of(addresses), limits)),
      link_(session_->link()) {
  connector_ = Connector::start(
      reactor_, std::move(addresses), connect_timeout,
      [this](ConnectResult result) { on_connected(std::move(result)); });
}

Client::~Client() {
  reactor_.close(connector_);
  reactor_.close(connection_);
  if (session_ != nullptr) session_->lost(failure_);
}

void Client::on_connected(ConnectResult result) {
  if (!result.fd) {
    failure_ = result.message();
    const auto session = std::move(session_);
    return session->lost(failure_);
  }
  try {
    connection_ = reactor_.add(
        carry_(std::move(result.fd), result.peer, std::move(session_)),
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

// While there is an asker, it is our session, wherever that lives.
void Client::finish() {
  if (link_->asker != nullptr) static_cast<Session*>(link_->asker)->finish();
}

}  // namespace rp
