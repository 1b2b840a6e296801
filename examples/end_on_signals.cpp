#include "examples/end_on_signals.h"

#include <csignal>
#include <utility>

#include "reactor/signals.h"

namespace rp {

void end_on_signals(Reactor& reactor, Duration drain, Task draining) {
  Signals::ignore_broken_pipes();
  Signals::ignore_file_limits();
  auto end = [&reactor, drain, draining = std::move(draining)](int) mutable {
    if (reactor.draining()) return reactor.stop();
    if (draining) draining();
    reactor.drain(drain);
  };
  Signals::start(reactor, {SIGTERM, SIGINT}, std::move(end));
}

}  // namespace rp
