#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include "examples/flags.h"
#include "reactor/address.h"
#include "reactor/reactor.h"
#include "rpc/http_site.h"

namespace rp {

/// @file
/// What the programs that listen have in common.
///
///     const Address wanted = ip_address(given, "http");
///     warn_if_open("upload", wanted, "store files");
///     HttpOptions options = options_of_hosts(given);
///     options.acceptor.connections = descriptors_left(given, 2);
///     HttpServer server{reactor, wanted, options};
///     report_refusals(reactor, "upload");
///     announce_page(server.address());
///
/// Thread rule: one thread.

/// The flag `--NAME N`: port N of 127.0.0.1. Throws UsageError.
Address local_port(const Flags& given, const char* name);

/// The flag `--NAME HOST:PORT`. Throws UsageError, for a Unix path, too.
Address ip_address(const Flags& given, const char* name);

/// "tcp 127.0.0.1:7000"; of a Unix path, whatever the wire, "unix a.sock".
std::string on_wire(const std::string& wire, const Address& address);

/// Says at once where the program listens.
void announce(const std::string& where, std::FILE* out = stdout);

/// The same of a server for HTTP, and what a browser calls it.
void announce_page(const Address& address, std::FILE* out = stdout);

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
