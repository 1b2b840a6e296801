#include "examples/end_on_signals.h"

#include <csignal>

#include "reactor/signals.h"

namespace rp {

void end_on_signals(Reactor& reactor, std::FILE* out, Duration drain) {
  Signals::ignore_broken_pipes();
  Signals::ignore_file_limits();
  Signals::start(reactor, {SIGTERM, SIGINT}, [&reactor, out, drain](int) {
    if (reactor.draining()) return reactor.stop();
    if (out != nullptr) {
      std::fputs("draining; again to end at once\n", out);
      std::fflush(out);
    }
    reactor.drain(drain);
  });
}

std::string help_on_signals() {
  return "\nSIGTERM or Ctrl-C: it finishes what is in flight, for at most "
         "10 s; a second\none ends it at once.\n";
}

}  // namespace rp
