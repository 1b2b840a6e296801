#include <gtest/gtest.h>

#include <string>

#include "tests/support/program.h"

namespace rp {
namespace {

#ifdef RP_NO_STACK_TRACE
constexpr const char* kThrownBy = "  (built without stack traces)\n";
#else
constexpr const char* kThrownBy = "  #0 double_of(int)\n";
#endif

TEST(PlainPill, HidesTheErrorOfAWorker) {
  EXPECT_EQ(Program("broken_one_error").rest(),
            "8 tasks, 7 results\nno error is known\n");
}

TEST(PlainPill, LeavesItsProducerWaitingWhenEveryWorkerFails) {
  EXPECT_EQ(Program("broken_every_error").rest(),
            "both workers are gone, 4 tasks are not\n"
            "the producer waits for the first of 6 results\n");
}

TEST(OnePill, SendsOneWorkerOfFourHome) {
  EXPECT_EQ(Program("broken_one_pill").rest(),
            "4 workers, 1 pill: 1 worker has left\n");
}

TEST(ShortTimeOut, BringsNothingAndTakesLong) {
  EXPECT_EQ(Program("broken_time_out").rest(),
            "results: 0, after seven times the time-out\n");
}

TEST(MendedByABatch, TheErrorOfAWorkerIsKnown) {
  const std::string said = Program("mended_one_error").rest();
  const std::string wanted =
      "2\n4\nfailed: task 3 cannot be doubled\n8\n10\n12\n14\n16\n"
      "std::runtime_error: task 3 cannot be doubled\n";
  EXPECT_TRUE(said.starts_with(wanted + kThrownBy)) << said;
}

TEST(MendedByABatch, EveryErrorIsAnOutcome) {
  EXPECT_EQ(Program("mended_every_error").rest(),
            "failed: 1 cannot be doubled\n"
            "failed: 2 cannot be doubled\n"
            "failed: 3 cannot be doubled\n"
            "failed: 4 cannot be doubled\n"
            "failed: 5 cannot be doubled\n"
            "failed: 6 cannot be doubled\n"
            "workers: 2\n"
            "stopped: 1 cannot be doubled, 5 tasks were not finished\n");
}

TEST(MendedByABatch, AllWorkersLeave) {
  EXPECT_EQ(Program("mended_one_pill").rest(),
            "by the queue: the sum is 36, 4 of 4 workers have left\n"
            "by a batch: the sum is 36, 4 of 4 workers have left\n");
}

TEST(MendedByABatch, TheBoundBoundsAndNamesWhatIsUnfinished) {
  EXPECT_EQ(Program("mended_time_out").rest(),
            "results: 6\n"
            "stopped: the batch's limit of 50 ms passed; "
            "unfinished: 0, 1, 2, 3, 4, 5\n"
            "task 0: finished\n"
            "task 1: finished\n"
            "task 2: finished\n"
            "task 3: the batch's limit of 1 s passed; unfinished: 3\n");
}

}  // namespace
}  // namespace rp
