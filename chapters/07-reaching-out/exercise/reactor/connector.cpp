#include "reactor/connector.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <utility>

#include "reactor/socket.h"

namespace rp {

std::string ConnectResult::message() const {
  return "connect to " + peer.to_string() + ": " + error.message();
}

HandleId Connector::start(Reactor& reactor, std::vector<Address> addresses,
                          Duration timeout, Done done) {
  return reactor.add(std::make_unique<Connector>(std::move(addresses), timeout,
                                                 std::move(done)),
                     Interest::writing());
}

Connector::Connector(std::vector<Address> addresses, Duration timeout,
                     Done done)
    : addresses_(std::move(addresses)),
      timeout_(timeout),
      done_(std::move(done)) {
  if (addresses_.empty()) {
    throw std::invalid_argument("connect: no address to connect to");
  }
  fd_ = next_socket();
  attempt();
}

// For the first address from the present one on that can have a socket: a
// machine without IPv6 refuses to make one for it.
UniqueFd Connector::next_socket() {
  for (;; ++current_) {
    try {
      return stream_socket(addresses_[current_]);
    } catch (const std::system_error&) {
      if (current_ + 1 == addresses_.size()) throw;
    }
  }
}

void Connector::on_added() {
  timer_ = reactor().run_after(
      timeout_, [this] { finish(std::make_error_code(std::errc::timed_out)); });
}

// A socket that failed at once polls writable, as one that failed later does,
// so both failures are told in the same place.
void Connector::attempt() {
  const int result = start_connect(fd_.get(), addresses_[current_]);
  failed_at_once_ = result == EINPROGRESS ? 0 : result;
}

void Connector::on_writable() {
  // Exercise 7.2: this draft takes whatever is writable for connected. Find out
  // whether it failed, at once or later; if so, go on with the next address as
  // long as there is one. No socket for it: that is the error to be told.
  finish({});
}

// The next socket takes over the number of the last one, so that the handle
// and its id stay the same.
void Connector::try_next() {
  // Exercise 7.2: the next address needs a socket of its own kind, under the
  // old number. A handle whose number changes its socket must not be watched:
  // the poller forgets a number whose socket goes.
  attempt();
}

void Connector::finish(std::error_code error) {
  if (reactor().find(id()) == nullptr) return;
  ConnectResult result{{}, addresses_[current_], error};
  Done done = std::move(done_);
  reactor().close(id());
  if (!error) {
    send_without_delay(fd());
    result.fd = std::move(fd_);
  }
  done(std::move(result));
}

void Connector::on_closed(CloseReason reason) {
  reactor().cancel(timer_);
  if (reason == CloseReason::shutdown && done_) {
    Done done = std::move(done_);
    done({{},
          addresses_[current_],
          std::make_error_code(std::errc::operation_canceled)});
  }
}

}  // namespace rp
