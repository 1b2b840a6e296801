#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "pool/process_workers.h"

namespace rp {

namespace {

using Options = ProcessWorkers::Options;

Options completed(Options options) {
  if (options.workers == 0 || options.capacity == 0) {
    throw std::invalid_argument("process workers: none, or no capacity");
  }
  if (options.command.empty()) {
    throw std::invalid_argument("process workers: no command");
  }
  if (options.name.empty()) {
    const std::string& program = options.command.front();
    options.name = program.substr(program.rfind('/') + 1);
  }
  if (!options.error_line) {
    options.error_line = [](std::string_view line) {
      std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()),
                   line.data());
    };
  }
  return options;
}

}  // namespace

ProcessWorkers::ProcessWorkers(Reactor& reactor, Options options)
    : reactor_(reactor),
      options_(completed(std::move(options))),
      next_run_(reactor),
      self_(std::make_shared<ProcessWorkers*>(this)),
      error_line_(std::make_shared<ErrorLine>(std::move(options_.error_line))),
      places_(options_.workers) {
  for (Place& place : places_) start(place);
  keep_times_between_runs();
}

ProcessWorkers::~ProcessWorkers() {
  *self_ = nullptr;
  for (auto& [id, job] : waiting_) settle(job, Fate::dropped);
  for (Place& place : places_) {
    if (place.id != 0) settle(place.job, Fate::dropped);
    reactor_.cancel(place.timer);
    if (place.worker != nullptr) place.worker->kill();
  }
}

void ProcessWorkers::start(Place& place) {
  place.worker = std::make_unique<ProcessWorker>(
      reactor_,
      ProcessWorker::Options{.command = options_.command,
                             .name = options_.name,
                             .longest_answer = options_.longest_answer},
      ProcessWorker::Events{
          .answered =
              [this, &place](std::string line) {
                answered(place, std::move(line));
              },
          .error_line =
              [tell = error_line_](std::string_view line) { (*tell)(line); },
          .ended = [this,
                    &place](const WorkerLost& why) { ended(place, why); }});
  ++stats_.started;
  cannot_start_ = nullptr;
}

// The launcher may be gone by now, or we may be out of descriptors.
void ProcessWorkers::start_again(Place& place) {
  try {
    start(place);
  } catch (const std::system_error& error) {
    could_not(place, error);
  } catch (const std::bad_alloc&) {
    could_not(place, std::system_error(ENOMEM, std::generic_category()));
  }
  give_out();
}

void ProcessWorkers::could_not(Place& place, const std::system_error& error) {
  ++place.deaths;
  start_later(place);
  cannot_start(WorkerLost(options_.name, error));
}

void ProcessWorkers::start_later(Place& place) {
  const Duration longest = options_.longest_pause;
  Duration pause = std::min(options_.first_pause, longest);
  for (int i = 1; i < place.deaths && pause < longest; ++i) {
    pause = pause < longest / 2 ? pause * 2 : longest;
  }
  const TimePoint now = reactor_.now();
  place.start = now + std::min(pause, TimePoint::max() - now);
  set_timer(place);
}

void ProcessWorkers::set_timer(Place& place) {
  reactor_.cancel(place.timer);
  place.timer =
      reactor_.run_at(place.start, [this, &place] { start_again(place); });
}

void ProcessWorkers::ended(Place& place, const WorkerLost& why) {
  const std::unique_ptr<ProcessWorker> gone = std::move(place.worker);
  if (gone->killed()) ++stats_.killed;
  const bool never_ran = why.start_error() != 0;
  if (never_ran && place.id != 0) {
    waiting_.emplace(std::exchange(place.id, 0), std::move(place.job));
  } else if (leave(place, Fate::failed) != 0) {
    fail(place.job, std::make_exception_ptr(why));
  }
  if (std::exchange(place.dismissed, false)) return start_again(place);
  ++place.deaths;
  start_later(place);
  if (never_ran) cannot_start(why);
  give_out();
}

// The last hope may be another child, which is there.
void ProcessWorkers::cannot_start(const WorkerLost& why) {
  for (const Place& place : places_) {
    if (place.worker != nullptr) return;
  }
  cannot_start_ = std::make_exception_ptr(why);
  for (auto& [id, job] : waiting_) fail(job, cannot_start_);
  waiting_.clear();
}

// The end of a run takes all timers away; what is posted waits for the next.
void ProcessWorkers::keep_times_between_runs() {
  reactor_.on_shutdown([self = self_] {
    if (*self == nullptr) return;
    (*self)->next_run_.post([self] {
      if (*self != nullptr) (*self)->renew_timers();
    });
  });
}

void ProcessWorkers::renew_timers() {
  for (auto& [id, job] : waiting_) set_timer(id, job);
  for (Place& place : places_) {
    if (place.id != 0) set_timer(place.id, place.job);
    if (place.worker == nullptr) {
      set_timer(place);
    } else {
      place.worker->renew_timer();
    }
  }
  keep_times_between_runs();
}

}  // namespace rp
