#include "pool/worker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/foreign_exception.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using State = PoolJob::State;

class Notes : public WorkerOwner {
 public:
  void job_ended(PoolJob& job) override {
    notes.push_back("ended " + std::to_string(job.id));
  }
  void worker_left(WorkerId id) override {
    notes.push_back("left " + std::to_string(id));
  }
  void stuck_worker_returned() override { notes.push_back("returned"); }

  std::vector<std::string> notes;
};

class Worker : public testing::Test {
 protected:
  std::shared_ptr<PoolJob> queue_job(JobId id,
                                     Function<void(std::stop_token)> work) {
    auto job = std::make_shared<PoolJob>(id, std::move(work));
    shared->queue.push(std::shared_ptr<PoolJob>(job));
    return job;
  }

  // Runs worker 9 on this thread until it leaves, then the loop.
  void serve() {
    shared->attendance.arrive();
    serve_queue(shared, 9, 0s);
    ASSERT_TRUE(run_until(reactor, [this, turns = 0]() mutable {
      return !owner.notes.empty() || ++turns > 10;
    }));
  }

  using Said = std::vector<std::string>;

  Notes owner;
  Reactor reactor;
  std::shared_ptr<PoolShared> shared = std::make_shared<PoolShared>(
      reactor, 8, static_cast<WorkerOwner*>(&owner));
};

TEST_F(Worker, ReportsEachEndAndThenThatItLeft) {
  const auto fine = queue_job(1, [](std::stop_token) {});
  const auto broken = queue_job(2, [](std::stop_token) { throw 1; });
  shared->queue.poison();
  serve();
  EXPECT_EQ(owner.notes, (Said{"ended 1", "ended 2", "left 9"}));
  EXPECT_EQ(fine->error, nullptr);
  EXPECT_NE(broken->error, nullptr);
}

TEST_F(Worker, HasAnErrorAlsoOfWhatIsNoCxxException) {
  const auto foreign = queue_job(1, [](std::stop_token) { throw_foreign(); });
  shared->queue.poison();
  serve();
  EXPECT_NE(foreign->error, nullptr);
}

TEST_F(Worker, LeavesAWithdrawnJobAlone) {
  bool ran = false;
  queue_job(1, [&](std::stop_token) { ran = true; })->state = State::withdrawn;
  shared->queue.poison();
  serve();
  EXPECT_EQ(owner.notes, Said{"left 9"});
  EXPECT_FALSE(ran);
}

TEST_F(Worker, LeavesWithItsJobWhenThatWasAbandoned) {
  std::shared_ptr<PoolJob> job;
  job = queue_job(1, [&](std::stop_token) {
    EXPECT_EQ(job->worker, 9u);
    EXPECT_TRUE(job->move(State::running, State::abandoned));
  });
  queue_job(2, [](std::stop_token) {});
  serve();
  EXPECT_EQ(owner.notes, Said{"returned"});
  EXPECT_EQ(shared->queue.size(), 1u);
}

TEST_F(Worker, FindsNobodyWhenThePoolIsGone) {
  queue_job(1, [](std::stop_token) {});
  shared->queue.poison();
  shared->owner = nullptr;
  serve();
  EXPECT_EQ(owner.notes, Said{});
}

TEST(Attendance, WaitsUntilAllHaveLeft) {
  Attendance attendance;
  attendance.arrive();
  attendance.arrive();
  std::thread first{[&] { attendance.leave(); }};
  std::thread second{[&] { attendance.leave(); }};
  EXPECT_TRUE(attendance.wait_for_all_to_leave(SteadyClock().now() + 1h));
  first.join();
  second.join();
}

TEST(Attendance, SaysWhenTheTimeIsOver) {
  Attendance attendance;
  attendance.arrive();
  EXPECT_FALSE(attendance.wait_for_all_to_leave(SteadyClock().now()));
  attendance.leave();
  EXPECT_TRUE(attendance.wait_for_all_to_leave(SteadyClock().now()));
}

}  // namespace
}  // namespace rp
