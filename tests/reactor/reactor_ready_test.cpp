#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
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

class Handles : public OnBothPollers {
 protected:
  // A handle with a byte to read, which notes what happens to it. What it is
  // to do when it is read comes in `read`.
  HandleId add(const std::string& name, Interest interest,
               Function<void()> read = {}) {
    StreamPair pair;
    write_all(pair.theirs.get(), "x");
    others_.push_back(std::move(pair.theirs));
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->readable = [this, name, f = std::move(read)](Probe& me) mutable {
      log_.push_back(name + " read");
      read_available(me.fd());
      if (f) f();
    };
    probe->writable = [this, name](Probe& me) {
      log_.push_back(name + " write");
      reactor_.set_interest(me.id(), Interest::reading());
    };
    probe->closed = [this, name](CloseReason reason) {
      log_.push_back(name + " " + std::string(to_string(reason)));
    };
    return reactor_.add(std::move(probe), interest);
  }

  std::vector<UniqueFd> others_;
};

RP_ON_BOTH_POLLERS(Handles);

TEST_P(Handles, AreReadBeforeTheyAreWritten) {
  add("a", {.read = true, .write = true});
  run_for(0s);
  reactor_.run([&] { reactor_.stop(); });
  EXPECT_EQ(log_, (Strings{"a shutdown"}));
  log_.clear();
  add("b", {.read = true, .write = true});
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"b read", "b write", "b shutdown"}));
}

TEST_P(Handles, AreServedInTheOrderOfTheirRegistration) {
  const HandleId first = add("first", Interest::none());
  add("second", Interest::reading());
  add("third", Interest::reading());
  reactor_.set_interest(first, Interest::reading());
  run_for(1ms);
  log_.resize(3);
  EXPECT_EQ(log_, (Strings{"first read", "second read", "third read"}));
}

TEST_P(Handles, AreNotServedOnceClosedInTheSameTick) {
  HandleId b;
  add("a", Interest::reading(), [&] { reactor_.close(b); });
  b = add("b", Interest::reading());
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"a read", "b local", "a shutdown"}));
  EXPECT_EQ(reactor_.stats().late_events, 1u);
}

TEST_P(Handles, AreNotWrittenOnceClosedByTheirOwnRead) {
  HandleId id;
  id = add("a", {.read = true, .write = true}, [&] { reactor_.close(id); });
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"a read", "a local"}));
}

// A hundred more move the table; what was looked up before is gone.
TEST_P(Handles, AreNotWrittenOnceClosedThoughTheTableHasMoved) {
  HandleId id;
  id = add("a", {.read = true, .write = true}, [&] {
    for (int i = 0; i < 100; ++i) add("other", Interest::none());
    reactor_.close(id);
  });
  run_for(1ms);
  const auto read = std::find(log_.begin(), log_.end(), "a read");
  ASSERT_NE(read, log_.end());
  EXPECT_EQ(std::find(read, log_.end(), "a write"), log_.end());
}

TEST_P(Handles, AreNotServedOncePausedInTheSameTick) {
  HandleId b;
  add("a", Interest::reading(),
      [&] { reactor_.set_interest(b, Interest::none()); });
  b = add("b", Interest::reading());
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"a read", "a shutdown", "b shutdown"}));
}

TEST_P(Handles, FindNobodyByTheIdOfTheDead) {
  const HandleId id = add("a", Interest::reading());
  EXPECT_NE(reactor_.find(id), nullptr);
  reactor_.close(id);
  EXPECT_EQ(reactor_.find(id), nullptr);
  reactor_.set_interest(id, Interest::writing());
  run_for(1ms);
  EXPECT_EQ(log_, Strings{"a local"});
}

TEST_P(Handles, AreToldTheFirstReasonOnceAndNotInsideClose) {
  HandleId id;
  id = add("a", Interest::reading(), [&] {
    reactor_.close(id, CloseReason::protocol);
    reactor_.close(id, CloseReason::idle);
    log_.push_back("close returned");
  });
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"a read", "close returned", "a protocol"}));
}

TEST_P(Handles, AreCountedByWhyTheyCameToTheirEnd) {
  reactor_.close(add("a", Interest::none()), CloseReason::idle);
  reactor_.close(add("b", Interest::none()), CloseReason::idle);
  add("c", Interest::none());
  run_for(1ms);
  const auto closed = [this](CloseReason reason) {
    return reactor_.stats().closed.at(static_cast<std::size_t>(reason));
  };
  EXPECT_EQ(closed(CloseReason::idle), 2u);
  EXPECT_EQ(closed(CloseReason::shutdown), 1u);
  EXPECT_EQ(closed(CloseReason::peer), 0u);
}

TEST_P(Handles, AreClosedBeforeTheNextTimers) {
  const HandleId id = add("a", Interest::none());
  reactor_.run_after(1ms, [&, id] {
    reactor_.close(id);
    reactor_.run_after(0s, [&] { log_.push_back("timer"); });
  });
  run_for(2ms);
  EXPECT_EQ(log_, (Strings{"a local", "timer"}));
}

TEST_P(Handles, CloseTheirDescriptorInTheThirdPhase) {
  StreamPair pair;
  const HandleId id = reactor_.add(
      std::make_unique<Probe>(std::move(pair.ours)), Interest::none());
  reactor_.run_after(0s, [&, id] {
    reactor_.close(id);
    EXPECT_FALSE(at_end(pair.theirs.get()));
  });
  reactor_.run_after(1ms, [&] { EXPECT_TRUE(at_end(pair.theirs.get())); });
  run_for(2ms);
}

// A copy of the descriptor keeps what it names alive, so that a poller which
// was not told would go on reporting it under the id of the dead.
TEST_P(Handles, NeverGetTheEventsOfThePredecessorOfTheirDescriptor) {
  const HandleId old = add("old", Interest::reading());
  const int number = reactor_.find(old)->fd();
  const UniqueFd copy(::dup(number));
  reactor_.close(old);
  reactor_.run_after(1ms, [&] {
    StreamPair pair;
    ASSERT_TRUE(pair.ours.get() == number || pair.theirs.get() == number);
    for (UniqueFd* end : {&pair.ours, &pair.theirs}) {
      auto probe = std::make_unique<Probe>(UniqueFd(end->release()));
      probe->readable = [this](Probe&) { log_.push_back("successor read"); };
      reactor_.add(std::move(probe), Interest::reading());
    }
  });
  run_for(5ms);
  EXPECT_EQ(log_, Strings{"old local"});
}

TEST(LateEvents, AreDroppedThoughSlotAndDescriptorAreInUseAgain) {
  FakeClock clock;
  auto owned = std::make_unique<ScriptedPoller>(clock);
  ScriptedPoller& poller = *owned;
  Reactor reactor(std::move(owned), clock);
  int served = 0;
  const auto add = [&] {
    auto probe = std::make_unique<Probe>(UniqueFd(::dup(0)));
    probe->readable = [&](Probe&) { ++served; };
    return reactor.add(std::move(probe), Interest::reading());
  };
  const HandleId old = add();
  const int number = reactor.find(old)->fd();
  reactor.close(old);
  poller.then([] {});
  poller.then([&] { EXPECT_EQ(reactor.find(add())->fd(), number); });
  poller.then({{old, true, true}});
  poller.then([&] { reactor.stop(); });
  reactor.run();
  EXPECT_EQ(served, 0);
  EXPECT_EQ(reactor.stats().late_events, 1u);
}

TEST(PausedHandles, LeaveThePollerUntilTheyWaitAgain) {
  FakeClock clock;
  auto owned = std::make_unique<ScriptedPoller>(clock);
  ScriptedPoller& poller = *owned;
  Reactor reactor(std::move(owned), clock);
  auto probe = std::make_unique<Probe>(UniqueFd(::dup(0)));
  const std::string fd = std::to_string(probe->fd());
  const HandleId id = reactor.add(std::move(probe), Interest::none());
  EXPECT_EQ(poller.log(), Strings{});
  reactor.set_interest(id, Interest::reading());
  reactor.set_interest(id, Interest::reading());
  reactor.set_interest(id, {.read = true, .write = true});
  reactor.set_interest(id, Interest::none());
  reactor.close(id);
  EXPECT_EQ(poller.log(),
            (Strings{"add " + fd + " read", "modify " + fd + " read+write",
                     "remove " + fd}));
}

}  // namespace
}  // namespace rp
