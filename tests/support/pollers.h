#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "reactor/function.h"
#include "reactor/poller.h"
#include "reactor/reactor.h"
#include "tests/support/fake_clock.h"

namespace rp {

/// A real poller over real descriptors, in a time that the test owns. It
/// never waits for a timer: when nothing is ready, it lets the time-out pass
/// on the clock. Without a time-out it waits for the kernel or for another
/// thread; after a minute in which nothing came it throws, and so it does
/// when a loop spins, so that a test fails and does not hang.
///
///     auto poller = std::make_unique<FakeTimePoller>(make_poller("epoll"),
///                                                    clock);
///     Reactor reactor(std::move(poller), clock);
///     reactor.run_after(1h, [&] { reactor.stop(); });  // at once
///
/// What one end of a Unix socket pair writes the other can read at once, so
/// with those a test's time cannot overtake its bytes.
///
/// Thread rule: the loop's thread. The clock must outlive it.
class FakeTimePoller : public Poller {
 public:
  FakeTimePoller(std::unique_ptr<Poller> real, FakeClock& clock)
      : real_(std::move(real)), clock_(clock) {}

  /// How many waits there were: a loop that spins has many.
  std::size_t waits() const { return waits_; }

  /// Runs once, when a wait is about to wait for the kernel.
  void before_blocking(Task task) { before_blocking_ = std::move(task); }

  std::string_view name() const override { return real_->name(); }
  void add(int fd, HandleId id, Interest interest) override;
  void modify(int fd, HandleId id, Interest interest) override;
  void remove(int fd) override;
  void wait(std::optional<Duration> timeout,
            std::vector<Ready>& ready) override;

 private:
  std::unique_ptr<Poller> real_;
  FakeClock& clock_;
  Task before_blocking_;
  std::size_t waits_ = 0;
  std::size_t long_waits_ = 0;
};

/// "Epoll" or "Select".
std::unique_ptr<Poller> make_poller(const std::string& name);

/// A test that runs on both pollers, with a reactor whose time it owns.
///
///     using Timers = OnBothPollers;
///     RP_ON_BOTH_POLLERS(Timers);
///     TEST_P(Timers, FireOnce) { reactor_.run_after(...); }
class OnBothPollers : public ::testing::TestWithParam<std::string> {
 protected:
  OnBothPollers() : OnBothPollers(GetParam()) {}

  /// Turns the loop until nothing happens for `time` of the test's time.
  void run_for(Duration time) {
    reactor_.run_after(time, [this] { reactor_.stop(); });
    reactor_.run();
  }

  std::vector<std::string> log_;  // declared first: handlers' ends may log
  FakeClock clock_;
  FakeTimePoller* poller_;  // the reactor owns it
  Reactor reactor_;

 private:
  explicit OnBothPollers(const std::string& name)
      : poller_(new FakeTimePoller(make_poller(name), clock_)),
        reactor_(std::unique_ptr<Poller>(poller_), clock_) {}
};

/// The tests of a suite are named Pollers/Suite.Test/Epoll and .../Select.
#define RP_ON_BOTH_POLLERS(Suite)                                \
  INSTANTIATE_TEST_SUITE_P(Pollers, Suite,                       \
                           ::testing::Values("Epoll", "Select"), \
                           [](const auto& test) { return test.param; })

}  // namespace rp
