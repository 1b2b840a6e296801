#pragma once

#include <cstddef>
#include <string>

#include "examples/flags.h"
#include "reactor/address.h"
#include "reactor/reactor.h"
#include "rpc/http_site.h"

namespace rp {

/// @file
/// What the programs that listen have in common.
///
///     warn_if_open("upload", given.address("http"), "store files");
///     HttpOptions options = options_of_hosts(given);
///     options.acceptor.connections = descriptors_left(given, 2);
///     HttpServer server{reactor, given.address("http"), options};
///     report_refusals(reactor, "upload");
///     announce("http://" + server.address().to_string());
///
/// Thread rule: one thread.

/// The flag `--NAME N`: port N of 127.0.0.1. Throws UsageError.
Address local_port(const Flags& given, const char* name);

/// Says on standard output, at once, where the program listens.
void announce(const std::string& where);

/// Says on standard error when connections begin to be refused: more are open
/// than may be, or no descriptor is left. It looks once a second, and says it
/// again when none was refused for a while.
void report_refusals(Reactor& reactor, const char* program);

/// Warns on standard error, unless only this machine reaches the address: who
/// does `may` do what the program does.
void warn_if_open(const char* program, const Address& address, const char* may);

/// The flag `--host NAME[:PORT]`; its help begins with `when`.
void declare_host(Flags& flags, const std::string& when = {});

/// Serves, and lets the pages call, under every name that was given by it; the
/// port of https, 443, may be named or not. Throws UsageError for what is no
/// name.
HttpOptions options_of_hosts(const Flags& given);

/// How many descriptors are left, one at least, when the program and its child
/// processes have their own. The soft limit is raised to the hard one; with
/// `--poller select` there are no more than that can watch.
std::size_t descriptors_left(const Flags& given, std::size_t processes);

}  // namespace rp
