#pragma once

#include <chrono>

#include "reactor/reactor.h"

namespace rp {

/// Lets SIGTERM and SIGINT end a program: the first drains the reactor, for
/// at most `drain`, after it has called `draining`; the second stops it. A peer
/// that has gone away ends no program, nor does a file that may not grow:
/// SIGPIPE and SIGXFSZ are ignored.
///
///     Reactor reactor(chosen_poller(given));
///     end_on_signals(reactor);
///
/// Thread rule: the loop's thread, once in a program.
void end_on_signals(Reactor& reactor, Duration drain = std::chrono::seconds(10),
                    Task draining = {});

}  // namespace rp
