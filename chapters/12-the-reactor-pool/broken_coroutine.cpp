#include <chrono>
#include <coroutine>
#include <cstdio>
#include <exception>
#include <thread>

#include "reactor/reactor.h"

// The simpler thing: a coroutine. It reads like a thread's code, and while it
// waits for the loop the others are served. But it runs on the thread that
// resumes it: while it works, nobody is.
//
// Promise: never prints "while it worked the others were served"

using namespace std::chrono_literals;

struct Conversation {
  struct promise_type {
    Conversation get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

// `co_await Pause{loop, 50ms}` goes on when the time is over.
struct Pause {
  rp::Reactor& loop;
  rp::Duration time;
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> waiting) const {
    loop.run_after(time, [waiting] { waiting.resume(); });
  }
  void await_resume() const {}
};

static void print(const char* when, int served) {
  std::printf("while it %s the others were %sserved\n", when,
              served > 0 ? "" : "not ");
}

static Conversation talk(rp::Reactor& loop, const int& served) {
  int before = served;
  co_await Pause{loop, 50ms};
  print("waited", served - before);
  before = served;
  std::this_thread::sleep_for(50ms);  // a slow line of code
  print("worked", served - before);
  loop.stop();
}

int main() {
  rp::Reactor reactor;
  int served = 0;
  reactor.run_every(1ms, [&served] { ++served; });
  reactor.run([&] { talk(reactor, served); });
}
