#include "tests/support/sim_server.h"

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "pool/deadlines.h"
#include "pool/strand.h"
#include "rpc/in_pool.h"
#include "rpc/tcp_server.h"
#include "tests/support/directory.h"
#include "tests/support/sim_client.h"
#include "tests/support/sim_executor.h"
#include "tests/support/sim_poller.h"

namespace rp {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kDeadline = seconds(2);
constexpr Duration kIdle = seconds(5);
constexpr Duration kLater = seconds(8);  // longer than who is idle may stay
constexpr Duration kDrain = seconds(10);
// In which all that was begun ends: deadlines, idle connections, jobs.
constexpr Duration kSilence = minutes(4);

Duration between(SimRandom& random, Duration least, Duration most) {
  return Duration(static_cast<Duration::rep>(
      random.between(static_cast<std::uint64_t>(least.count()),
                     static_cast<std::uint64_t>(most.count()))));
}

SimWeather any_weather(SimRandom random) {
  return {.most_delay = between(random, milliseconds(1), milliseconds(50)),
          .longest_cut = random.between(1, 200),
          .window = random.between(256, 8192)};
}

TcpServer::Limits limits() {
  TcpServer::Limits limits;
  limits.line.line = SimClient::kLongestLine;
  limits.line.receive = seconds(5);
  limits.line.connection = {
      .pause_at = 1024, .close_at = 1 << 20, .idle = kIdle};
  limits.line.session.in_flight = 6;
  return limits;
}

/// Jobs that end as their method says, at a time that chance decides.
class SimJobs : public Executor {
 public:
  SimJobs(SimExecutor& inner, SimRandom& random)
      : inner_(inner), random_(random) {}

  JobId submit(Job job) override {
    inner_.script(script_of(job.kind));
    return inner_.submit(std::move(job));
  }
  Cancelled cancel(JobId id) override { return inner_.cancel(id); }
  void abandon(JobId id) override { inner_.abandon(id); }

 private:
  SimExecutor::Script script_of(const std::string& method) {
    using End = SimExecutor::End;
    SimExecutor::Script script{.heeds_token = random_.chance(500)};
    const bool slow = method == "slow";
    script.length = between(random_, milliseconds(1),
                            slow ? Duration(seconds(4)) : milliseconds(60));
    if (method == "throws") script.end = End::throws;
    if (method == "hangs") script.end = End::hangs;
    return script;
  }

  SimExecutor& inner_;
  SimRandom& random_;
};

/// One life, from the first connection to the last.
class SimServer {
 public:
  explicit SimServer(SimPlan plan)
      : plan_(std::move(plan)),
        network_(clock_, plan_.seed, any_weather(SimRandom(~plan_.seed))),
        reactor_(std::make_unique<SimPoller>(network_), clock_) {
    service_.method("echo", on_loop, same);
    service_.method("fail", on_loop, fail);
    service_.method("note", on_loop, [this](const Params& params) {
      ledger_.noted(params.at(0).as_uint64());
      return Value();
    });
    service_.method("later", on_loop, later(), {.deadline = kLater});
    service_.method("ask", on_loop, ask, {.deadline = 2 * kDeadline});
    for (const char* name : {"quick", "slow", "throws", "hangs"}) {
      service_.method(name, in_pool_, same);
    }
    service_.method("ordered", in_pool_, same, {.in_order = true});
  }

  SimReport live() {
    keep_clients();
    report_progress();
    reactor_.run_after(plan_.length, [this] { end_life(); });
    try {
      reactor_.run();
      deliver_the_rest();
    } catch (const std::exception& thrown) {
      ledger_.fail(std::string("the loop: ") + thrown.what());
    }
    return take_report();
  }

 private:
  static Value same(const Params& params) { return params.value(); }
  static Value fail(const Params&) { throw std::runtime_error("as asked"); }

  Handler later() {
    return [this](Call call, Reply reply) {
      const Duration time = between(network_.random(), Duration(), seconds(10));
      auto owed = std::make_shared<std::pair<Call, Reply>>(std::move(call),
                                                           std::move(reply));
      reactor_.run_after(
          time, [owed] { owed->second.result(owed->first.params().value()); });
    };
  }

  static void ask(Call call, Reply reply) {
    const Caller caller = call.caller();
    const Value params = call.params().value();
    auto owed = std::make_shared<std::pair<Call, Reply>>(std::move(call),
                                                         std::move(reply));
    caller.ask(
        "what?", params,
        [owed](const CallResult& said) {
          if (said.ok()) return owed->second.result(said.value);
          owed->second.error(*said.error);
        },
        kDeadline);
  }

  void keep_clients();
  void report_progress();
  void end_life();
  void check_nothing_is_left();
  void drain();
  void deliver_the_rest();
  SimReport take_report();

  SimPlan plan_;
  Directory directory_;
  FakeClock clock_;
  SimLedger ledger_{clock_, network_, reactor_};
  SimNetwork network_;
  Reactor reactor_;
  SimExecutor executor_{reactor_, {.workers = 3, .capacity = 8}};
  SimJobs jobs_{executor_, network_.random()};
  Strand strand_{reactor_, jobs_};
  Deadlines deadlines_{reactor_, strand_};
  InPool in_pool_{deadlines_, kDeadline};
  Dispatcher service_{reactor_};
  TcpServer server_{service_, Address::unix_path(directory_ / "server"),
                    limits()};
  std::uint64_t last_client_ = 0;
  bool closing_ = false;
};

void SimServer::keep_clients() {
  if (closing_) return;
  if (network_.peers() < plan_.clients) {
    network_.connect(std::make_unique<SimClient>(ledger_, ++last_client_),
                     server_.address());
  }
  network_.after(between(network_.random(), Duration(), milliseconds(500)),
                 [this] { keep_clients(); });
}

// With nobody to tell it runs all the same: a run is to be the same then, too.
void SimServer::report_progress() {
  reactor_.run_every(minutes(1), [this] {
    if (plan_.progress && !closing_) {
      plan_.progress(ledger_.elapsed(), ledger_.report);
    }
  });
}

// Half of all lives end in the midst of work, the others when all is quiet.
void SimServer::end_life() {
  closing_ = true;
  if (network_.random().chance(500)) return drain();
  reactor_.run_after(kSilence, [this] {
    check_nothing_is_left();
    drain();
  });
}

void SimServer::check_nothing_is_left() {
  const auto expect_none = [this](std::size_t count, const char* what) {
    if (count == 0) return;
    ledger_.fail(std::to_string(count) + what + " left when all was quiet");
  };
  expect_none(reactor_.handlers() - 1, " connections are");
  expect_none(reactor_.timers().size() - 1, " timers are");  // the progress
  expect_none(executor_.waiting() + executor_.running(), " jobs are");
  expect_none(network_.peers(), " clients are");
}

void SimServer::drain() {
  ledger_.draining = true;
  reactor_.drain(kDrain);
}

// The server is gone; what it sent last still arrives.
void SimServer::deliver_the_rest() {
  network_.turn();
  while (const auto next = network_.next_event()) {
    clock_.set(std::max(*next, clock_.now()));
    network_.turn();
  }
}

SimReport SimServer::take_report() {
  static constexpr const char* kFates[] = {"finished", "failed", "expired",
                                           "refused", "dropped"};
  std::uint64_t settled = 0;
  for (std::size_t fate = 0; fate < std::size(kFates); ++fate) {
    const std::uint64_t count = deadlines_.stats().settled[fate];
    ledger_.report.jobs[kFates[fate]] = count;
    settled += count;
  }
  const std::uint64_t submitted = deadlines_.stats().submitted;
  if (submitted != settled) {
    ledger_.fail(std::to_string(submitted) + " jobs were submitted, " +
                 std::to_string(settled) + " were settled");
  }
  if (network_.peers() != 0) {
    ledger_.fail(std::to_string(network_.peers()) +
                 " clients were not told of the server's end");
  }
  ledger_.report.network = network_.stats();
  return ledger_.report;
}

}  // namespace

SimReport simulate(SimPlan plan) { return SimServer(std::move(plan)).live(); }

}  // namespace rp
