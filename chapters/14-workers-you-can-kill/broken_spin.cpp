#include <chrono>
#include <cstdio>
#include <stop_token>
#include <thread>

// A thread that does not look at its stop token. It is asked to stop, and
// asked is all that it can be: whoever wants to leave has to wait for it.
//
// Promise: does not end within 1 s

using namespace std::chrono_literals;

int main() {
  std::jthread worker([](std::stop_token) {
    volatile unsigned long turns = 0;
    for (;;) turns = turns + 1;
  });
  std::this_thread::sleep_for(100ms);
  const bool asked = worker.request_stop();
  std::puts(asked ? "the worker is asked to stop" : "nobody to ask");
  std::fflush(stdout);
  worker.join();
  std::puts("the worker has stopped");
}
