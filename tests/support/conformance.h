#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "rpc/dispatcher.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"
#include "tests/support/transports.h"

namespace rp {

/// A test that every wire passes, on both pollers, with the methods of the
/// specification's examples and some of ours. The cases are compiled once; a
/// test file names the wires that they are to pass over:
///
///     RP_OVER_TRANSPORTS(SpecificationTest, basic_transports());
class OverTransports
    : public ::testing::TestWithParam<std::tuple<TransportKind, std::string>> {
 protected:
  OverTransports();

  /// Sends a JSON text, which may be printed on several lines.
  void send(std::string json);

  /// The text that answers this one.
  std::string exchange(const std::string& json);

  /// Holds if a text is answered by nothing: what is sent behind it is
  /// answered first.
  ::testing::AssertionResult is_silent(const std::string& json);

  FakeClock clock_;
  Reactor reactor_{std::make_unique<FakeTimePoller>(
                       make_poller(std::get<1>(GetParam())), clock_),
                   clock_};
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  std::vector<Reply> kept_;         ///< of calls of "later"
  std::vector<std::string> noted_;  ///< notifications of the examples
  std::unique_ptr<Transport> peer_ = std::get<0>(GetParam()).make(service_);

 private:
  void add_examples();
  void add_ours();
};

/// The examples of the specification.
class SpecificationTest : public OverTransports {};

/// What else holds for calls on every wire.
class ConformanceTest : public OverTransports {};

/// What holds on wires that carry messages both ways, many at a time.
class ConversationTest : public OverTransports {};

/// Named Wires/Suite.Test/TcpEpoll and so on.
#define RP_OVER_TRANSPORTS(Suite, transports)                   \
  INSTANTIATE_TEST_SUITE_P(                                     \
      Wires, Suite,                                             \
      ::testing::Combine(::testing::ValuesIn(transports),       \
                         ::testing::Values("Epoll", "Select")), \
      [](const auto& wire) {                                    \
        return std::string(std::get<0>(wire.param).name) +      \
               std::get<1>(wire.param);                         \
      })

}  // namespace rp
