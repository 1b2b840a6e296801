#include <gtest/gtest.h>

#include "tests/support/process_workers_fixture.h"

namespace rp {
namespace {

// Jobs on process workers; what became of a line stands in ends_[line].
class MyWorkers : public ProcessWorkersFixture {};

RP_ON_BOTH_POLLERS(MyWorkers);

// What a worker has said when it dies is no answer before its newline.
TEST_P(MyWorkers, HaveNotAnsweredWhenTheyDie) {
  start({.command = shell("read line; printf half; exit 5"), .workers = 1});
  submit("a");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["a"].substr(0, 7), "failed:");
}

}  // namespace
}  // namespace rp
