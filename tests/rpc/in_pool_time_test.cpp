#include <chrono>

#include "pool/deadlines.h"
#include "rpc/in_pool.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// Methods in a pool whose jobs last as long as the test says.
class InPoolTime : public ServiceTest {
 protected:
  InPoolTime() {
    service_.method("job", InPool(deadlines_, 100ms),
                    [](Call& call) -> Value { return call.stop_requested(); });
  }

  void call_at(Duration time, std::string id) {
    reactor_.run_after(time, [this, id = std::move(id)] {
      peer_sends(request("job", {}, id));
    });
  }

  /// When the answer with this number came, from the beginning.
  Duration answered(std::size_t number) const { return times_.at(number); }

  void watch() {
    begin_ = clock_.now();
    responder_.on_ended([this] { times_.push_back(clock_.now() - begin_); });
  }

  SimExecutor sim_{reactor_, {.workers = 1, .capacity = 2}};
  Deadlines deadlines_{reactor_, sim_, {.grace = 50ms}};
  TimePoint begin_;
  std::vector<Duration> times_;
};

TEST_F(InPoolTime, AnAnswerBeforeTheDeadlineIsTheHandlers) {
  watch();
  sim_.script({.length = 99ms});
  call_at(0ms, "1");
  run_for(1s);
  EXPECT_EQ(sent_, Lines{result("false")});
  EXPECT_EQ(answered(0), 99ms);
}

TEST_F(InPoolTime, TheDeadlineIsTheMethodsOwnOrThePlaces) {
  watch();
  service_.method("long", InPool(deadlines_, 100ms),
                  Handler([](const Params&) { return Value(1); }),
                  {.deadline = 10s});
  sim_.script({.length = 9s});
  peer_sends(request("long"));
  run_for(11s);
  EXPECT_EQ(sent_, Lines{result("1")});
}

TEST_F(InPoolTime, WaitingCountsAndWhatStillWaitsIsNotStarted) {
  watch();
  sim_.script({.length = 99ms});
  sim_.script({.length = 10ms});
  call_at(0ms, "1");
  call_at(0ms, "2");
  run_for(1s);
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(sent_[0], result("false", "1"));
  EXPECT_EQ(error_code(sent_[1]), kDeadlinePassed);
  EXPECT_EQ(answered(1), 100ms);
}

TEST_F(InPoolTime, ALateResultReachesNobodyAndTheNextJobHasAWorker) {
  watch();
  sim_.script({.length = 200ms});
  sim_.script({.length = 10ms});
  call_at(0ms, "1");
  call_at(100ms, "2");
  run_for(1s);
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(error_code(sent_[0]), kDeadlinePassed);
  EXPECT_EQ(sent_[1], result("false", "2"));
  EXPECT_EQ(answered(1), 160ms) << "when the grace was over";
  EXPECT_EQ(sim_.retired(), 1u);
}

TEST_F(InPoolTime, OneCallTooManyIsRefusedInTheSameTick) {
  watch();
  for (const char* id : {"1", "2", "3"}) call_at(0ms, id);
  run_for(1s);
  ASSERT_EQ(sent_.size(), 3u);
  EXPECT_EQ(error_code(sent_[0]), kOverloaded);
  EXPECT_EQ(answered(0), 0ms);
  EXPECT_EQ(sent_[1], result("false", "1"));
}

TEST(ErrorOf, EachFateHasItsError) {
  const auto code = [](Fate fate) { return error_of({fate, nullptr})->code; };
  EXPECT_FALSE(error_of({Fate::finished, nullptr}));
  EXPECT_EQ(code(Fate::expired), kDeadlinePassed);
  EXPECT_EQ(code(Fate::refused), kOverloaded);
  EXPECT_EQ(code(Fate::dropped), kShuttingDown);
  const auto thrown = std::make_exception_ptr(RpcError(7));
  EXPECT_EQ(error_of({Fate::failed, thrown})->code, 7);
}

}  // namespace
}  // namespace rp
