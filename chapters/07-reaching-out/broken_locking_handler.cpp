#include <csignal>
#include <cstdio>
#include <mutex>

// A log that threads share has a mutex, and the signal handler says goodbye in
// the log. The signal comes while a line is being written: here it always
// does. The handler waits for the lock, and who holds it waits for the
// handler, for they are one thread.
//
// Promise: does not end within 1 s

static std::mutex mutex;

template <class During>
static void log_line(const char* text, During during) {
  const std::lock_guard<std::mutex> lock(mutex);
  std::fputs(text, stdout);
  during();
  std::fputs("\n", stdout);
  std::fflush(stdout);
}

static void say_goodbye(int) {
  log_line("goodbye", [] {});
}

int main() {
  std::signal(SIGTERM, say_goodbye);
  log_line("hello", [] {});
  log_line("how do", [] { std::raise(SIGTERM); });
  log_line("and on", [] {});
}
