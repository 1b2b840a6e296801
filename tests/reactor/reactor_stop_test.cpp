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

class StoppedLoop : public OnBothPollers {
 protected:
  // A handle that notes how it was closed.
  HandleId add_noting(const std::string& name, Interest interest,
                      Lifetime lifetime = Lifetime::foreground) {
    StreamPair pair;
    write_all(pair.theirs.get(), "x");
    others_.push_back(std::move(pair.theirs));
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->readable = [this, name](Probe& me) {
      log_.push_back(name + " read");
      read_available(me.fd());
    };
    probe->closed = [this, name](CloseReason reason) {
      log_.push_back(name + " " + std::string(to_string(reason)));
    };
    return reactor_.add(std::move(probe), interest, lifetime);
  }

  std::vector<UniqueFd> others_;
};

RP_ON_BOTH_POLLERS(StoppedLoop);

TEST_P(StoppedLoop, ReturnsAtOnceWhenItWasStoppedBeforeItRan) {
  reactor_.run_after(0s, [&] { log_.push_back("timer"); });
  add_noting("handle", Interest::reading());
  reactor_.stop();
  reactor_.run();
  EXPECT_EQ(log_, Strings{"handle shutdown"});
  EXPECT_EQ(poller_->waits(), 0u);
}

TEST_P(StoppedLoop, StillRunsTheBlockOfARunThatWasStoppedBefore) {
  reactor_.stop();
  reactor_.run([&] { log_.push_back("block"); });
  EXPECT_EQ(log_, Strings{"block"});
}

TEST_P(StoppedLoop, ForgetsTheStopWhenRunReturns) {
  reactor_.stop();
  reactor_.run();
  reactor_.run_after(1ms, [&] { log_.push_back("timer"), reactor_.stop(); });
  reactor_.run();
  EXPECT_EQ(log_, Strings{"timer"});
}

TEST_P(StoppedLoop, RunsItsHooksOnceInReverseOrderBeforeHandlersAreTold) {
  add_noting("handle", Interest::none());
  reactor_.on_shutdown([&] { log_.push_back("first hook"); });
  reactor_.on_shutdown([&] { log_.push_back("second hook"); });
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"second hook", "first hook", "handle shutdown"}));
  run_for(1ms);
  EXPECT_EQ(log_.size(), 3u);
}

TEST_P(StoppedLoop, RunsAHookThatAHookAdds) {
  reactor_.on_shutdown([&] {
    log_.push_back("hook");
    reactor_.on_shutdown([&] { log_.push_back("its hook"); });
  });
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"hook", "its hook"}));
}

TEST_P(StoppedLoop, LetsAHookSendWhatIsOwed) {
  const HandleId id = add_noting("handle", Interest::none());
  reactor_.on_shutdown([&, id] {
    reactor_.at_phase_end([&, id] {
      log_.push_back(reactor_.find(id) ? "written" : "too late");
    });
  });
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"written", "handle shutdown"}));
}

TEST_P(StoppedLoop, TellsEachHandlerOnceInTheOrderOfRegistration) {
  add_noting("a", Interest::none());
  const HandleId b = add_noting("b", Interest::none());
  add_noting("c", Interest::none());
  reactor_.run_after(0s, [&, b] {
    reactor_.close(b, CloseReason::protocol);
    reactor_.stop();
  });
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"b protocol", "a shutdown", "c shutdown"}));
  EXPECT_EQ(reactor_.handlers(), 0u);
}

TEST_P(StoppedLoop, ClosesWhatOthersOpenWhenTheyAreClosed) {
  StreamPair pair;
  auto probe = std::make_unique<Probe>(std::move(pair.ours));
  probe->closed = [&](CloseReason) { add_noting("late", Interest::reading()); };
  reactor_.add(std::move(probe), Interest::reading());
  run_for(1ms);
  EXPECT_EQ(log_, Strings{"late shutdown"});
}

TEST_P(StoppedLoop, LeavesNoTimer) {
  reactor_.run_after(1h, [] {});
  reactor_.run_every(1h, [] {});
  run_for(1ms);
  EXPECT_TRUE(reactor_.timers().empty());
}

TEST_P(StoppedLoop, KeepsBackgroundHandlersForTheNextRun) {
  add_noting("background", Interest::reading(), Lifetime::background);
  run_for(0s);
  EXPECT_EQ(log_, Strings{});
  run_for(1ms);
  EXPECT_EQ(log_, Strings{"background read"});
}

TEST_P(StoppedLoop, TellsABackgroundHandlerThatWasClosed) {
  const HandleId id =
      add_noting("background", Interest::none(), Lifetime::background);
  reactor_.run([&, id] {
    reactor_.close(id);
    reactor_.stop();
  });
  EXPECT_EQ(log_, Strings{"background local"});
}

TEST(ReactorsEnd, ClosesBackgroundHandlersAndDestroysTasksUncalled) {
  Strings log;
  StreamPair pair;
  {
    Reactor reactor;
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->closed = [&](CloseReason reason) {
      log.push_back(std::string(to_string(reason)));
    };
    reactor.add(std::move(probe), Interest::reading(), Lifetime::background);
    reactor.at_phase_end([&] { log.push_back("task"); });
    reactor.run_after(0s, [&] { log.push_back("timer"); });
    reactor.on_shutdown([&] { log.push_back("hook"); });
    EXPECT_EQ(log, Strings{});
  }
  EXPECT_EQ(log, Strings{"shutdown"});
  EXPECT_TRUE(at_end(pair.theirs.get()));
}

TEST(ReactorsEnd, ClosesWhatOthersOpenWhenTheyAreClosed) {
  int told = 0;
  StreamPair pair;
  {
    Reactor reactor;
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->closed = [&](CloseReason) {
      auto late = std::make_unique<Probe>(std::move(pair.theirs));
      late->closed = [&](CloseReason) { ++told; };
      reactor.add(std::move(late), Interest::reading());
    };
    reactor.add(std::move(probe), Interest::reading());
  }
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace rp
