#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string_view>

#include "pool/reactor_pool.h"
#include "reactor/reactor.h"
#include "reactor/socket.h"
#include "rpc/dispatcher.h"
#include "rpc/in_pool.h"
#include "rpc/tcp_server.h"

// As `printf … | nc -N` does it: send all, end this direction, read on. What
// is owed still comes, and a bad line spoils nothing.
int main() {
  rp::Reactor reactor;
  rp::ReactorPool pool{reactor, {.workers = 1}};
  rp::Dispatcher service{reactor};
  service.method("add", rp::InPool{pool.executor()},
                 [](const rp::Params& params) -> rp::Value {
                   return params.at(0).as_int64() + params.at(1).as_int64();
                 });
  const rp::TcpServer server{service, rp::Address::parse("127.0.0.1:0")};

  const rp::UniqueFd peer = rp::connect_blocking(server.address());
  constexpr std::string_view lines =
      "{bad\n"
      R"({"jsonrpc":"2.0","method":"add","params":[2,3],"id":1})"
      "\n"
      R"({"jsonrpc":"2.0","method":"add","params":[3,4],"id":2})";
  if (::write(peer.get(), lines.data(), lines.size()) < 0) return 1;
  ::shutdown(peer.get(), SHUT_WR);

  rp::set_blocking(peer.get(), false);
  const auto print_what_came = [&] {
    char bytes[4096];
    const ssize_t count = ::read(peer.get(), bytes, sizeof bytes);
    if (count > 0) {
      std::fwrite(bytes, 1, static_cast<std::size_t>(count), stdout);
    } else if (count == 0) {
      reactor.stop();  // the server has ended the connection
    }
  };
  reactor.run([&] {
    reactor.run_every(std::chrono::milliseconds(1), print_what_came);
  });
}
