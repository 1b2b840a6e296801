#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "reactor/connection.h"
#include "reactor/socket.h"

// A peer asks and asks and never reads an answer. The connection holds what
// it may and then stops listening; so the peer cannot even ask any more.

struct Seen {
  std::size_t most_unsent = 0;
  bool paused = false;
};

class Echo : public rp::Connection {
 public:
  Echo(rp::UniqueFd fd, rp::ConnectionLimits limits, Seen& seen)
      : Connection(std::move(fd), rp::Address(), limits), seen_(seen) {}

 protected:
  void on_data(std::string_view bytes) override {
    send(bytes);
    seen_.most_unsent = std::max(seen_.most_unsent, unsent());
    seen_.paused = choked();
  }

 private:
  Seen& seen_;
};

int main() {
  using namespace std::chrono_literals;
  int ends[2];
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (::socketpair(AF_UNIX, type, 0, ends) != 0) rp::throw_errno("socketpair");
  rp::UniqueFd ours(ends[0]);
  const rp::UniqueFd theirs(ends[1]);

  rp::ConnectionLimits limits;
  limits.pause_at = 1024 * 1024;
  rp::Reactor reactor;
  Seen seen;
  reactor.add(std::make_unique<Echo>(std::move(ours), limits, seen),
              rp::Interest::reading());

  const std::string question(32 * 1024, '?');
  int refused = 0;
  reactor.run_every(1ms, [&] {
    while (::send(theirs.get(), question.data(), question.size(),
                  MSG_NOSIGNAL) > 0) {
      refused = 0;
    }
    if (++refused == 5) reactor.stop();
  });
  reactor.run();
  std::printf("reading is paused: %s\n", seen.paused ? "yes" : "no");
  const bool bounded = seen.most_unsent <= limits.pause_at + 64 * 1024;
  std::printf("at most 1 MiB and one read is held: %s\n",
              bounded ? "yes" : "no");
}
