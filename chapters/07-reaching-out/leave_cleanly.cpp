#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "reactor/reactor.h"
#include "reactor/signals.h"

// A signal asks the program to leave, and it finishes what it has begun: the
// handler below needs three more ticks.

class LastSteps : public rp::EventHandler {
 public:
  int fd() const override { return -1; }

  void on_drain() override { step(3); }

  void on_closed(rp::CloseReason reason) override {
    std::printf("closed: %s\n", std::string(to_string(reason)).c_str());
  }

 private:
  void step(int left) {
    if (left == 0) return reactor().close(id(), rp::CloseReason::drained);
    std::printf("%d to go\n", left);
    reactor().run_after({}, [this, left] { step(left - 1); });
  }
};

int main() {
  rp::Reactor reactor;
  rp::Signals::start(reactor, {SIGTERM}, [&reactor](int) {
    std::printf("SIGTERM, in a tick\n");
    reactor.drain(std::chrono::seconds(10));
  });
  reactor.add(std::make_unique<LastSteps>(), rp::Interest::none());
  reactor.run([] {
    std::raise(SIGTERM);
    std::printf("the signal has come, and nothing has happened yet\n");
  });
}
