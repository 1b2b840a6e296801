#include <future>
#include <memory>
#include <string>
#include <vector>

#include "pool/strand.h"
#include "rpc/status.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/children.h"
#include "tests/support/metrics_parser.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Real threads; a job waits in them until the test lets it go.
class StatusOfWorkers : public ServiceTest {
 protected:
  void submit(Executor& executor, std::string kind,
              std::optional<Duration> deadline = std::nullopt) {
    executor.submit({.work = [gate = gate_](std::stop_token) { gate.wait(); },
                     .settled = [this](Settled) { ++settled_; },
                     .deadline = deadline,
                     .kind = std::move(kind),
                     .key = 7});
  }

  static std::string lane(const Value& part, std::size_t index) {
    const auto workers = part.find("workers")->items();
    if (index >= workers.size()) return "none";
    const Value worker = workers[index];
    std::string text(worker.find("lane")->as_string());
    text += " " + to_json(*worker.find("job")) + " ";
    return text + std::string(worker.find("state")->as_string());
  }

  Value part(const char* name) { return *status_->report(arena_).find(name); }

  std::promise<void> open_;
  std::shared_future<void> gate_ = open_.get_future().share();
  Arena arena_;
  int settled_ = 0;
  std::optional<Status> status_;
};

TEST_F(StatusOfWorkers, ShowsTheJobOfEachThreadAndThoseThatWait) {
  ThreadPool threads(reactor_, {.workers = 2, .capacity = 8});
  JobWatch watch(reactor_, threads);
  Strand strand(reactor_, watch);
  status_.emplace(
      service_,
      Status::Parts{.threads = &threads, .jobs = &watch, .queues = {&strand}});
  for (int i = 0; i < 3; ++i) submit(strand, "primes");
  ASSERT_TRUE(run_until(reactor_, [&] { return !watch.workers().empty(); }));
  const Value pool = part("pool");
  EXPECT_EQ(lane(pool, 0), "thread-1 \"primes\" busy");
  EXPECT_EQ(lane(pool, 1), "thread-2 null idle");
  EXPECT_EQ(to_json(*pool.find("waiting")), "2");
  EXPECT_EQ(to_json(*pool.find("capacity")), "8");
  open_.set_value();
  ASSERT_TRUE(run_until(reactor_, [this] { return settled_ == 3; }));
  EXPECT_EQ(to_json(*part("pool").find("settled")),
            R"({"finished":3,"failed":0,"expired":0,"refused":0,"dropped":0})");
}

TEST_F(StatusOfWorkers, ShowsARetiredThreadBesideTheOneThatTookItsPlace) {
  ThreadPool threads(reactor_, {.workers = 1});
  JobWatch watch(reactor_, threads);
  Deadlines deadlines(reactor_, watch, {.grace = 100ms});
  status_.emplace(service_, Status::Parts{.threads = &threads,
                                          .jobs = &watch,
                                          .deadlines = &deadlines});
  submit(deadlines, "stuck", 1s);
  ASSERT_TRUE(run_until(reactor_, [&] { return !watch.workers().empty(); }));
  clock_.advance(2s);
  ASSERT_TRUE(run_until(reactor_, [this] { return settled_ == 1; }));
  clock_.advance(2s);
  ASSERT_TRUE(run_until(reactor_, [&] { return threads.stats().stuck == 1; }));
  const Value pool = part("pool");
  EXPECT_EQ(lane(pool, 0), "thread-1 \"stuck\" retired");
  EXPECT_EQ(lane(pool, 1), "thread-2 null idle");
  EXPECT_EQ(to_json(*pool.find("retired")), "1");
  EXPECT_EQ(
      metric(parse_metrics(status_->metrics()), "rp_pool_retired_workers"), 1);
  EXPECT_EQ(to_json(*pool.find("settled")->find("expired")), "1");
  open_.set_value();
  ASSERT_TRUE(run_until(reactor_, [&] { return threads.stats().stuck == 0; }));
}

TEST_F(StatusOfWorkers, ShowsWhatEachChildDoes) {
  ProcessWorkers workers(reactor_,
                         {.command = shell("read -r line; exec sleep 1000"),
                          .workers = 2,
                          .name = "w"});
  status_.emplace(service_, Status::Parts{.processes = &workers});
  workers.submit("x", {}, {}, {}, "spin");
  clock_.advance(30ms);
  const Value processes = part("processes");
  EXPECT_EQ(lane(processes, 0), "process-1 \"spin\" busy");
  EXPECT_EQ(lane(processes, 1), "process-2 null idle");
  EXPECT_EQ(to_json(*processes.find("started")), "2");
  EXPECT_EQ(to_json(*processes.find("killed")), "0");
  const auto families = parse_metrics(status_->metrics());
  EXPECT_EQ(metric(families, "rp_process_started_total"), 2);
  EXPECT_EQ(metric(families, "rp_process_killed_total"), 0);
  const Value first = processes.find("workers")->items()[0];
  EXPECT_EQ(first.find("pid")->as_int64(), workers.pids()[0]);
  EXPECT_EQ(to_json(*first.find("running_us")), "30000");
}

}  // namespace
}  // namespace rp
