#pragma once

#include <cstddef>
#include <cstdint>

#include "examples/flags.h"
#include "reactor/acceptor.h"

namespace rp {

/// The command line of rpc_server, and what its numbers mean together.
///
///     Flags flags = server_flags();
///     return run_program(flags, argc, argv, serve);
///
/// Thread rule: one thread.
Flags server_flags();

/// The most workers, be they threads or processes.
inline constexpr std::int64_t kMostWorkers = 1024;

/// A flag's number, from 1 to `most`; throws UsageError.
std::size_t number_of(const Flags& given, const char* flag, std::int64_t most);

/// How many connections each wire (`--tcp`, `--unix`, `--http`) may have, so
/// that there is a descriptor for each: its share of what is left of the limit,
/// whose soft value is raised to the hard one, when the server has its own.
AcceptorLimits connection_limits(const Flags& given);

}  // namespace rp
