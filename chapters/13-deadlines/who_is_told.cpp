#include <iostream>
#include <map>

#include "pool/deadlines.h"

// Six jobs and one worker, in a time that leaps from timer to timer. A job's
// key is its length in milliseconds here, 0 is for ever. The grace is 100 ms,
// and 1300 ms the deadline of who names none.

using namespace std::chrono_literals;
using Limit = std::optional<rp::Duration>;

struct Leaps : rp::Clock {
  rp::TimePoint now() override { return time; }
  rp::TimePoint time{};
} leaps;

struct NoHandles : rp::Poller {
  std::string_view name() const override { return "none"; }
  void add(int, rp::HandleId, rp::Interest) override {}
  void modify(int, rp::HandleId, rp::Interest) override {}
  void remove(int) override {}
  void wait(Limit time, std::vector<rp::Ready>&) override {
    leaps.time += time.value();
  }
};

static void say(const std::string& job, std::string_view what) {
  std::cout << leaps.time.time_since_epoch() / 1ms << " ms: " << job << ' '
            << what << '\n';
}

struct OneWorker : rp::Executor {
  explicit OneWorker(rp::Reactor& loop) : reactor(loop) {}
  rp::JobId submit(rp::Job job) override {
    waiting.emplace(++last, std::move(job));
    reactor.at_phase_end([this] { start(); });
    return last;
  }
  rp::Cancelled cancel(rp::JobId id) override {
    using enum rp::Cancelled;
    return waiting.erase(id) == 1 ? dequeued : asked;
  }
  void abandon(rp::JobId) override { leave("is given up", rp::Fate::dropped); }
  void start() {
    if (waiting.empty() || at_work) return;
    at_work = std::move(waiting.extract(waiting.begin()).mapped());
    say(at_work->kind, "starts");
    if (at_work->key == 0) return;
    reactor.run_after(1ms * at_work->key,
                      [this] { leave("returns", rp::Fate::finished); });
  }
  void leave(const char* how, rp::Fate fate) {
    say(at_work->kind, how);
    at_work->settled({fate, nullptr});
    at_work.reset();
    start();
  }
  rp::Reactor& reactor;
  std::map<rp::JobId, rp::Job> waiting = {};
  std::optional<rp::Job> at_work = {};
  rp::JobId last = 0;
};

int main() {
  rp::Reactor reactor(std::make_unique<NoHandles>(), leaps);
  OneWorker worker(reactor);
  rp::Deadlines pool{reactor, worker, {.grace = 100ms, .deadline = 1300ms}};
  const auto submit = [&](const char* name, unsigned length, Limit deadline) {
    const auto told = [=](rp::Settled end) { say(name, to_string(end.fate)); };
    pool.submit({nullptr, told, deadline, name, length});
  };
  submit("a", 50, 2s);
  submit("b", 0, 1s);
  submit("c", 300, 2s);
  submit("d", 100, 1200ms);
  submit("e", 300, 1650ms);
  submit("f", 10, std::nullopt);
  reactor.run([&] { reactor.run_after(3s, [&] { reactor.stop(); }); });
}
