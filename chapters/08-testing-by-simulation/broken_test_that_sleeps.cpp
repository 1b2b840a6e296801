#include <chrono>
#include <cstdio>
#include <future>
#include <system_error>
#include <thread>

#include "reactor/socket.h"

// A test starts a server in a thread, sleeps for a moment that is surely long
// enough, and connects. On a busy machine the server's thread has not had its
// turn by then, which nothing forbids: here it never has. A longer sleep only
// makes the test slower, and the failure rarer.
//
// Promise: never prints "passed"

using namespace std::chrono_literals;

static const rp::Address path =
    rp::Address::unix_path("/tmp/rp-chapter-08-sleeps.sock");

static void test_that_the_server_listens() {
  std::this_thread::sleep_for(50ms);
  try {
    const rp::UniqueFd client = rp::connect_blocking(path);
    std::puts("passed");
  } catch (const std::system_error& error) {
    std::printf("failed: %s\n", error.what());
  }
}

int main() {
  std::promise<void> processor_is_free;
  std::thread server([turn = processor_is_free.get_future()] {
    turn.wait();
    const rp::UniqueFd listening = rp::listen_on(path);
    std::puts("the server listens");
  });
  test_that_the_server_listens();
  processor_is_free.set_value();
  server.join();
  std::remove(path.path().c_str());
}
