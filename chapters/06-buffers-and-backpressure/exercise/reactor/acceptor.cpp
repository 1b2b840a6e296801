#include "reactor/acceptor.h"

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "reactor/socket.h"

namespace rp {

namespace {

UniqueFd open_reserve() {
  return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool is_exhaustion(int number) {
  return number == EMFILE || number == ENFILE || number == ENOBUFS ||
         number == ENOMEM;
}

}  // namespace

HandleId Acceptor::start(Reactor& reactor, UniqueFd listening, Make make,
                         AcceptorLimits limits) {
  return reactor.add(
      std::make_unique<Acceptor>(std::move(listening), std::move(make), limits),
      Interest::reading());
}

Acceptor::Acceptor(UniqueFd listening, Make make, AcceptorLimits limits)
    : listening_(std::move(listening)),
      reserve_(open_reserve()),
      make_(std::move(make)),
      limits_(limits) {}

void Acceptor::on_readable() {
  for (std::size_t taken = 0; taken < limits_.a_tick; ++taken) {
    if (!accept_one()) return;
  }
}

// False when there is nothing more to take in this tick.
bool Acceptor::accept_one() {
  Address peer;
  UniqueFd fd = accept_from(this->fd(), &peer);
  if (fd) {
    welcome(std::move(fd), peer);
    return true;
  }
  if (errno == EAGAIN) return false;
  if (is_exhaustion(errno)) {
    shed_and_rest();
    return false;
  }
  // The peer was gone before we came: its error is not ours (accept(2)).
  return true;
}

void Acceptor::welcome(UniqueFd fd, const Address& peer) {
  if (is_full()) {
    ++stats_.refused;
    return;
  }
  std::unique_ptr<Connection> made = make_(std::move(fd), peer);
  if (!made) return;
  try {
    open_.push_back(reactor().add(std::move(made), Interest::reading()));
    ++stats_.accepted;
  } catch (const std::system_error&) {
    ++stats_.refused;  // select() has no place for so high a descriptor
  }
}

// The connections that have gone since are only counted out when it matters.
bool Acceptor::is_full() {
  if (open_.size() < limits_.connections) return false;
  std::erase_if(open_, [this](HandleId id) { return !reactor().find(id); });
  return open_.size() >= limits_.connections;
}

void Acceptor::shed_and_rest() {
  // Exercise 6.3: this draft shuts the door for good. Give up the reserve to
  // take who waits, and close him (he is shed), at most a_tick times; take the
  // reserve back. Then wait for nothing, and try_again() after limits_.rest.
  reactor().close(id());
}

void Acceptor::try_again() {
  if (!reserve_) reserve_ = open_reserve();
  reactor().set_interest(id(), Interest::reading());
}

void Acceptor::on_closed(CloseReason) { reactor().cancel(rest_timer_); }

}  // namespace rp
