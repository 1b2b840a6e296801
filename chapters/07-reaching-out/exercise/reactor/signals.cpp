#include "reactor/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "reactor/socket.h"

namespace rp {

namespace {

// All that the handler may touch: for each signal the pipe it writes to.
std::array<std::atomic<int>, NSIG> pipes;
constexpr int kUnwatched = 0;  // descriptor 0 is never our pipe's write end

// How many handlers run now, on any thread.
std::atomic<int> inside{0};

static_assert(std::atomic<int>::is_always_lock_free);

// A full pipe loses nothing that matters: the loop will be woken.
extern "C" void write_signal_to_pipe(int signal) {
  ++inside;
  const int pipe = pipes[static_cast<std::size_t>(signal)].load();
  // Exercise 7.3: this draft says that a signal came, but not which. And the
  // code that was interrupted may be about to look at errno: leave it alone.
  const unsigned char byte = 0;
  [[maybe_unused]] ssize_t written = 0;
  if (pipe != kUnwatched) written = ::write(pipe, &byte, 1);
  --inside;
}

std::string name_of(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? "SIG" + std::string(name) : std::to_string(signal);
}

}  // namespace

HandleId Signals::start(Reactor& reactor, std::initializer_list<int> signals,
                        Callback callback) {
  return reactor.add(std::make_unique<Signals>(signals, std::move(callback)),
                     Interest::reading(), Lifetime::background);
}

void Signals::ignore_broken_pipes() { ::signal(SIGPIPE, SIG_IGN); }

void Signals::ignore_file_limits() { ::signal(SIGXFSZ, SIG_IGN); }

Signals::Signals(std::initializer_list<int> signals, Callback callback)
    : callback_(std::move(callback)) {
  int ends[2];
  if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0) {
    throw_errno("pipe for signals");
  }
  read_end_.reset(ends[0]);
  write_end_.reset(ends[1]);
  try {
    for (const int signal : signals) watch(signal);
  } catch (...) {
    unwatch_all();
    throw;
  }
}

Signals::~Signals() { unwatch_all(); }

void Signals::watch(int signal) {
  if (signal < 1 || signal >= NSIG) throw_errno("watch a signal", EINVAL);
  auto& pipe = pipes[static_cast<std::size_t>(signal)];
  int nobody = kUnwatched;
  if (!pipe.compare_exchange_strong(nobody, write_end_.get())) {
    throw std::logic_error(name_of(signal) + " is watched already");
  }
  Watched watched{signal, {}};
  struct sigaction action = {};
  action.sa_handler = write_signal_to_pipe;
  action.sa_flags = SA_RESTART;
  ::sigfillset(&action.sa_mask);
  if (::sigaction(signal, &action, &watched.before) < 0) {
    const int number = errno;
    pipe = kUnwatched;
    throw_errno("watch " + name_of(signal), number);
  }
  watched_.push_back(watched);
}

void Signals::unwatch_all() {
  for (const Watched& watched : watched_) {
    ::sigaction(watched.signal, &watched.before, nullptr);
    pipes[static_cast<std::size_t>(watched.signal)] = kUnwatched;
  }
  watched_.clear();
  // Another thread may be about to write into our pipe.
  while (inside != 0) std::this_thread::yield();
}

void Signals::on_readable() {
  // Exercise 7.3: of all that this draft has read, a callback that throws
  // leaves the rest untold. Read as much as one call tells, again after EINTR.
  unsigned char bytes[64];
  const ssize_t count = ::read(fd(), bytes, sizeof bytes);
  for (ssize_t i = 0; i < count; ++i) callback_(bytes[i]);
}

}  // namespace rp
