#pragma once

#include <string>

#include "examples/server_url.h"
#include "reactor/reactor.h"

namespace rp {

/// Sends one JSON text as it is, a batch perhaps or no JSON at all, prints what
/// answers it on standard output, a JSON text a line, and returns when all is
/// answered.
///
///     send_text(reactor, url, R"([{"jsonrpc":"2.0", ...}])", 30s);
///
/// Throws std::runtime_error when there is no connection, when it ends before
/// the answer that is owed has come (or, if none is, in another way than by
/// the peer's proper end), when that is no JSON, and when time is over.
///
/// Thread rule: the loop's thread, while the loop does not run: it runs it.
void send_text(Reactor& reactor, const ServerUrl& server, std::string text,
               Duration timeout);

}  // namespace rp
