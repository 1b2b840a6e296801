#include "pool/batch.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace rp {

namespace {

constexpr std::size_t kTasksAWorker = 2;
constexpr std::size_t kMostWorkers = 1'000'000;

Clock& steady_clock() {
  static SteadyClock clock;
  return clock;
}

TimePoint later(TimePoint begin, Duration delay) {
  return begin + std::min(delay, TimePoint::max() - begin);
}

}  // namespace

// The caller's side of one run.
class BatchRun {
 public:
  BatchRun(Batch& batch, BatchSource& source);
  void run();

 private:
  void work();
  void feed();
  void hire();
  void start_worker();
  void take(BatchReport report);
  void expire_tasks();
  void leave();
  void name_unfinished();
  bool asks_for_the_end() const;
  void throw_what_went_wrong();
  void settle_unfinished();
  void settle(std::size_t task, const Settled& end, BatchTask* done);
  void keep_errors();
  void keep(BatchError error);
  BatchExpired what_passed() const;
  TimePoint wake_up() const;
  bool stops() const { return options_.on_error == OnError::stop; }

  Batch& batch_;
  BatchSource& source_;
  const Batch::Options& options_;
  const TimePoint deadline_;
  const std::size_t window_;
  std::shared_ptr<BatchCrew> crew_;
  std::map<std::size_t, std::thread> workers_;  // but those left alone
  std::set<std::size_t> open_;                  // taken and not ended
  std::set<std::size_t> given_up_;              // their limit passed
  std::vector<std::size_t> never_settled_;
  std::size_t fed_ = 0;
  bool all_fed_ = false;
  bool more_ = false;  // that the source has not given
  bool late_ = false;
  bool telling_ = true;
};

BatchRun::BatchRun(Batch& batch, BatchSource& source)
    : batch_(batch),
      source_(source),
      options_(batch.options_),
      deadline_(later(batch.clock_.now(), options_.limit)),
      window_(kTasksAWorker * options_.parallelism),
      crew_(std::make_shared<BatchCrew>(options_.parallelism, window_, stops(),
                                        batch.clock_, batch.stuck_)) {}

void BatchRun::run() {
  try {
    work();
  } catch (...) {
    // Those at work may still refer to what the caller is about to destroy.
    telling_ = false;
    all_fed_ = true;
    crew_->stop_all();
    work();
    throw;
  }
  stops() ? throw_what_went_wrong() : settle_unfinished();
}

void BatchRun::work() {
  while (!(late_ = batch_.clock_.now() >= deadline_)) {
    feed();
    if (workers_.empty()) break;
    if (auto report = crew_->result.pop_until(wake_up())) {
      take(*std::move(report));
    }
    expire_tasks();
  }
  leave();
  name_unfinished();
}

void BatchRun::feed() {
  while (!all_fed_ && open_.size() < window_) {
    auto task = source_.next(fed_);
    if (!task) {
      all_fed_ = batch_.saw_end_ = true;
      crew_->input.poison();
      break;
    }
    open_.insert(fed_++);
    // Refused: somebody has stopped the batch.
    all_fed_ = !crew_->input.try_push(std::move(task));
    if (!all_fed_) hire();
  }
  if (crew_->input.size() > 0) hire();
}

// Exercise 11.3: start workers while there are fewer than open tasks and fewer
// than may work. That is `parallelism`, less those stuck workers that are more
// than `stuck` allows to replace.
void BatchRun::hire() {
  while (workers_.size() < options_.parallelism) start_worker();
}

void BatchRun::start_worker() {
  const std::size_t worker = batch_.workers_started_;
  try {
    workers_.emplace(worker, [crew = crew_, worker] { crew->serve(worker); });
  } catch (const std::system_error& error) {
    throw std::system_error(error.code(), "start a worker thread");
  }
  ++batch_.workers_started_;
}

void BatchRun::take(BatchReport report) {
  if (!report.task) {
    const auto found = workers_.find(report.worker);
    found->second.join();
    workers_.erase(found);
    return;
  }
  open_.erase(report.task->index);
  if (report.error) keep_errors();
  const Fate fate = report.error ? Fate::failed : Fate::finished;
  settle(report.task->index, {fate, report.error}, report.task.get());
}

void BatchRun::expire_tasks() {
  if (options_.task_limit == Duration::max()) return;
  const auto left =
      crew_->leave_alone(batch_.clock_.now() - options_.task_limit);
  for (const auto& [worker, task] : left) {
    workers_.at(worker).detach();
    workers_.erase(worker);
    open_.erase(task);
    given_up_.insert(task);
  }
  if (!left.empty() && stops()) crew_->stop_all();
  for (const auto& [worker, task] : left) {
    const auto error =
        std::make_exception_ptr(BatchExpired(options_.task_limit, task));
    keep_errors();
    keep(BatchError::of(error, task, worker, {}));
    settle(task, {Fate::expired, error}, nullptr);
  }
}

// Ends the service of all: those in a task are left alone, the others need no
// more than a moment. A task that heeds its token at once is late all the same;
// what has arrived is not, also from those that are stuck in a later task.
void BatchRun::leave() {
  crew_->start_nothing();
  for (const auto& [worker, task] : crew_->leave_all()) {
    workers_.at(worker).detach();
    workers_.erase(worker);
  }
  while (!workers_.empty()) take(*crew_->result.pop());
  while (auto report = crew_->result.try_pop()) take(*std::move(report));
}

void BatchRun::name_unfinished() {
  auto& unfinished = batch_.unfinished_;
  unfinished.assign(given_up_.begin(), given_up_.end());
  never_settled_.assign(open_.begin(), open_.end());
  const std::size_t known = fed_ + source_.still_there();
  for (std::size_t task = fed_; task < known; ++task) {
    never_settled_.push_back(task);
  }
  unfinished.insert(unfinished.end(), never_settled_.begin(),
                    never_settled_.end());
  std::sort(unfinished.begin(), unfinished.end());
  if (!asks_for_the_end()) return;
  more_ = known == fed_ && !source_.at_end();
  batch_.saw_end_ = known == fed_ && !more_;
}

// To ask may mean to wait; an error is to be told without.
bool BatchRun::asks_for_the_end() const {
  const bool failed = stops() && batch_.first_error() != nullptr;
  return telling_ && !batch_.saw_end_ && !failed;
}

void BatchRun::throw_what_went_wrong() {
  if (const BatchError* first = batch_.first_error()) {
    std::rethrow_exception(first->error);
  }
  if (more_ || !never_settled_.empty()) throw what_passed();
}

BatchExpired BatchRun::what_passed() const {
  if (late_) return {options_.limit, never_settled_, more_};
  return {batch_.stuck(), never_settled_, more_};
}

void BatchRun::settle_unfinished() {
  const Settled end{late_ ? Fate::expired : Fate::refused,
                    std::make_exception_ptr(what_passed())};
  for (const std::size_t task : never_settled_) settle(task, end, nullptr);
}

void BatchRun::settle(std::size_t task, const Settled& end, BatchTask* done) {
  if (telling_) source_.settle(task, end, done);
}

void BatchRun::keep_errors() {
  while (auto error = crew_->error.try_pop()) keep(*std::move(error));
}

// Exercise 11.3: count it, and keep it if fewer than errors_kept are kept. The
// first is always kept: it is what run() throws.
void BatchRun::keep(BatchError error) {
  batch_.errors_.push_back(std::move(error));
}

TimePoint BatchRun::wake_up() const {
  const TimePoint now = batch_.clock_.now();
  TimePoint due = deadline_;
  if (options_.task_limit != Duration::max()) {
    // What starts while we wait is due later than that.
    const TimePoint first = crew_->earliest_start().value_or(now);
    due = std::min(due, later(first, options_.task_limit));
  }
  if (due == TimePoint::max()) return due;
  return later(SteadyClock().now(), due - now);
}

Batch::Batch(Options options) : Batch(options, steady_clock()) {}

Batch::Batch(Options options, Clock& clock)
    : options_(options),
      clock_(clock),
      stuck_(std::make_shared<std::atomic<std::size_t>>(0)) {
  if (options.parallelism == 0) {
    throw std::invalid_argument("a batch needs a parallelism of at least 1");
  }
  if (options.parallelism > kMostWorkers) {
    throw std::invalid_argument("a batch has at most 1,000,000 workers");
  }
  options_.limit = std::max(options.limit, Duration::zero());
  options_.task_limit = std::max(options.task_limit, Duration::zero());
}

const BatchError* Batch::first_error() const {
  return errors_.empty() ? nullptr : &errors_.front();
}

void Batch::run_tasks(BatchSource& source) {
  errors_.clear();
  error_count_ = 0;
  unfinished_.clear();
  workers_started_ = 0;
  saw_end_ = false;
  BatchRun(*this, source).run();
}

}  // namespace rp
