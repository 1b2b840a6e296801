#include <chrono>
#include <cstdio>
#include <memory>

#include "reactor/connection.h"
#include "tests/support/sim_poller.h"

// Two clients of an echo server, over a network in which each byte takes three
// milliseconds. The second vanishes at once; the server gives up who is idle
// for a minute. It takes no time at all.

namespace rp {
namespace {

using namespace std::chrono_literals;

FakeClock world;
const TimePoint begin = world.now();

void say(const char* who, const char* what) {
  const auto time = (world.now() - begin) / 1ms;
  std::printf("%ld ms %s %s\n", static_cast<long>(time), who, what);
}

class Client : public SimPeer {
 public:
  explicit Client(const char* name) : name_(name) {}

 private:
  void on_data(std::string_view) override {
    say(name_, "has its answer");
    half_close();
  }
  const char* name_;
};

class Echo : public Connection {
 public:
  Echo(UniqueFd fd, const char* peer)
      : Connection(std::move(fd), Address()), peer_(peer) {}

 private:
  void on_data(std::string_view bytes) override {
    say(peer_, "is answered");
    send(bytes);
  }
  void on_disconnect(CloseReason reason) override {
    say(peer_, to_string(reason).data());
  }
  const char* peer_;
};

SimPeer& start(SimNetwork& network, Reactor& reactor, const char* name) {
  auto [peer, fd] = network.pair(std::make_unique<Client>(name));
  reactor.add(std::make_unique<Echo>(std::move(fd), name), Interest::reading());
  peer.send("x");
  return peer;
}

}  // namespace
}  // namespace rp

int main() {
  using namespace std::chrono_literals;
  rp::SimNetwork network(rp::world, 7, {.least_delay = 3ms, .most_delay = 3ms});
  rp::Reactor reactor(std::make_unique<rp::SimPoller>(network), rp::world);
  rp::start(network, reactor, "first");
  rp::start(network, reactor, "second").vanish();
  reactor.run_after(2min, [&] { reactor.stop(); });
  reactor.run();
  rp::say("the test", "is over");
}
