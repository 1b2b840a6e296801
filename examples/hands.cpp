#include "examples/hands.h"

#include <filesystem>
#include <string>

#include "examples/server_flags.h"

namespace rp {
namespace {

// In a word, as the page shows it.
const char* how_it_ended(Fate fate) {
  if (fate == Fate::finished) return "job";
  return fate == Fate::failed ? "crashed" : "killed";
}

ProcessWorkers::Options children(Reactor& reactor, const Flags& given,
                                 LiveTrace& trace) {
  const auto record = [&reactor, &trace](const ProcessWorkers::AtWork& child,
                                         Fate fate) {
    trace.record_job(how_it_ended(fate),
                     "process-" + std::to_string(child.place + 1), child.kind,
                     child.id, child.since, reactor.now() - child.since);
  };
  return {.command = {std::filesystem::read_symlink("/proc/self/exe"),
                      "--worker", "--poller", given.text("poller")},
          .workers = number_of(given, "processes", kMostWorkers),
          .capacity = queue_of(given),
          .left = record};
}

ThreadPool::Options threads_of(const Flags& given) {
  return {.workers = number_of(given, "workers", kMostWorkers),
          .capacity = queue_of(given)};
}

}  // namespace

std::size_t queue_of(const Flags& given) {
  return number_of(given, "queue", 1'000'000);
}

Hands::Hands(Reactor& reactor, const Flags& given, const Lanes::Options& kinds,
             LiveTrace& trace)
    : processes(reactor, children(reactor, given, trace)),
      threads(reactor, threads_of(given)),
      watch(reactor, threads,
            [&trace](const JobWatch::Ran& ran) {
              trace.record_job(ran.retired ? "retired" : "job",
                               "thread-" + std::to_string(ran.lane), ran.job,
                               ran.id, ran.since, ran.length);
            }),
      lanes(reactor, watch, kinds),
      strand(reactor, lanes, {.capacity = queue_of(given)}),
      deadlines(reactor, strand) {}

Status::Parts Hands::parts() const {
  return {.threads = &threads,
          .jobs = &watch,
          .deadlines = &deadlines,
          .queues = {&lanes, &strand},
          .processes = &processes};
}

}  // namespace rp
