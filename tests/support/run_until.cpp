#include "tests/support/run_until.h"

#include <chrono>
#include <thread>
#include <utility>

namespace rp {
namespace {

struct Watch {
  Reactor& reactor;
  Function<bool()> condition;
  TimePoint patience;
  bool held = false;

  void look() {
    held = condition();
    if (held || SteadyClock().now() > patience) return reactor.stop();
    std::this_thread::yield();
    reactor.at_phase_end([this] { look(); });
  }
};

}  // namespace

bool run_until(Reactor& reactor, Function<bool()> condition) {
  Watch watch{reactor, std::move(condition),
              SteadyClock().now() + std::chrono::seconds(30)};
  reactor.run([&] { watch.look(); });
  return watch.held;
}

}  // namespace rp
