#pragma once

#include "rpc/dispatcher.h"
#include "rpc/in_pool.h"

namespace rp {

/// The methods of the demonstration server: those of the examples in the
/// JSON-RPC 2.0 specification (section 7), and some that show where work
/// runs.
///
///     Dispatcher service{reactor};
///     InPool in_pool{pool.executor(), 2s};
///     register_demo_methods(service, in_pool);
///
/// Thread rule: the loop's thread. `in_pool` is used during the call only;
/// its executor must outlive the dispatcher's calls.
void register_demo_methods(Dispatcher& service, const InPool& in_pool);

}  // namespace rp
