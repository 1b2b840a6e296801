// Server processor time a request, as ratios to a bare epoll loop that is
// measured in the same run; memory of idle sessions; allocations of a call.

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "rpc/wire/json_parser.h"
#include "tests/bench/driver.h"
#include "tests/bench/server_process.h"
#include "tests/bench/servers.h"

namespace rp {
namespace {

constexpr std::size_t kConnections = 50;
constexpr std::size_t kRequests = 50'000;
constexpr std::size_t kRounds = 7;
constexpr std::size_t kIdle = 10'000;

constexpr std::string_view kAdd =
    R"({"jsonrpc":"2.0","method":"add","params":[2,3],"id":1})";
constexpr std::string_view kPooledAdd =
    R"({"jsonrpc":"2.0","method":"pooled_add","params":[2,3],"id":1})";

struct Case {
  const char* name;
  void (*serve)(int listening);
  std::string_view line;
};

constexpr std::array<Case, 4> kCases = {{
    {"bare epoll loop, echo", serve_bare_epoll, kAdd},
    {"reactor, echo", serve_reactor_echo, kAdd},
    {"JSON-RPC add on the loop", serve_rpc, kAdd},
    {"JSON-RPC add in the pool", serve_rpc, kPooledAdd},
}};

double nanoseconds_a_request(const Case& each, std::size_t in_flight) {
  const ServerProcess server(each.serve);
  Driver driver(server.port(), kConnections);
  driver.drive(each.line, in_flight, kRequests / 10);
  const auto before = server.cpu_time();
  driver.drive(each.line, in_flight, kRequests);
  const auto spent = server.cpu_time() - before;
  return static_cast<double>(spent.count()) / kRequests;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// The cases take turns, so that a machine that slows down slows them all;
// ratios are taken round by round.
void compare(std::size_t in_flight) {
  std::array<std::vector<double>, kCases.size()> times;
  std::array<std::vector<double>, kCases.size()> ratios;
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < kCases.size(); ++i) {
      times[i].push_back(nanoseconds_a_request(kCases[i], in_flight));
      ratios[i].push_back(times[i].back() / times[0].back());
    }
  }
  std::printf("%zu connections, %zu in flight each:\n", kConnections,
              in_flight);
  for (std::size_t i = 0; i < kCases.size(); ++i) {
    std::printf("  %-28s %7.0f ns  ratio %5.2f\n", kCases[i].name,
                median(times[i]), median(ratios[i]));
  }
}

double result_of(const std::string& answer) {
  Arena arena;
  const Parsed parsed = parse_json(answer, arena);
  return parsed.value.find("result")->as_double();
}

double ask_number(Driver& driver, const std::string& method) {
  return result_of(
      driver.ask(R"({"jsonrpc":"2.0","method":")" + method + R"(","id":1})"));
}

// Each session has answered a call before it is idle.
void measure_idle_sessions() {
  const ServerProcess server(serve_rpc);
  Driver one(server.port(), 1);
  one.drive(kAdd, 1, 1000);
  const double before = ask_number(one, "heap");
  Driver many(server.port(), kIdle);
  many.drive(kAdd, 1, kIdle);
  const double after = ask_number(one, "heap");
  std::printf("an idle session, of %zu: %.0f bytes of user space\n", kIdle,
              (after - before) / kIdle);
}

void count_allocations(std::size_t in_flight) {
  const ServerProcess server(serve_rpc);
  Driver driver(server.port(), kConnections);
  driver.drive(kAdd, in_flight, kRequests / 10);
  ask_number(driver, "allocations");
  const double before = ask_number(driver, "allocations");
  driver.drive(kAdd, in_flight, kRequests);
  const double after = ask_number(driver, "allocations");
  std::printf("allocations an add on the loop, %zu in flight: %.4f\n",
              in_flight, (after - before) / kRequests);
}

void compare_times() {
  std::printf(
      "server processor time a request, median of %zu rounds of "
      "%zu requests\n",
      kRounds, kRequests);
  compare(1);
  compare(16);
}

void count_all_allocations() {
  count_allocations(1);
  count_allocations(16);
}

struct Part {
  std::string_view name;
  void (*run)();
};

constexpr std::array<Part, 3> kParts = {
    {{"times", compare_times},
     {"idle", measure_idle_sessions},
     {"allocations", count_all_allocations}}};

int run(std::string_view wanted) {
  bool known = wanted.empty();
  for (const Part& part : kParts) {
    if (!wanted.empty() && wanted != part.name) continue;
    known = true;
    part.run();
  }
  if (known) return 0;
  std::fputs("usage: bench [times|idle|allocations]\n", stderr);
  return 2;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  try {
    return rp::run(argc > 1 ? argv[1] : "");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench: %s\n", error.what());
    return 1;
  }
}
