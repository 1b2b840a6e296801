#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/responder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"

namespace rp {

/// A test of a service without a wire: what a peer would receive is kept.
///
///     service_.method("add", on_loop, add);
///     peer_sends(request("add", "[2,3]"));
///     EXPECT_EQ(sent_, Lines{result("5")});
class ServiceTest : public ::testing::Test {
 protected:
  using Lines = std::vector<std::string>;

  explicit ServiceTest(ResponderLimits limits = {}, bool can_be_asked = true)
      : responder_(
            service_,
            std::make_shared<const CallContext>(
                CallContext{.loop = service_.loop(),
                            .arenas = service_.arenas(),
                            .link = link_,
                            .address = "a peer",
                            .headers = {},
                            .can_be_asked = can_be_asked,
                            .number = 1}),
            [this](std::string_view json) { sent_.emplace_back(json); },
            limits) {}

  void peer_sends(std::string_view json) { responder_.receive(json); }

  Function<bool()> sent(std::size_t answers) {
    return [this, answers] { return sent_.size() >= answers; };
  }

  /// Turns the loop until so many answers have been sent.
  bool wait_for(std::size_t answers) {
    return run_until(reactor_, sent(answers));
  }

  /// Turns the loop until nothing happens for `time` of the test's time.
  void run_for(Duration time) {
    reactor_.run_after(time, [this] { reactor_.stop(); });
    reactor_.run();
  }

  FakeClock clock_;
  Reactor reactor_{
      std::make_unique<FakeTimePoller>(make_poller("Epoll"), clock_), clock_};
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  std::shared_ptr<AskerLink> link_ = std::make_shared<AskerLink>();
  Lines sent_;
  Responder responder_;
};

}  // namespace rp
