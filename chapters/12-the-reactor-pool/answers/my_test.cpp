#include <gtest/gtest.h>

#include <vector>

#include "pool/thread_pool.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

TEST(MyTest, NobodyIsToldInsideTheCall) {
  Reactor reactor;
  ThreadPool pool{reactor, {.workers = 1, .capacity = 1}};
  std::vector<Fate> told;
  const auto submit = [&] {
    pool.submit({.work = [](std::stop_token) {},
                 .settled = [&](Settled end) { told.push_back(end.fate); }});
  };
  submit();
  submit();
  EXPECT_TRUE(told.empty());
  ASSERT_TRUE(run_until(reactor, [&] { return told.size() == 2; }));
  EXPECT_EQ(told, (std::vector{Fate::refused, Fate::finished}));
}

}  // namespace
}  // namespace rp
