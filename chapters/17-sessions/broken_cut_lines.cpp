#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "reactor/socket.h"
#include "reactor/unique_fd.h"
#include "rpc/wire/json_parser.h"

// A service reads, and takes what read() has returned for one message. A peer
// sends a line, which the network delivers in two pieces; then it sends two
// lines, which arrive together.
//
// Promise: never prints "the sum is 5"

namespace {

void answer(std::string_view json) {
  rp::Arena arena;
  const rp::Parsed numbers = rp::parse_json(json, arena);
  if (!numbers) return void(std::puts("this is no JSON"));
  const auto items = numbers.value.items();
  const auto sum = items[0].as_int64() + items[1].as_int64();
  std::printf("the sum is %d\n", static_cast<int>(sum));
}

}  // namespace

int main() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    rp::throw_errno("socketpair");
  }
  const rp::UniqueFd service(ends[0]), peer(ends[1]);
  for (const std::string arrives : {"[2,", "3]\n", "[1,4]\n[4,1]\n"}) {
    if (::write(peer.get(), arrives.data(), arrives.size()) < 0) return 1;
    char bytes[4096];
    const ssize_t count = ::read(service.get(), bytes, sizeof bytes);
    if (count < 0) rp::throw_errno("read");
    answer({bytes, static_cast<std::size_t>(count)});
  }
}
