#include "reactor/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "reactor/mutex.h"
#include "reactor/reactor.h"
#include "reactor/socket.h"
#include "reactor/unique_fd.h"

namespace rp {

/// What threads and the loop share. It outlives whoever lets go first.
class Mailbox::Core {
 public:
  Core() : wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!wake_) throw_errno("eventfd for a mailbox");
  }

  int fd() const { return wake_.get(); }

  bool post(Task task) {
    Lock lock(mutex_);
    if (!open_) return false;
    tasks_.push_back(std::move(task));
    // Exercise 9.2: this draft wakes the loop for each task. Remember, in a
    // member of your own, that a wake-up is under way; one is enough.
    wake();
    return true;
  }

  // Tasks that come after this are for the next tick, and wake it.
  void take(std::vector<Task>& tasks) {
    std::uint64_t wakes = 0;
    while (::read(fd(), &wakes, sizeof wakes) < 0 && errno == EINTR) {
    }
    Lock lock(mutex_);
    tasks.swap(tasks_);
    // Exercise 9.2: that wake-up is over. The next task needs one of its own.
  }

  // An eventfd write fails only when its counter is full: awake already.
  void wake() {
    const std::uint64_t one = 1;
    while (::write(fd(), &one, sizeof one) < 0 && errno == EINTR) {
    }
  }

  void close() {
    // Exercise 9.2: what is left here will never run: destroy it. What a task
    // holds may post when it is destroyed, so do not hold the lock then.
    Lock lock(mutex_);
    open_ = false;
  }

 private:
  UniqueFd wake_;
  Mutex mutex_;
  std::vector<Task> tasks_ GUARDED_BY(mutex_);
  bool open_ GUARDED_BY(mutex_) = true;
};

class Mailbox::Handler : public EventHandler {
 public:
  explicit Handler(std::shared_ptr<Core> core) : core_(std::move(core)) {}

  int fd() const override { return core_->fd(); }

  void on_readable() override {
    // Exercise 9.3: this draft destroys no task before all have run, and goes
    // on when an exception has ended the run (invoke() says false). Keep the
    // rest for the next run then, and see that the loop is awake for it.
    take_all();
    for (Task& task : tasks_) {
      reactor().invoke("task", 0, [&task] { task(); });
    }
  }

  void on_closed(CloseReason) override { core_->close(); }

 private:
  void take_all() {
    // The memory of a flood is given back, that of a busy tick is kept.
    if (tasks_.capacity() > kKeptTasks) tasks_ = std::vector<Task>();
    tasks_.clear();
    next_ = 0;
    core_->take(tasks_);
  }

  static constexpr std::size_t kKeptTasks = 4096;

  std::shared_ptr<Core> core_;
  std::vector<Task> tasks_;
  std::size_t next_ = 0;
};

Mailbox::Mailbox(Reactor& reactor) : core_(std::make_shared<Core>()) {
  reactor.add(std::make_unique<Handler>(core_), Interest::reading(),
              Lifetime::background);
}

bool Mailbox::post(Task task) const { return core_->post(std::move(task)); }

}  // namespace rp
