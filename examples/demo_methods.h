#pragma once

#include "rpc/dispatcher.h"
#include "rpc/place.h"

namespace rp {

/// The methods of the demonstration server: those of the examples in the
/// JSON-RPC 2.0 specification (section 7), and some that show where work
/// runs.
///
///     register_demo_methods(service, in_pool, in_process);  // the server
///     register_demo_methods(service, on_loop, on_loop);     // its worker
///
/// A process worker of the server runs the same methods, each on its own
/// loop: it has one call at a time.
///
/// Thread rule: the loop's thread. The places are used during the call only.
void register_demo_methods(Dispatcher& service, const Where& in_pool,
                           const Where& in_process);

/// The sum of two numbers: exact as long as it fits 64 bits, else the nearest
/// double.
Value sum_of(const Value& a, const Value& b);

}  // namespace rp
