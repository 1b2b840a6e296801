#include "pool/job_watch.h"

#include <map>
#include <thread>
#include <utility>

#include "reactor/mutex.h"

namespace rp {

/// What the loop and the workers write into.
class JobWatch::Book {
 public:
  Book(Clock& clock, Observer observer)
      : clock_(&clock), observer_(std::move(observer)) {}

  /// Stuck workers may outlive the clock and the observer.
  void close() {
    Lock lock(mutex_);
    clock_ = nullptr;
  }

  /// Returns the lane; 0: nobody looks any more.
  std::size_t begin(const std::string& kind, JobId id) {
    Lock lock(mutex_);
    if (clock_ == nullptr) return 0;
    const std::size_t lane = lane_of_this_thread();
    lanes_[lane] = {lane, kind, id, clock_->now(), false};
    return lane;
  }

  void end(std::size_t lane) {
    Lock lock(mutex_);
    if (lane == 0 || clock_ == nullptr) return;
    Worker& worker = lanes_.at(lane);
    if (worker.retired) {
      lanes_.erase(lane);
    } else {
      tell(worker);
      worker = Worker();
      worker.lane = lane;
    }
  }

  void retire(std::size_t lane) {
    Lock lock(mutex_);
    if (lane == 0 || clock_ == nullptr) return;
    Worker& worker = lanes_.at(lane);
    worker.retired = true;
    tell(worker);
    std::erase_if(threads_,
                  [lane](const auto& thread) { return thread.second == lane; });
  }

  std::vector<Worker> workers() const {
    Lock lock(mutex_);
    std::vector<Worker> all;
    for (const auto& [lane, worker] : lanes_) all.push_back(worker);
    return all;
  }

 private:
  std::size_t lane_of_this_thread() REQUIRES(mutex_) {
    std::size_t& lane = threads_[std::this_thread::get_id()];
    if (lane != 0) return lane;
    for (lane = 1; lanes_.contains(lane);) ++lane;
    return lane;
  }

  void tell(const Worker& worker) REQUIRES(mutex_) {
    if (!observer_) return;
    observer_({worker.lane, worker.job, worker.id, worker.since,
               clock_->now() - worker.since, worker.retired});
  }

  mutable Mutex mutex_;
  Clock* clock_ GUARDED_BY(mutex_);
  Observer observer_ GUARDED_BY(mutex_);
  std::map<std::thread::id, std::size_t> threads_ GUARDED_BY(mutex_);
  std::map<std::size_t, Worker> lanes_ GUARDED_BY(mutex_);
};

/// One job: its work on its thread, its end on the loop.
class JobWatch::Entry {
 public:
  Entry(std::shared_ptr<Book> book, std::string kind)
      : book_(std::move(book)), kind_(std::move(kind)) {}

  void run(Function<void(std::stop_token)>& work, std::stop_token token) {
    struct Return {
      ~Return() { entry.leave(); }
      Entry& entry;
    } on_return{*this};
    enter();
    work(std::move(token));
  }

  void settle() {
    Lock lock(mutex_);
    settled_ = true;
    if (running_) book_->retire(lane_);
  }

  void set_id(JobId id) {
    Lock lock(mutex_);
    id_ = id;
  }

 private:
  void enter() {
    Lock lock(mutex_);
    running_ = true;
    lane_ = book_->begin(kind_, id_);
    if (settled_) book_->retire(lane_);
  }

  void leave() {
    Lock lock(mutex_);
    running_ = false;
    book_->end(lane_);
  }

  const std::shared_ptr<Book> book_;
  const std::string kind_;
  Mutex mutex_;
  JobId id_ GUARDED_BY(mutex_) = 0;
  std::size_t lane_ GUARDED_BY(mutex_) = 0;
  bool running_ GUARDED_BY(mutex_) = false;
  bool settled_ GUARDED_BY(mutex_) = false;
};

JobWatch::JobWatch(Reactor& reactor, Executor& inner, Observer observer)
    : reactor_(reactor),
      inner_(inner),
      book_(std::make_shared<Book>(reactor.clock(), std::move(observer))) {}

JobWatch::~JobWatch() { book_->close(); }

// The pool hands jobs over at the end of the phase, so the id is known before
// the work begins.
JobId JobWatch::submit(Job job) {
  reactor_.check_thread("JobWatch::submit()");
  const auto entry = std::make_shared<Entry>(book_, job.kind);
  job.work = [entry,
              work = std::move(job.work)](std::stop_token token) mutable {
    entry->run(work, std::move(token));
  };
  job.settled = [entry, settled = std::move(job.settled)](Settled end) mutable {
    entry->settle();
    settled(std::move(end));
  };
  const JobId id = inner_.submit(std::move(job));
  entry->set_id(id);
  return id;
}

std::vector<JobWatch::Worker> JobWatch::workers() const {
  return book_->workers();
}

}  // namespace rp
