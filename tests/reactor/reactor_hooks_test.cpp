#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "reactor/reactor.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"
#include "tests/support/scripted_poller.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class PhaseEnd : public OnBothPollers {
 protected:
  void note(const std::string& what) { log_.push_back(what); }

  // Notes the end of the phase in which it is called.
  void note_end(const std::string& what) {
    reactor_.at_phase_end([this, what] { note(what); });
  }

  void add_readable(Function<void()> read) {
    StreamPair pair;
    write_all(pair.theirs.get(), "x");
    others_.push_back(std::move(pair.theirs));
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->readable = [f = std::move(read)](Probe& me) mutable {
      read_available(me.fd());
      f();
    };
    reactor_.add(std::move(probe), Interest::reading());
  }

  std::vector<UniqueFd> others_;
};

RP_ON_BOTH_POLLERS(PhaseEnd);

TEST_P(PhaseEnd, ComesAfterTheLastCallbackOfThePhase) {
  reactor_.run_after(1ms, [&] { note("first"), note_end("end"); });
  reactor_.run_after(1ms, [&] { note("second"); });
  run_for(2ms);
  EXPECT_EQ(log_, (Strings{"first", "second", "end"}));
}

TEST_P(PhaseEnd, ComesForEachPhaseOfItsOwn) {
  reactor_.run_after(0s, [&] { note("timer"), note_end("end of timers"); });
  add_readable([&] { note("read"), note_end("end of handles"); });
  auto probe = std::make_unique<Probe>(StreamPair().ours);
  probe->closed = [&](CloseReason) { note("closed"), note_end("end of dead"); };
  reactor_.close(reactor_.add(std::move(probe), Interest::none()));
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"timer", "end of timers", "read", "end of handles",
                           "closed", "end of dead"}));
}

TEST_P(PhaseEnd, RunsTasksInTheirOrderAndEachOnce) {
  reactor_.run_after(1ms, [&] { note_end("a"), note_end("b"); });
  run_for(5ms);
  EXPECT_EQ(log_, (Strings{"a", "b"}));
}

TEST_P(PhaseEnd, PutsATaskOfATaskToTheEndOfTheNextPhase) {
  reactor_.run_after(0s, [&] {
    reactor_.at_phase_end([&] { note("end"), note_end("next end"); });
  });
  add_readable([&] { note("read"); });
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"end", "read", "next end"}));
}

TEST_P(PhaseEnd, ComesAfterAnExceptionToo) {
  reactor_.run_after(0s, [&] {
    note_end("end");
    throw std::runtime_error("timer");
  });
  EXPECT_THROW(reactor_.run(), std::runtime_error);
  EXPECT_EQ(log_, Strings{"end"});
}

TEST_P(PhaseEnd, RunsItsOtherTasksThoughOneThrows) {
  reactor_.at_phase_end([] { throw std::runtime_error("task"); });
  note_end("other");
  EXPECT_THROW(run_for(0s), std::runtime_error);
  EXPECT_EQ(log_, Strings{"other"});
}

TEST_P(PhaseEnd, ComesAfterAStopToo) {
  reactor_.run_after(0s, [&] { reactor_.stop(), note_end("end"); });
  reactor_.run();
  EXPECT_EQ(log_, Strings{"end"});
}

TEST_P(PhaseEnd, OfTheFirstPhaseTakesWhatWasSetOutsideOfOne) {
  note_end("end");
  reactor_.run_after(0s, [&] { note("timer"); });
  run_for(0s);
  EXPECT_EQ(log_, (Strings{"timer", "end"}));
}

TEST_P(PhaseEnd, TakesWhatTheBlockOfAStoppedRunHasSet) {
  reactor_.stop();
  reactor_.run([&] { note_end("end"); });
  EXPECT_EQ(log_, Strings{"end"});
}

TEST(PhaseEndPending, KeepsThePollFromWaiting) {
  FakeClock clock;
  auto owned = std::make_unique<ScriptedPoller>(clock);
  ScriptedPoller& poller = *owned;
  Reactor reactor(std::move(owned), clock);
  reactor.run_after(1h, [&] { reactor.stop(); });
  reactor.run_after(
      0s, [&] { reactor.at_phase_end([&] { reactor.at_phase_end([] {}); }); });
  reactor.run();
  EXPECT_EQ(poller.timeouts(), (std::vector<std::optional<Duration>>{0s, 1h}));
}

TEST(SpareStrings, ComeBackEmptyWithTheirMemory) {
  Reactor reactor;
  EXPECT_EQ(reactor.borrow_string().capacity(), std::string().capacity());
  reactor.hand_back(std::string(1000, 'x'));
  const std::string spare = reactor.borrow_string();
  EXPECT_TRUE(spare.empty());
  EXPECT_GE(spare.capacity(), 1000u);
}

TEST(SpareStrings, AreNotKeptWhenTheyAreLargerThan64KiB) {
  Reactor reactor;
  reactor.hand_back(std::string(64 * 1024, 'x'));
  EXPECT_GE(reactor.borrow_string().capacity(), 64u * 1024);
  reactor.hand_back(std::string(64 * 1024 + 1, 'x'));
  EXPECT_EQ(reactor.borrow_string().capacity(), std::string().capacity());
}

}  // namespace
}  // namespace rp
