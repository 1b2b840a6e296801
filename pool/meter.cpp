#include "pool/meter.h"

#include <utility>

#include "reactor/mutex.h"

namespace rp {

/// What the loop and the workers write into.
class Meter::Book {
 public:
  Book(Clock& clock, std::size_t most) : most_(most), clock_(&clock) {}

  /// Stuck workers may outlive the clock.
  void close() {
    Lock lock(mutex);
    clock_ = nullptr;
  }

  /// Not once it is closed.
  bool is_open() const REQUIRES(mutex) { return clock_ != nullptr; }
  TimePoint now() const REQUIRES(mutex) { return clock_->now(); }

  Numbers& of_kind(const std::string& kind) REQUIRES(mutex) {
    const bool known = kinds_.contains(kind);
    return kinds_[known || named() < most_ ? kind : std::string()];
  }
  const std::map<std::string, Numbers>& kinds() const REQUIRES(mutex) {
    return kinds_;
  }

  mutable Mutex mutex;

 private:
  std::size_t named() const REQUIRES(mutex) {
    return kinds_.size() - kinds_.count(std::string());
  }

  const std::size_t most_;
  Clock* clock_ GUARDED_BY(mutex);
  std::map<std::string, Numbers> kinds_ GUARDED_BY(mutex);
};

/// One job's line. Its work may return after it was settled.
class Meter::Entry {
 public:
  Entry(std::shared_ptr<Book> book, const std::string& kind)
      : book_(std::move(book)) {
    Lock lock(book_->mutex);
    last_ = book_->now();
    numbers_ = &book_->of_kind(kind);
    ++numbers_->submitted;
    ++numbers_->waiting;
  }

  void begin() {
    Lock lock(book_->mutex);
    if (!book_->is_open()) return;
    began_ = true;
    const TimePoint now = book_->now();
    numbers_->wait.record(now - std::exchange(last_, now));
    if (!settled_) --numbers_->waiting;
    ++(settled_ ? numbers_->retired : numbers_->running);
  }

  void end() {
    Lock lock(book_->mutex);
    if (!book_->is_open()) return;
    ended_ = true;
    numbers_->run.record(book_->now() - last_);
    if (settled_) --numbers_->retired;
  }

  void settle(Fate fate) {
    Lock lock(book_->mutex);
    settled_ = true;
    --(began_ ? numbers_->running : numbers_->waiting);
    if (began_ && !ended_) ++numbers_->retired;
    ++numbers_->settled[static_cast<std::size_t>(fate)];
  }

 private:
  const std::shared_ptr<Book> book_;
  Numbers* numbers_ = nullptr;  ///< a map's values stay where they are
  TimePoint last_;              ///< the last look at the clock
  bool began_ = false;
  bool ended_ = false;
  bool settled_ = false;
};

Meter::Meter(Reactor& reactor, Executor& inner, Options options)
    : reactor_(reactor),
      inner_(inner),
      book_(std::make_shared<Book>(reactor.clock(), options.kinds)) {}

Meter::~Meter() { book_->close(); }

JobId Meter::submit(Job job) {
  reactor_.check_thread("Meter::submit()");
  const auto entry = std::make_shared<Entry>(book_, job.kind);
  job.work = [entry,
              work = std::move(job.work)](std::stop_token token) mutable {
    entry->begin();
    struct Return {
      ~Return() { entry->end(); }
      const std::shared_ptr<Entry>& entry;
    } on_return{entry};
    work(std::move(token));
  };
  job.settled = [entry, settled = std::move(job.settled)](Settled end) mutable {
    entry->settle(end.fate);
    settled(std::move(end));
  };
  return inner_.submit(std::move(job));
}

std::map<std::string, Meter::Numbers> Meter::by_kind() const {
  Lock lock(book_->mutex);
  return book_->kinds();
}

Meter::Numbers Meter::total() const {
  Numbers total;
  Lock lock(book_->mutex);
  for (const auto& [kind, numbers] : book_->kinds()) total.add(numbers);
  return total;
}

void Meter::Numbers::add(const Numbers& other) {
  submitted += other.submitted;
  waiting += other.waiting;
  running += other.running;
  retired += other.retired;
  for (std::size_t fate = 0; fate < std::size(settled); ++fate) {
    settled[fate] += other.settled[fate];
  }
  wait.merge(other.wait);
  run.merge(other.run);
}

}  // namespace rp
