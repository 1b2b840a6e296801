#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "reactor/reactor.h"

namespace rp {

/// Lets SIGTERM and SIGINT end a program: the first drains the reactor, for
/// at most `drain`, and says so on `out`, if there is one; the second stops it.
/// A peer that has gone away ends no program, nor does a file that may not
/// grow: SIGPIPE and SIGXFSZ are ignored.
///
///     Reactor reactor(chosen_poller(given));
///     end_on_signals(reactor, stdout);
///
/// Thread rule: the loop's thread, once in a program.
void end_on_signals(Reactor& reactor, std::FILE* out = nullptr,
                    Duration drain = std::chrono::seconds(10));

/// What `--help` ends with where `drain` is left as it is.
std::string help_on_signals();

}  // namespace rp
