#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/function.h"
#include "rpc/dispatcher.h"

namespace rp {

/// One way to reach a service with JSON texts: what every wire has in common.
/// A new wire joins the suite of all by one more name and maker.
///
///     auto transport = make_transport("Tcp", service);
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

/// "Local", "Tcp", "Unix", "Stdio" or "ContentLength", its other framing.
std::unique_ptr<Transport> make_transport(std::string_view name,
                                          Dispatcher& service);

/// All of them, for INSTANTIATE_TEST_SUITE_P.
inline auto all_transports() {
  return ::testing::Values("Local", "Tcp", "Unix", "Stdio", "ContentLength");
}

}  // namespace rp
