#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "pool/defer.h"
#include "pool/thread_pool.h"
#include "reactor/acceptor.h"
#include "reactor/connection.h"
#include "reactor/socket.h"

// The echo server with one slow line: `slow 2000` takes two seconds to answer,
// on the loop or in the pool. All else is answered at once, if the loop can.
//
//     echo --port 7010 --slow loop
//     echo --port 7010 --slow pool

class Echo : public rp::Connection {
 public:
  Echo(rp::UniqueFd fd, const rp::Address& peer, rp::Executor* pool)
      : Connection(std::move(fd), peer), pool_(pool) {}

 protected:
  void on_data(std::string_view bytes) override {
    const std::string line(bytes);
    if (!line.starts_with("slow ")) return send(line);
    const auto work = [length = std::atoi(line.c_str() + 5)] {
      std::this_thread::sleep_for(std::chrono::milliseconds(length));
    };
    if (pool_ != nullptr) return answer_later(line, work);
    work();
    send(line);
  }

 private:
  // Who asked may be gone when the answer comes: he is looked up by his id.
  template <class Work>
  void answer_later(const std::string& line, Work work) {
    const auto done = [line, asker = id(),
                       &loop = reactor()](const rp::Outcome<void>&) {
      auto* client = static_cast<Echo*>(loop.find(asker));
      if (client != nullptr) client->send(line);
    };
    rp::defer(*pool_, work, done);
  }

  rp::Executor* const pool_;
};

int main(int argc, char** argv) try {
  const std::string place = argc == 5 ? argv[4] : "";
  if (place != "loop" && place != "pool") {
    std::fputs("usage: echo --port N --slow loop|pool\n", stderr);
    return 2;
  }
  rp::UniqueFd listening =
      rp::listen_on(rp::Address::parse("127.0.0.1:" + std::string(argv[2])));
  const std::string here = rp::local_address(listening.get()).to_string();
  rp::Reactor reactor;
  std::optional<rp::ThreadPool> pool;
  if (place == "pool")
    pool.emplace(reactor, rp::ThreadPool::Options{.workers = 2});
  const auto make_echo = [&pool](rp::UniqueFd fd, const rp::Address& peer) {
    return std::make_unique<Echo>(std::move(fd), peer, pool ? &*pool : nullptr);
  };
  rp::Acceptor::start(reactor, std::move(listening), make_echo);
  std::printf("listening on tcp %s\n", here.c_str());
  std::fflush(stdout);
  reactor.run();
} catch (const std::exception& error) {
  std::fprintf(stderr, "echo: %s\n", error.what());
  return 1;
}
