// The demonstration server: fast methods on the loop, slow ones in the pool,
// dangerous ones in a process, which is this program again.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/demo_methods.h"
#include "examples/flags.h"
#include "examples/lanes_flag.h"
#include "examples/losses.h"
#include "examples/poller_flag.h"
#include "pool/deadlines.h"
#include "pool/lanes.h"
#include "pool/process_workers.h"
#include "pool/strand.h"
#include "pool/thread_pool.h"
#include "reactor/select_poller.h"
#include "reactor/signals.h"
#include "rpc/in_pool.h"
#include "rpc/in_process.h"
#include "rpc/stdio.h"
#include "rpc/tcp_server.h"

namespace rp {
namespace {

constexpr std::size_t kOwnDescriptors = 32;  // standard ones, pipes, listeners
constexpr std::size_t kOfAProcess = 4;
constexpr std::int64_t kMostWorkers = 1024;
constexpr std::size_t kWidthOfNames = 17;

std::string help_on_methods() {
  Reactor reactor;
  Dispatcher service(reactor);
  register_demo_methods(service, on_loop, on_loop);
  std::string text = "\nThe methods:\n";
  for (const auto& method : service.methods()) {
    const std::size_t width = std::max(method->name.size(), kWidthOfNames);
    text += "  " + method->name + std::string(width - method->name.size(), ' ');
    text += "  " + method->summary + "\n";
  }
  return text;
}

Flags command_line() {
  Flags flags("rpc_server",
              "Answers JSON-RPC 2.0, one JSON text a line. Without --tcp and "
              "--unix it listens on tcp 127.0.0.1:7000.");
  flags.option("tcp", "HOST:PORT", "listen on this TCP port; 0: any");
  flags.option("unix", "PATH", "listen on this Unix socket");
  flags.option("workers", "N", "threads of the pool", "4");
  flags.option("processes", "N", "child processes, for what may crash", "2");
  flags.option("queue", "N", "jobs that may wait for a worker", "1024");
  flags.option("lanes", "METHOD=N,...",
               "at most N workers of the pool for this method");
  flags.option("deadline", "TIME",
               "for methods off the loop with none of their own", "2s");
  flags.option("drain", "TIME", "how long to finish after SIGTERM", "10s");
  flags.option("slow", "TIME", "report callbacks of the loop that take longer",
               "100ms");
  flags.toggle("worker",
               "answer on standard output what comes on standard input, by "
               "default with select: what the server starts as its children");
  flags.option("framing", "lines|content-length",
               "with --worker: how messages are told apart; editors use "
               "content-length, and can be asked",
               "lines");
  declare_poller(flags);
  flags.help_ends_with(help_on_methods);
  return flags;
}

// Raises the soft limit to the hard one; returns how many may be open.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(limit.rlim_cur);
}

std::size_t number(const Flags& given, const char* flag, std::int64_t most) {
  return static_cast<std::size_t>(given.integer(flag, 1, most));
}

TcpServer::Limits server_limits(const Flags& given) {
  std::size_t descriptors = raise_descriptor_limit();
  if (given.text("poller") == "select") {
    descriptors = std::min<std::size_t>(descriptors, FD_SETSIZE);
  }
  TcpServer::Limits limits;
  const std::size_t own =
      kOwnDescriptors + kOfAProcess * number(given, "processes", kMostWorkers);
  const std::size_t room = descriptors > own ? descriptors - own : 1;
  limits.acceptor.connections = std::min(limits.acceptor.connections, room);
  return limits;
}

void report_error(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "rpc_server: error: %s\n", thrown.what());
  } catch (...) {
    std::fputs("rpc_server: error: not a std::exception\n", stderr);
  }
}

void watch_itself(Reactor& reactor, const Flags& given) {
  reactor.on_error(report_error);
  reactor.on_slow_callback(given.duration("slow"), [](const TraceEvent& event) {
    std::fprintf(stderr, "rpc_server: slow callback: %s\n",
                 to_string(event).c_str());
  });
}

void drain_on_signals(Reactor& reactor, Duration deadline) {
  Signals::ignore_broken_pipes();
  Signals::start(reactor, {SIGTERM, SIGINT}, [&reactor, deadline](int) {
    if (reactor.draining()) return reactor.stop();
    std::puts("draining");
    std::fflush(stdout);
    reactor.drain(deadline);
  });
}

void warn_if_open(const Address& address) {
  if (address.is_loopback()) return;
  std::fprintf(stderr,
               "rpc_server: warning: %s is not a loopback address: whoever "
               "reaches it may call, without password or encryption\n",
               address.to_string().c_str());
}

// "tcp 127.0.0.1:7000", "unix build/rpc.sock".
std::string name_of(const Address& address) {
  const std::string path = address.path();
  return path.empty() ? "tcp " + address.to_string() : "unix " + path;
}

using Servers = std::deque<TcpServer>;

void listen(Servers& servers, Dispatcher& service, const Flags& given) {
  const auto limits = server_limits(given);
  std::vector<Address> addresses;
  if (given.has("tcp")) addresses.push_back(given.address("tcp"));
  if (given.has("unix")) {
    addresses.push_back(Address::unix_path(given.text("unix")));
  }
  if (addresses.empty()) addresses.push_back(Address::ip("127.0.0.1", 7000));
  for (const Address& address : addresses) {
    warn_if_open(address);
    servers.emplace_back(service, address, limits);
    std::printf("listening on %s\n", name_of(servers.back().address()).c_str());
  }
  std::fflush(stdout);
}

// The threads, and around them what keeps their jobs apart, in order, in time.
struct Hands {
  Hands(Reactor& reactor, std::size_t workers, std::size_t queue,
        const Lanes::Options& kinds)
      : threads(reactor, {.workers = workers, .capacity = queue}),
        lanes(reactor, threads, kinds),
        strand(reactor, lanes, {.capacity = queue}),
        deadlines(reactor, strand) {}

  ThreadPool threads;
  Lanes lanes;
  Strand strand;
  Deadlines deadlines;
};

ProcessWorkers::Options children(const Flags& given, std::size_t queue) {
  return {.command = {std::filesystem::read_symlink("/proc/self/exe"),
                      "--worker", "--poller", given.text("poller")},
          .workers = number(given, "processes", kMostWorkers),
          .capacity = queue};
}

// Returns how many workers are left alone in a job that never ended.
std::size_t serve(const Flags& given) {
  const std::size_t queue = number(given, "queue", 1'000'000);
  const std::size_t workers = number(given, "workers", kMostWorkers);
  const Lanes::Options lanes = lanes_of(given, queue);
  const Duration deadline = given.duration("deadline");
  const Duration drain = given.duration("drain");

  Reactor reactor(chosen_poller(given));
  watch_itself(reactor, given);
  drain_on_signals(reactor, drain);
  ProcessWorkers processes(reactor, children(given, queue));
  Hands hands(reactor, workers, queue, lanes);
  Dispatcher service(reactor);
  register_demo_methods(service, InPool(hands.deadlines, deadline),
                        InProcess(processes, deadline));
  check_lanes(lanes, service);
  report_losses(reactor, hands.threads, processes);
  Servers servers;
  listen(servers, service, given);
  reactor.run();
  std::puts("stopped");
  return hands.threads.drop();
}

// Before the first descriptor is made, which would take their numbers.
void need_standard_descriptors() {
  if (::fcntl(STDIN_FILENO, F_GETFD) < 0) {
    throw std::runtime_error("the input is closed");
  }
  if (::fcntl(STDOUT_FILENO, F_GETFD) < 0) {
    throw std::runtime_error("the output is closed");
  }
}

// By default select: it takes files, too, and there are two descriptors.
std::unique_ptr<Poller> poller_of_worker(const Flags& given) {
  bool chosen = false;
  for (const std::string& name : given.names_given()) {
    if (name == "poller") chosen = true;
    if (name != "poller" && name != "worker" && name != "framing") {
      throw UsageError(
          "--worker goes with --poller and --framing only, not with --" + name);
    }
  }
  if (chosen) return chosen_poller(given);
  return std::make_unique<SelectPoller>();
}

Stdio::Options stdio_options(const Flags& given) {
  const std::string framing = given.text("framing");
  const bool editor = framing == "content-length";
  if (!editor && framing != "lines") {
    throw UsageError("--framing: neither lines nor content-length: " + framing);
  }
  return {.limits = {.line = InProcess::kLongestRequest},
          .framing =
              editor ? Stdio::Framing::content_length : Stdio::Framing::lines,
          .can_be_asked = editor};
}

int serve_parent(const Flags& given) {
  need_standard_descriptors();
  Signals::ignore_broken_pipes();
  Reactor reactor(poller_of_worker(given));
  reactor.on_error(report_error);
  Dispatcher service(reactor);
  register_demo_methods(service, on_loop, on_loop);
  Stdio::start(
      service, [&reactor](CloseReason) { reactor.stop(); },
      stdio_options(given));
  reactor.run();
  return 0;
}

int serve_and_leave(const Flags& given) {
  if (given.has("worker")) return serve_parent(given);
  for (const std::string& name : given.names_given()) {
    if (name == "framing") throw UsageError("--framing goes with --worker");
  }
  if (serve(given) == 0) return 0;
  // A worker that never returns would be torn down under itself by exit().
  std::fflush(nullptr);
  std::quick_exit(0);
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags = rp::command_line();
  return rp::run_program(flags, argc, argv, rp::serve_and_leave);
}
