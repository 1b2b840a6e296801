#include "tests/bench/servers.h"

#include <malloc.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <utility>

#include "pool/reactor_pool.h"
#include "reactor/acceptor.h"
#include "reactor/socket.h"
#include "rpc/in_pool.h"
#include "rpc/line_connection.h"
#include "tests/support/allocations.h"

namespace rp {

namespace {

class Echo : public Connection {
 public:
  using Connection::Connection;

 protected:
  void on_data(std::string_view bytes) override { send(bytes); }
};

void watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
    throw_errno("epoll_ctl");
  }
}

void echo_once(int fd) {
  static std::array<char, 65536> buffer;
  const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (count <= 0) {
    ::close(fd);
    return;
  }
  const auto size = static_cast<std::size_t>(count);
  if (::send(fd, buffer.data(), size, MSG_NOSIGNAL) != count) ::close(fd);
}

Value add(const Params& params) {
  return params.integer("a") + params.integer("b");
}

}  // namespace

void serve_bare_epoll(int listening) {
  const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  watch(epoll.get(), listening);
  std::array<epoll_event, 1024> events;
  for (;;) {
    const int count = ::epoll_wait(epoll.get(), events.data(),
                                   static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int fd = events[static_cast<std::size_t>(i)].data.fd;
      if (fd != listening) {
        echo_once(fd);
      } else if (UniqueFd peer = accept_from(listening, nullptr)) {
        watch(epoll.get(), peer.release());
      }
    }
  }
}

void serve_reactor_echo(int listening) {
  Reactor reactor;
  Acceptor::start(reactor, UniqueFd(listening),
                  [](UniqueFd fd, const Address& peer) {
                    return std::make_unique<Echo>(std::move(fd), peer);
                  });
  reactor.run();
}

void serve_rpc(int listening) {
  const Declared two = {{"a", Type::integer}, {"b", Type::integer}};
  Reactor reactor;
  ReactorPool pool(reactor);
  const InPool in_pool(pool.executor(), std::chrono::seconds(10));
  Dispatcher service(reactor);
  const Allocations allocations;
  service.method("add", on_loop, add, {.params = two});
  service.method("pooled_add", in_pool, add, {.params = two});
  service.method("allocations", on_loop,
                 [&](const Params&) -> Value { return allocations.made(); });
  service.method("heap", on_loop,
                 [](const Params&) -> Value { return ::mallinfo2().uordblks; });
  Acceptor::start(reactor, UniqueFd(listening),
                  [&service](UniqueFd fd, const Address& peer) {
                    return std::make_unique<LineConnection>(
                        std::move(fd), peer,
                        std::make_unique<Session>(service, peer.to_string()));
                  },
                  {.connections = 20'000});
  reactor.run();
}

}  // namespace rp
