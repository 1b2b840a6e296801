#pragma once

#include <memory>

#include "examples/flags.h"
#include "reactor/poller.h"

namespace rp {

/// The flag by which every program lets its reader choose the demultiplexer.
///
///     declare_poller(flags);
///     Reactor reactor(chosen_poller(given));
void declare_poller(Flags& flags);

/// Throws UsageError for a word that is neither.
std::unique_ptr<Poller> chosen_poller(const Flags& given);

}  // namespace rp
