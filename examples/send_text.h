#pragma once

#include <string>

#include "examples/server_url.h"
#include "reactor/reactor.h"

namespace rp {

/// Sends one JSON text as it is, a batch perhaps or no JSON at all, prints what
/// answers it on standard output, and returns when all is answered.
///
///     send_text(reactor, url, R"([{"jsonrpc":"2.0", ...}])", 30s);
///
/// Throws std::runtime_error when there is no connection, or no answer in time.
///
/// Thread rule: the loop's thread, while the loop does not run: it runs it.
void send_text(Reactor& reactor, const ServerUrl& server, std::string text,
               Duration timeout);

}  // namespace rp
