#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/function.h"
#include "rpc/dispatcher.h"

namespace rp {

/// One way to reach a service with JSON texts: what every wire has in common.
///
///     auto transport = basic_transports()[0].make(service);
///     transport->send(request("add", "[2,3]"));
///     ASSERT_TRUE(run_until(reactor, transport->has(1)));
///
/// Thread rule: the loop's thread. The service must outlive it.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Sends one JSON text, a message or none.
  virtual void send(std::string_view json) = 0;

  /// All JSON texts that came back so far.
  virtual const std::vector<std::string>& received() = 0;

  /// Holds when so many have come back.
  Function<bool()> has(std::size_t texts) {
    return [this, texts] { return received().size() >= texts; };
  }
};

/// A wire by its name. A new one joins the suites of all (conformance.h) by one
/// more name and maker.
struct TransportKind {
  const char* name;
  std::unique_ptr<Transport> (*make)(Dispatcher& service);
};

inline std::ostream& operator<<(std::ostream& out, const TransportKind& kind) {
  return out << kind.name;
}

/// Local, Tcp, Unix, Stdio, and ContentLength, which is its other framing.
std::vector<TransportKind> basic_transports();

}  // namespace rp
