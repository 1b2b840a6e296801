#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"
#include "reactor/socket.h"

// The echo server over a poller: which of the two is asked is one word.
//
//     echo --port 7000 [--poller epoll|select]

using rp::UniqueFd;

static std::unique_ptr<rp::Poller> make_poller(const std::string& name) {
  if (name == "select") return std::make_unique<rp::SelectPoller>();
  return std::make_unique<rp::EpollPoller>();
}

class Server {
 public:
  Server(const std::string& port, const std::string& poller)
      : poller_(make_poller(poller)),
        listening_(rp::listen_on(rp::Address::parse("127.0.0.1:" + port))) {
    poller_->add(listening_.get(), kListening, rp::Interest::reading());
    std::printf("listening on tcp %s, with %s\n",
                rp::local_address(listening_.get()).to_string().c_str(),
                std::string(poller_->name()).c_str());
    std::fflush(stdout);
  }

  void tick() {
    poller_->wait(std::nullopt, ready_);
    for (const rp::Ready& handle : ready_) {
      if (handle.id == kListening) {
        accept_all();
      } else if (!echo(clients_.at(handle.id.slot).get())) {
        poller_->remove(clients_.at(handle.id.slot).get());
        clients_.erase(handle.id.slot);
      }
    }
  }

 private:
  static constexpr rp::HandleId kListening{0, 1};

  void accept_all() {
    while (UniqueFd peer = rp::accept_from(listening_.get(), nullptr)) {
      poller_->add(peer.get(), {++last_, 1}, rp::Interest::reading());
      clients_[last_] = std::move(peer);
    }
  }

  // False when the peer has left.
  static bool echo(int fd) {
    char bytes[4096];
    const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
    if (size <= 0) return false;
    return ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL) > 0;
  }

  std::unique_ptr<rp::Poller> poller_;
  UniqueFd listening_;
  std::map<std::uint32_t, UniqueFd> clients_;
  std::vector<rp::Ready> ready_;
  std::uint32_t last_ = 0;  // numbers are given out once, so none is reused
};

int main(int argc, char** argv) try {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool with_poller = words.size() == 4 && words[2] == "--poller" &&
                           (words[3] == "epoll" || words[3] == "select");
  if ((words.size() != 2 && !with_poller) || words[0] != "--port") {
    std::fputs("usage: echo --port N [--poller epoll|select]\n", stderr);
    return 2;
  }
  Server server(words[1], with_poller ? words[3] : "epoll");
  for (;;) server.tick();
} catch (const std::exception& error) {
  std::fprintf(stderr, "echo: %s\n", error.what());
  return 1;
}
