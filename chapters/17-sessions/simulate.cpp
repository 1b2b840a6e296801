// The whole server lives for hours in seconds: clients that call, dawdle, talk
// nonsense, break off and vanish, over a network that cuts and delays. All of
// it follows from one seed, so what fails once can be looked at again.
//   simulate [SEED [HOURS [SEEDS]]]

#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/support/sim_server.h"

namespace rp {
namespace {

// What reproduces the run; a global, for it is told even by a server that dies.
char again[100];

void tell_after_death(int) {
  static constexpr char kText[] = "the server dies\n";
  const ssize_t told = ::write(STDOUT_FILENO, kText, sizeof kText - 1) +
                       ::write(STDOUT_FILENO, again, std::strlen(again));
  ::_exit(told > 0 ? 1 : 3);
}

void show_progress(Duration time, Duration length, const SimReport& report) {
  constexpr int kWidth = 40;
  const int done = static_cast<int>(kWidth * time / length);
  std::fprintf(stderr, "\r[%.*s%*s] %" PRIu64 " requests ", done,
               "########################################", kWidth - done, "",
               report.requests);
  if (time + std::chrono::minutes(1) > length) std::fputs("\r\033[K", stderr);
}

void print_counts(const SimReport& report) {
  std::printf("%" PRIu64 " requests of %" PRIu64 " clients in %" PRIu64
              " pieces\n  answered with",
              report.requests, report.clients, report.network.pieces);
  for (const auto& [code, count] : report.answers) {
    const std::string name = code == 0 ? "values" : std::to_string(code);
    std::printf(" %s: %" PRIu64, name.c_str(), count);
  }
  std::printf("\n  %" PRIu64 " told by the end of their connection, %" PRIu64
              " lost with their client\n  jobs",
              report.told_by_the_end, report.lost_by_clients);
  for (const auto& [fate, count] : report.jobs) {
    std::printf(" %s: %" PRIu64, fate.c_str(), count);
  }
  std::printf("\n  %" PRIu64 " resets, %" PRIu64
              " clients vanished, nothing is left\n",
              report.network.resets, report.network.vanishings);
}

bool run(std::uint64_t seed, double hours) {
  using std::chrono::duration;
  const auto length = std::chrono::duration_cast<Duration>(
      duration<double, std::ratio<3600>>(hours));
  std::snprintf(again, sizeof again,
                "again: make simulate SEED=%" PRIu64 " HOURS=%g\n", seed,
                hours);
  SimPlan plan{.seed = seed, .length = length};
  if (::isatty(STDERR_FILENO) != 0) {
    plan.progress = [length](Duration time, const SimReport& report) {
      show_progress(time, length, report);
    };
  }
  const SimReport report = simulate(std::move(plan));
  std::printf("seed %" PRIu64 ": ", seed);
  if (report.failure.empty()) {
    print_counts(report);
    return true;
  }
  std::printf("fails after %s: %s\nthe last events:\n",
              in_seconds(report.failed_at).c_str(), report.failure.c_str());
  for (const std::string& event : report.last_events) {
    std::printf("  %s\n", event.c_str());
  }
  std::fputs(again, stdout);
  return false;
}

template <class Number>
bool parses_as(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end;
}

[[noreturn]] void refuse(const std::string& name, const char* value,
                         const std::string& why) {
  throw std::invalid_argument(name + ": \"" + value + "\" is not " + why);
}

std::uint64_t whole_number(const char* name, const char* text,
                           std::uint64_t least) {
  std::uint64_t number = 0;
  if (!parses_as(text, number) || number < least) {
    refuse(name, text,
           "a whole number from " + std::to_string(least) + " to 2^64 - 1");
  }
  return number;
}

double hours_of(const char* text) {
  constexpr double kMostHours = 1e6;  // what a Duration holds, and to spare
  double hours = 0;
  if (!parses_as(text, hours) || !(hours > 0)) {
    refuse("HOURS", text, "a number of hours above 0");
  }
  if (hours > kMostHours) refuse("HOURS", text, "at most 1000000 hours");
  return hours;
}

int run_all(int count, char** words) {
  const std::uint64_t first =
      count > 1 ? whole_number("SEED", words[1], 0) : std::random_device{}();
  const double hours = count > 2 ? hours_of(words[2]) : 0.1;
  const std::uint64_t seeds =
      count > 3 ? whole_number("SEEDS", words[3], 1) : 1;
  for (std::uint64_t i = 0; i < seeds; ++i) {
    if (!run(first + i, hours)) return 1;
  }
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  if (argc > 4) {
    std::fputs("usage: simulate [SEED [HOURS [SEEDS]]]\n", stderr);
    return 2;
  }
  ::signal(SIGABRT, rp::tell_after_death);
  ::signal(SIGSEGV, rp::tell_after_death);
  try {
    return rp::run_all(argc, argv);
  } catch (const std::invalid_argument& error) {
    std::fprintf(stderr, "simulate: %s\n", error.what());
    return 2;
  }
}
