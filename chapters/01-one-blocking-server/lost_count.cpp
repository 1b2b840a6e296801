#include <atomic>
#include <barrier>
#include <cstdio>
#include <thread>

// Two threads count the clients they have served. Each reads the counter and
// writes it back plus one; here they meet in between, which they would do by
// chance one day.

static std::atomic<int> served = 0;

static void count_a_client(std::barrier<>& meeting) {
  const int before = served;
  meeting.arrive_and_wait();
  served = before + 1;
}

int main() {
  std::barrier meeting(2);
  std::thread first(count_a_client, std::ref(meeting));
  std::thread second(count_a_client, std::ref(meeting));
  first.join();
  second.join();
  std::printf("clients served: 2, clients counted: %d\n", served.load());
}
