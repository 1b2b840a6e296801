#pragma once

#include <exception>

#include "examples/flags.h"
#include "rpc/discover.h"

namespace rp {

/// `rpc_server --worker`: the same methods on standard input and output. It is
/// what the server starts as its children, and what an editor may start, or
/// any other process. All of them run on the loop, where nothing interrupts
/// them: deadlines are for whoever has started it, by killing it.
///
///     if (given.has("worker")) return serve_parent(given);
///
/// Returns when the input has ended and all is answered; after SIGTERM or
/// SIGINT when all that came before is answered. (A server kills its children
/// itself, and however it dies they do.) Throws UsageError for flags that do
/// not go with it, std::runtime_error when a standard descriptor is closed or
/// fails, or when nobody can tell where in the input a message begins.
///
/// Thread rule: it makes the program's only loop, on this thread.
int serve_parent(const Flags& given);

/// What the server and its worker say of their service.
inline const ServiceInfo kServiceInfo{.title = "rpc_server", .version = "0.5"};

/// Says on standard error what a callback has thrown.
void report_error(const std::exception_ptr& error);

}  // namespace rp
