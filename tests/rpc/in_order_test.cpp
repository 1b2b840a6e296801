#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "pool/deadlines.h"
#include "pool/strand.h"
#include "pool/thread_pool.h"
#include "rpc/in_pool.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// Two connections, and "job" in order, "free" not, in a pool of four whose
/// jobs last as long as the test says.
class InOrder : public ServiceTest {
 protected:
  InOrder() {
    const auto done = [](const Params&) -> Value { return "done"; };
    const InPool in_pool(deadlines_, 100ms);
    service_.method("job", in_pool, done, {.in_order = true});
    service_.method("free", in_pool, done);
  }

  void call_at(Duration time, std::string_view method, std::string id) {
    reactor_.run_after(
        time, [this, json = request(method, {}, id)] { peer_sends(json); });
  }

  /// Lets all happen. Who was answered when: "1 at 30 ms, -32001 at 100 ms".
  std::string answers() {
    std::string text;
    responder_.on_ended([&, begin = clock_.now()] {
      const std::string& json = sent_.back();
      const int code = error_code(json);
      const auto ms = (clock_.now() - begin) / 1ms;
      text += text.empty() ? "" : ", ";
      text +=
          code == 0 ? json.substr(json.size() - 2, 1) : std::to_string(code);
      text += " at " + std::to_string(ms);
    });
    run_for(1s);
    responder_.on_ended({});
    return text;
  }

  Strand::Options room_{.capacity = 2};
  SimExecutor sim_{reactor_, {.workers = 4}};
  Strand strand_{reactor_, sim_, room_};
  Deadlines deadlines_{reactor_, strand_};
  Lines others_;
  Responder other_{
      service_,
      std::make_shared<const CallContext>(
          CallContext{.loop = service_.loop(),
                      .arenas = service_.arenas(),
                      .link = link_,
                      .address = "another peer",
                      .headers = {},
                      .number = 2}),
      [this](std::string_view json) { others_.emplace_back(json); }};
};

TEST_F(InOrder, CallsOfOneConnectionRunOneAfterAnotherAsTheyCame) {
  for (const Duration length : {30ms, 10ms, 20ms}) {
    sim_.script({.length = length});
  }
  for (const char* id : {"1", "2", "3"}) call_at(0ms, "job", id);
  EXPECT_EQ(answers(), "1 at 30, 2 at 40, 3 at 60");
}

TEST_F(InOrder, OtherMethodsDoNotWait) {
  sim_.script({.length = 50ms});
  call_at(0ms, "job", "1");
  call_at(0ms, "free", "2");
  EXPECT_EQ(answers(), "2 at 1, 1 at 50");
}

TEST_F(InOrder, AnotherConnectionDoesNotWait) {
  sim_.script({.length = 50ms});
  call_at(0ms, "job", "1");
  reactor_.run_after(0ms, [&] { other_.receive(request("job")); });
  reactor_.run_after(49ms, [&] { EXPECT_EQ(others_.size(), 1u); });
  EXPECT_EQ(answers(), "1 at 50");
}

TEST_F(InOrder, WhatStillWaitsForItsTurnAtItsDeadlineIsNotStarted) {
  sim_.script({.length = 99ms});
  sim_.script({.length = 60ms});  // late, and not asked for its answer
  call_at(0ms, "job", "1");
  call_at(0ms, "job", "2");
  call_at(50ms, "job", "3");
  call_at(100ms, "job", "4");
  EXPECT_EQ(answers(), "1 at 99, -32001 at 100, -32001 at 150, 4 at 160");
}

TEST_F(InOrder, BeyondItsRoomACallIsRefusedAtOnce) {
  for (const char* id : {"1", "2", "3", "4"}) call_at(0ms, "job", id);
  EXPECT_EQ(answers(), "-32002 at 0, 1 at 1, 2 at 2, 3 at 3");
}

TEST_F(InOrder, AtTheEndWhatRunsAndWhatWaitsForItsTurnIsRefused) {
  sim_.script({.end = SimExecutor::End::hangs});
  call_at(950ms, "job", "1");
  call_at(950ms, "job", "2");
  EXPECT_EQ(answers(), "-32004 at 1000, -32004 at 1000");
}

/// Runs nothing; keeps what was asked of a job.
class Noting : public Executor {
 public:
  JobId submit(Job job) override {
    noted.push_back(job.kind + " " + std::to_string(job.key));
    return noted.size();
  }
  Cancelled cancel(JobId) override { return Cancelled::unknown; }
  void abandon(JobId) override {}

  std::vector<std::string> noted;
};

TEST_F(InOrder, AJobHasItsMethodAsKindAndInOrderItsConnectionAsKey) {
  Noting noting;
  const auto nothing = [](const Params&) -> Value { return nullptr; };
  service_.method("noted", InPool(noting), nothing);
  service_.method("ordered", InPool(noting), nothing, {.in_order = true});
  peer_sends(request("noted"));
  peer_sends(request("ordered"));
  other_.receive(request("ordered"));
  EXPECT_EQ(noting.noted, (Lines{"noted 0", "ordered 1", "ordered 2"}));
}

/// On real workers.
class InOrderOn : public ServiceTest,
                  public ::testing::WithParamInterface<std::size_t> {
 protected:
  InOrderOn() : ServiceTest({.in_flight = 1000}) {}

  ThreadPool threads_{reactor_, {.workers = GetParam()}};
  Strand strand_{reactor_, threads_};
};

INSTANTIATE_TEST_SUITE_P(Workers, InOrderOn, ::testing::Values(1, 2, 8, 64),
                         ::testing::PrintToStringParamName());

TEST_P(InOrderOn, CallsThatShareStateNeedNoLock) {
  std::vector<std::int64_t> seen;  // by nobody guarded
  service_.method("see", InPool(strand_),
                  [&seen](const Params& params) -> Value {
                    seen.push_back(params.integer("0"));
                    return seen.size();
                  },
                  {.in_order = true, .params = {{"0", Type::integer}}});
  constexpr int kCalls = 500;
  for (int i = 1; i <= kCalls; ++i) {
    const std::string text = std::to_string(i);
    peer_sends(request("see", "[" + text + "]", text));
  }
  ASSERT_TRUE(wait_for(kCalls));
  for (int i = 0; i < kCalls; ++i) {
    const auto at = static_cast<std::size_t>(i);
    EXPECT_EQ(seen[at], i + 1);
    EXPECT_EQ(sent_[at], result(std::to_string(i + 1), std::to_string(i + 1)));
  }
}

}  // namespace
}  // namespace rp
