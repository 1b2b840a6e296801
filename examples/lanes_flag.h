#pragma once

#include <cstddef>

#include "examples/flags.h"
#include "pool/lanes.h"
#include "rpc/dispatcher.h"

namespace rp {

/// The value of `--lanes`: "primes=1,sleep=2" is at most one worker of the
/// pool for `primes` and two for `sleep`.
///
///     const Lanes::Options lanes = lanes_of(given, 1024);
///     ...  // the methods are registered
///     check_lanes(lanes, service);
///
/// Each lane takes `capacity` jobs that wait. Throws UsageError for what is
/// not of this form and for a method named twice.
Lanes::Options lanes_of(const Flags& given, std::size_t capacity);

/// Throws UsageError for a lane without effect: `service` has no such method,
/// or has it elsewhere than in the pool.
void check_lanes(const Lanes::Options& lanes, const Dispatcher& service);

}  // namespace rp
