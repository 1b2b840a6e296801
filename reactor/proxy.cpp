#include "reactor/proxy.h"

#include <sys/socket.h>

#include <limits>
#include <system_error>
#include <utility>

namespace rp {
namespace {

// Never closed for what is unsent: who sends it is not read meanwhile.
ConnectionLimits to_connection_limits(const ProxyLimits& limits) {
  ConnectionLimits made;
  made.pause_at = limits.unsent;
  made.close_at = std::numeric_limits<std::size_t>::max();
  made.idle = limits.idle;
  return made;
}

}  // namespace

ProxyEnd::ProxyEnd(UniqueFd fd, const Address& peer, ProxyLimits limits)
    : Connection(std::move(fd), peer, to_connection_limits(limits)),
      limits_(limits) {}

void ProxyEnd::join(Reactor& reactor, std::unique_ptr<ProxyEnd> one,
                    std::unique_ptr<ProxyEnd> other) {
  ProxyEnd& first = *one;
  const HandleId id = reactor.add(std::move(one), Interest::reading());
  try {
    first.take(std::move(other));
  } catch (...) {
    reactor.close(id);
    throw;
  }
}

std::unique_ptr<ProxyEnd> ProxyEnd::dialing(UniqueFd client,
                                            const Address& peer,
                                            std::vector<Address> servers,
                                            ProxyLimits limits,
                                            Complain complain) {
  auto made = std::make_unique<ProxyEnd>(std::move(client), peer, limits);
  made->servers_ = std::move(servers);
  made->complain_ = std::move(complain);
  return made;
}

void ProxyEnd::on_added() {
  Connection::on_added();
  if (servers_.empty()) return;
  pause();
  connector_ = Connector::start(
      reactor(), std::move(servers_), limits_.connect,
      [&loop = reactor(), me = id()](ConnectResult result) {
        auto* handler = loop.find(me);
        if (!handler) return;
        static_cast<ProxyEnd*>(handler)->connected(std::move(result));
      });
}

void ProxyEnd::connected(ConnectResult result) {
  if (!result.fd) return give_up(result.message());
  try {
    take(
        std::make_unique<ProxyEnd>(std::move(result.fd), result.peer, limits_));
    resume();
  } catch (const std::system_error& error) {
    give_up(error.what());
  }
}

void ProxyEnd::give_up(const std::string& why) {
  if (complain_) complain_(why);
  reset();
}

void ProxyEnd::take(std::unique_ptr<ProxyEnd> other) {
  other->other_ = id();
  other_ = reactor().add(std::move(other), Interest::reading());
}

ProxyEnd* ProxyEnd::other() {
  return static_cast<ProxyEnd*>(reactor().find(other_));
}

void ProxyEnd::on_data(std::string_view bytes) {
  ProxyEnd* sender = other();
  if (!sender) return;
  sender->send(bytes);
  if (sender->choked()) pause();
}

void ProxyEnd::on_unchoked() {
  if (ProxyEnd* source = other()) source->resume();
}

void ProxyEnd::on_end() {
  if (ProxyEnd* sender = other()) sender->finish();
  if (finished_) close_after_sending(CloseReason::peer);
}

void ProxyEnd::finish() {
  finished_ = true;
  half_close();
}

// With this option the kernel ends the connection by a reset.
void ProxyEnd::reset() {
  struct ::linger at_once {};
  at_once.l_onoff = 1;
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(CloseReason::reset);
}

void ProxyEnd::on_disconnect(CloseReason reason) {
  reactor().close(connector_);
  ProxyEnd* left = other();
  const bool both_ended = ended() && finished_;
  if (!left || both_ended || reason == CloseReason::shutdown) return;
  if (reason == CloseReason::reset) return left->reset();
  left->close_after_sending(reason);
}

}  // namespace rp
