#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "reactor/child_process.h"
#include "reactor/reactor.h"
#include "reactor/socket.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"
#include "tests/support/children.h"
#include "tests/support/directory.h"
#include "tests/support/line_peer.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/run_until.h"
#include "tests/support/sim_random.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

std::uint64_t chosen_seed() {
  const char* given = std::getenv("SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10)
                          : std::random_device()();
}

std::vector<pid_t> children_of(pid_t parent) {
  const std::string text = std::to_string(parent);
  std::ifstream list("/proc/" + text + "/task/" + text + "/children");
  return {std::istream_iterator<pid_t>(list), {}};
}

std::size_t id_of(const std::string& answer) {
  Arena arena;
  const Value* id = parse_json(answer, arena).value.find("id");
  return static_cast<std::size_t>(id->as_int64());
}

/// The real server with so many process workers, three clients that only know
/// its wire, and somebody who kills workers.
class Chaos : public ::testing::TestWithParam<std::size_t> {
 protected:
  static constexpr std::size_t kRequests = 150;
  static constexpr int kKills = 25;

  Chaos() {
    auto child = std::make_unique<ChildProcess>(
        Command{server_program(), "--unix", path_, "--deadline", "1m",
                "--processes", std::to_string(GetParam())},
        [this](const ChildExit& exit) { end_ = exit.text(); });
    server_ = child->pid();
    output_ = LinePeer(child->take_stream());
    reactor_.add(std::move(child), Interest::reading(), Lifetime::background);
  }

  // The tests lie in BUILD/tests, the server in BUILD/examples.
  static std::string server_program() {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    return self.parent_path().parent_path() / "examples/rpc_server";
  }

  void connect() {
    ASSERT_TRUE(run_until(reactor_, output_.has(1)));
    for (int i = 0; i < 3; ++i) {
      peers_.emplace_back(connect_blocking(Address::unix_path(path_)));
    }
  }

  /// Most calls run in a process, a few kill it or spin there.
  void call_at_random() {
    const auto dice = random_.below(100);
    const std::string method = dice < 60   ? "primes_in_process"
                               : dice < 75 ? "crash"
                               : dice < 77 ? "spin"
                               : dice < 90 ? "primes"
                                           : "sum";
    const std::string id = std::to_string(methods_.size());
    methods_.push_back(method);
    answers_.emplace_back();
    peers_[random_.below(peers_.size())].send_line(
        request(method, "[" + std::to_string(random_.below(30'000)) + "]", id));
  }

  // Of a process that was reaped meanwhile another may have the number.
  void kill_somebody() {
    const auto children = children_of(server_);
    if (children.empty() || kills_ == kKills) return;
    const pid_t chosen = children[random_.below(children.size())];
    const UniqueFd pidfd(
        static_cast<int>(::syscall(SYS_pidfd_open, chosen, 0)));
    const auto still = children_of(server_);
    if (!pidfd || std::count(still.begin(), still.end(), chosen) == 0) return;
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
    ++kills_;
  }

  std::size_t lines() {
    std::size_t count = 0;
    for (LinePeer& peer : peers_) count += peer.lines().size();
    return count;
  }

  /// Kills at once, and after each few answers, until all is answered or half a
  /// minute has passed. (Who kills faster only tries the patience of the
  /// server, which starts slowly what dies before it has answered.)
  void rage() {
    while (kills_ == 0) kill_somebody();
    reactor_.run_every(5ms, [this, next = std::size_t{0}]() mutable {
      const std::size_t answers = lines();
      if (answers >= methods_.size()) return reactor_.stop();
      if (answers < next) return;
      next = answers + 3;
      kill_somebody();
    });
    reactor_.run_after(30s, [this] { reactor_.stop(); });
    reactor_.run();
  }

  void end_input() {
    for (LinePeer& peer : peers_) peer.end_input();
  }
  bool all_ended() {
    return std::all_of(peers_.begin(), peers_.end(),
                       [](LinePeer& peer) { return peer.ended(); });
  }

  /// Sorts what came by the request that it answers.
  void collect() {
    for (LinePeer& peer : peers_) {
      for (const std::string& line : peer.lines()) {
        answers_.at(id_of(line)).push_back(line);
      }
    }
  }

  static bool may_answer(const std::string& method, int code) {
    if (method == "primes" || method == "sum") return code == 0;
    if (code == kWorkerLost) return true;
    return method == "spin" ? code == kDeadlinePassed
                            : method != "crash" && code == 0;
  }

  const std::uint64_t seed_ = chosen_seed();
  SimRandom random_{seed_};
  Directory folder_;
  std::string path_ = folder_ / std::string("rpc.sock");
  std::vector<std::string> methods_;  // by the id of their call
  std::vector<std::vector<std::string>> answers_;
  int kills_ = 0;
  std::optional<std::string> end_;
  pid_t server_ = 0;
  LinePeer output_;
  std::vector<LinePeer> peers_;
  Reactor reactor_;
};

INSTANTIATE_TEST_SUITE_P(Processes, Chaos, ::testing::Values(1, 2, 8, 64),
                         ::testing::PrintToStringParamName());

TEST_P(Chaos, EachCallGetsOneAnswerWhoeverIsKilledMeanwhile) {
  SCOPED_TRACE("SEED=" + std::to_string(seed_));
  connect();
  for (std::size_t i = 0; i < kRequests; ++i) call_at_random();
  rage();
  end_input();
  ASSERT_TRUE(run_until(reactor_, [&] { return all_ended(); }));
  collect();
  for (std::size_t i = 0; i < methods_.size(); ++i) {
    ASSERT_EQ(answers_[i].size(), 1u) << methods_[i] << ", id " << i;
    EXPECT_TRUE(may_answer(methods_[i], error_code(answers_[i][0])))
        << methods_[i] << ": " << answers_[i][0];
  }
}

TEST_P(Chaos, TheServerLeavesInPeaceAndAllItsWorkersWithIt) {
  connect();
  std::vector<Watched> workers;
  for (const pid_t worker : children_of(server_)) workers.emplace_back(worker);
  peers_[0].send_line(request("spin"));
  peers_[0].send_line(request("sum", "[1]", "2"));
  ASSERT_TRUE(run_until(reactor_, peers_[0].has(1)));
  end_input();
  ::kill(server_, SIGTERM);
  ASSERT_TRUE(run_until(reactor_, [&] { return end_.has_value(); }));
  EXPECT_EQ(*end_, "ended with status 0");
  EXPECT_EQ(workers.size(), GetParam());
  for (const Watched& worker : workers) EXPECT_TRUE(worker.ends());
  ASSERT_EQ(peers_[0].lines().size(), 2u);
  EXPECT_EQ(error_code(peers_[0].lines()[1]), kDeadlinePassed);
}

}  // namespace
}  // namespace rp
