#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reactor/reactor.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class DrainingLoop : public OnBothPollers {
 protected:
  // A handle that closes itself `takes` after it was told to drain.
  HandleId add_draining(const std::string& name, Duration takes,
                        Lifetime lifetime = Lifetime::foreground) {
    StreamPair pair;
    others_.push_back(std::move(pair.theirs));
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->drain = [this, name, takes](Probe& me) {
      log_.push_back(name + " drains");
      const HandleId id = me.id();
      reactor_.run_after(
          takes, [this, id] { reactor_.close(id, CloseReason::drained); });
    };
    probe->closed = [this, name](CloseReason reason) {
      log_.push_back(name + " " + std::string(to_string(reason)));
    };
    return reactor_.add(std::move(probe), Interest::reading(), lifetime);
  }

  Duration time_to_run() {
    const TimePoint begin = clock_.now();
    reactor_.run();
    return clock_.now() - begin;
  }

  std::vector<UniqueFd> others_;
};

RP_ON_BOTH_POLLERS(DrainingLoop);

TEST_P(DrainingLoop, EndsWhenTheLastForegroundHandlerHasGone) {
  add_draining("a", 3ms);
  add_draining("b", 5ms);
  add_draining("background", 0ms, Lifetime::background);
  reactor_.run_after(0s, [&] { reactor_.drain(10s); });
  EXPECT_EQ(time_to_run(), 5ms);
  EXPECT_EQ(log_, (Strings{"a drains", "b drains", "a drained", "b drained"}));
}

TEST_P(DrainingLoop, EndsAtOnceWhenThereIsNothingToDrain) {
  reactor_.run_after(1h, [] {});
  reactor_.drain(10s);
  EXPECT_EQ(time_to_run(), 0s);
}

TEST_P(DrainingLoop, ClosesAHandlerThatHasNoWordForDraining) {
  auto probe = std::make_unique<Probe>(StreamPair().ours);
  probe->closed = [&](CloseReason reason) {
    log_.push_back(std::string(to_string(reason)));
  };
  reactor_.add(std::move(probe), Interest::none());
  reactor_.drain(10s);
  EXPECT_EQ(time_to_run(), 0s);
  EXPECT_EQ(log_, Strings{"drained"});
}

TEST_P(DrainingLoop, StopsAtItsDeadline) {
  add_draining("slow", 1h);
  reactor_.on_shutdown([&] { log_.push_back("hook"); });
  reactor_.drain(10s);
  EXPECT_EQ(time_to_run(), 10s);
  EXPECT_EQ(log_, (Strings{"slow drains", "hook", "slow shutdown"}));
}

TEST_P(DrainingLoop, IsNotChangedByASecondDrain) {
  add_draining("slow", 1h);
  reactor_.run_after(0s, [&] { reactor_.drain(5s); });
  reactor_.run_after(1s, [&] { reactor_.drain(20s); });
  EXPECT_EQ(time_to_run(), 5s);
  EXPECT_EQ(log_, (Strings{"slow drains", "slow shutdown"}));
}

TEST_P(DrainingLoop, EndsAtOnceWhenItIsStopped) {
  add_draining("slow", 1h);
  reactor_.drain(10s);
  reactor_.run_after(1s, [&] { reactor_.stop(); });
  EXPECT_EQ(time_to_run(), 1s);
}

TEST_P(DrainingLoop, DrainsAHandlerThatComesLate) {
  add_draining("first", 2ms);
  reactor_.drain(10s);
  reactor_.run_after(1ms, [&] { add_draining("late", 3ms); });
  EXPECT_EQ(time_to_run(), 4ms);
  EXPECT_EQ(log_, (Strings{"first drains", "late drains", "first drained",
                           "late drained"}));
}

TEST_P(DrainingLoop, DoesNotDrainWhatAnotherHasClosedMeanwhile) {
  StreamPair pair;
  HandleId second;
  auto probe = std::make_unique<Probe>(std::move(pair.ours));
  probe->drain = [&](Probe& me) {
    reactor_.close(second);
    reactor_.close(me.id());
  };
  reactor_.add(std::move(probe), Interest::reading());
  second = add_draining("second", 1h);
  reactor_.drain(10s);
  EXPECT_EQ(time_to_run(), 0s);
  EXPECT_EQ(log_, Strings{"second local"});
}

TEST_P(DrainingLoop, ServesItsHandlesMeanwhile) {
  add_draining("slow", 5ms);
  StreamPair pair;
  auto probe = std::make_unique<Probe>(std::move(pair.ours));
  probe->drain = [](Probe&) {};
  probe->readable = [&](Probe& me) {
    log_.push_back(read_available(me.fd()));
    reactor_.close(me.id());
  };
  reactor_.add(std::move(probe), Interest::reading());
  reactor_.drain(10s);
  reactor_.run_after(1ms, [&] { write_all(pair.theirs.get(), "bytes"); });
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"slow drains", "bytes", "slow drained"}));
}

TEST_P(DrainingLoop, RunsASecondTimeAsIfNothingHadHappened) {
  reactor_.drain(10s);
  reactor_.run();
  EXPECT_FALSE(reactor_.draining());
  add_draining("handle", 0ms);
  run_for(20s);
  EXPECT_EQ(log_, Strings{"handle shutdown"});
}

}  // namespace
}  // namespace rp
