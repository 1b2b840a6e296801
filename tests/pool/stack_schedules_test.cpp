#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "pool/deadlines.h"
#include "pool/lanes.h"
#include "pool/meter.h"
#include "pool/strand.h"
#include "tests/support/executor_contract.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// All that can stand around an executor, in the order in which it should.
class Stack : public Executor {
 public:
  Stack(Reactor& reactor, Executor& inner)
      : lanes(reactor, inner, {{"slow", {.workers = 1, .capacity = 3}}}),
        strand(reactor, lanes, {.capacity = 5}),
        deadlines(reactor, strand, {.grace = 10ms}),
        meter(reactor, deadlines) {}

  JobId submit(Job job) override { return meter.submit(std::move(job)); }
  Cancelled cancel(JobId id) override { return meter.cancel(id); }
  void abandon(JobId id) override { meter.abandon(id); }

  Lanes lanes;
  Strand strand;
  Deadlines deadlines;
  Meter meter;
};

std::unique_ptr<Executor> make_stack(Reactor& reactor, Executor& inner) {
  return std::make_unique<Stack>(reactor, inner);
}

INSTANTIATE_TEST_SUITE_P(AroundAll, ExecutorContract,
                         testing::Values(AroundExecutor{"Stack", make_stack}),
                         [](const auto& around) { return around.param.name; });

// A random schedule on the simulated clock. In some the stack is destroyed
// while it has jobs, by a callback or between two.
class StackedSchedule {
 public:
  explicit StackedSchedule(unsigned seed) : random_(seed) {}

  void run() {
    for (int i = 0; i < 40; ++i) {
      reactor_.run_after(1ms * below(200), [this] { act(); });
    }
    if (below(4) == 0) {
      reactor_.run_after(1ms * below(300), [this] { stack_.reset(); });
    }
    reactor_.run_after(5s, [this] { give_up(); });
    reactor_.run_after(10s, [this] { look(); });
    reactor_.run_after(10s, [this] { reactor_.stop(); });
    reactor_.run();
    for (const Note& note : notes_) {
      if (note.settled != 1) fault("a job was settled so often", note.settled);
    }
  }

  // What went wrong first.
  const std::string& fault() const { return fault_; }

 private:
  struct Note {
    std::uint64_t key;
    TimePoint due;
    std::size_t settled = 0;
  };

  int below(int bound) {
    return std::uniform_int_distribution<int>(0, bound - 1)(random_);
  }

  void fault(const std::string& what, std::size_t number) {
    if (fault_.empty()) fault_ = what + ": " + std::to_string(number);
  }

  void act() {
    if (!stack_) return;
    calling_ = true;
    const int what = below(10);
    if (what == 0 && !ids_.empty()) {
      stack_->cancel(ids_[random_() % ids_.size()]);
    } else if (what == 1 && !ids_.empty()) {
      stack_->abandon(ids_[random_() % ids_.size()]);
    } else {
      submit();
    }
    calling_ = false;
    if (stack_->lanes.stats("slow").running > 1) fault("a full lane", 2);
    if (stack_->lanes.stats("slow").waiting > 3) fault("a long lane", 4);
    if (stack_->strand.waiting() > 5) fault("a long strand", 6);
  }

  void submit() {
    pool_.script({.length = 1ms * below(60),
                  .end = static_cast<SimExecutor::End>(below(3)),
                  .heeds_token = below(2) == 0});
    const std::size_t number = notes_.size();
    const Duration deadline = 1ms * below(80);
    notes_.push_back({.key = random_() % 4, .due = reactor_.now() + deadline});
    ids_.push_back(stack_->submit(
        {.work = [](std::stop_token) {},
         .settled = [this, number](Settled end) { settled(number, end.fate); },
         .deadline = deadline,
         .kind = below(2) == 0 ? "slow" : "quick",
         .key = notes_.back().key}));
  }

  void settled(std::size_t number, Fate fate) {
    Note& note = notes_[number];
    ++note.settled;
    if (calling_) fault("told inside a call of job", number);
    // Without its deadlines a job may take longer.
    if (stack_ && reactor_.now() > note.due) fault("told late", number);
    if (fate == Fate::finished && note.key != 0) {
      const auto last = last_of_key_.find(note.key);
      if (last != last_of_key_.end() && last->second > number) {
        fault("overtook one of its key", number);
      }
      last_of_key_[note.key] = number;
    }
    if (below(40) == 0) stack_.reset();
    if (below(5) == 0) act();
  }

  // Jobs that hang have no deadline once the stack is gone.
  void give_up() {
    if (stack_) return;
    for (JobId id = 1; id <= notes_.size(); ++id) pool_.abandon(id);
  }

  // All is over: the numbers are those of the notes.
  void look() {
    if (!stack_) return;
    const Meter::Numbers now = stack_->meter.total();
    const std::uint64_t settled = std::accumulate(
        std::begin(now.settled), std::end(now.settled), std::uint64_t{0});
    if (now.submitted != notes_.size()) fault("submitted", now.submitted);
    if (settled != notes_.size()) fault("settled", settled);
    if (now.waiting + now.running + now.retired != 0) fault("open", 1);
    if (pool_.running() != 0) fault("running", pool_.running());
    if (stack_->lanes.stats("slow").running != 0) fault("in its lane", 1);
    if (stack_->strand.waiting() != 0) fault("in the strand", 1);
  }

  std::mt19937 random_;
  FakeClock clock_;
  Reactor reactor_{
      std::make_unique<FakeTimePoller>(std::make_unique<EpollPoller>(), clock_),
      clock_};
  SimExecutor pool_{reactor_, {.workers = 2, .capacity = 3}};
  std::optional<Stack> stack_{std::in_place, reactor_, pool_};
  std::vector<Note> notes_;
  std::vector<JobId> ids_;
  std::map<std::uint64_t, std::size_t> last_of_key_;
  bool calling_ = false;
  std::string fault_;
};

TEST(StackedSchedules, EachJobOfAThousandIsSettledExactlyOnce) {
  const unsigned first = std::random_device{}();
  for (unsigned seed = first; seed != first + 1000; ++seed) {
    StackedSchedule schedule(seed);
    schedule.run();
    ASSERT_EQ(schedule.fault(), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace rp
