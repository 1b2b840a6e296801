#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"
#include "tests/support/print_ready.h"

namespace rp {

/// A kind of poller, for tests that hold for each.
struct PollerKind {
  const char* name;
  std::unique_ptr<Poller> (*make)();
};

template <class SomePoller>
std::unique_ptr<Poller> make_one() {
  return std::make_unique<SomePoller>();
}

/// A test that runs on both pollers, without a reactor.
///
///     using PollerTest = PollerFixture;
///     RP_ON_BOTH_POLLERS_ALONE(PollerTest);
///     TEST_P(PollerTest, ReportsNothing) { EXPECT_TRUE(look().empty()); }
class PollerFixture : public ::testing::TestWithParam<PollerKind> {
 protected:
  static HandleId id(std::uint32_t slot, std::uint32_t generation = 1) {
    return {slot, generation};
  }

  /// What is ready now, sorted.
  std::vector<Ready> look() { return wait(Duration::zero()); }

  /// What the wait reports; that it forgets what was there before is tested
  /// each time.
  std::vector<Ready> wait(std::optional<Duration> timeout) {
    std::vector<Ready> ready{{id(99), true, true}};
    poller_->wait(timeout, ready);
    std::sort(ready.begin(), ready.end(), [](const Ready& a, const Ready& b) {
      return a.id.slot < b.id.slot;
    });
    return ready;
  }

  /// The errno of the std::system_error that the call throws; 0 if none.
  template <class Call>
  static int refusal(Call call) {
    try {
      call();
    } catch (const std::system_error& error) {
      return error.code().value();
    }
    return 0;
  }

  std::unique_ptr<Poller> poller_ = GetParam().make();
};

/// The tests of a suite are named Pollers/Suite.Test/Epoll and .../Select.
#define RP_ON_BOTH_POLLERS_ALONE(Suite)                                \
  INSTANTIATE_TEST_SUITE_P(                                            \
      Pollers, Suite,                                                  \
      ::testing::Values(PollerKind{"Epoll", make_one<EpollPoller>},    \
                        PollerKind{"Select", make_one<SelectPoller>}), \
      [](const auto& chosen) { return chosen.param.name; })

}  // namespace rp
