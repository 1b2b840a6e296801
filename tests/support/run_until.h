#pragma once

#include "reactor/function.h"
#include "reactor/reactor.h"

namespace rp {

/// Runs the loop until `condition` holds, for tests that wait for TCP or real
/// threads. It asks at the end of each phase and keeps the loop turning, so
/// that neither the machine's clock nor a fake one has a part in it.
///
///     ASSERT_TRUE(run_until(reactor, [&] { return settled == 8; }));
///
/// False after half a minute without success: the test fails and does not
/// hang. Thread rule: the loop's thread.
bool run_until(Reactor& reactor, Function<bool()> condition);

}  // namespace rp
