#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "reactor/reactor.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"
#include "tests/support/scripted_poller.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

std::string message_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    return known.what();
  }
}

class FailingLoop : public OnBothPollers {
 protected:
  void note_errors() {
    reactor_.on_error([this](std::exception_ptr error) {
      log_.push_back(message_of(error));
    });
  }

  // A readable handle that throws, and notes how it is closed.
  void add_throwing(const std::string& name) {
    StreamPair pair;
    write_all(pair.theirs.get(), "x");
    others_.push_back(std::move(pair.theirs));
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->readable = [name](Probe& me) {
      read_available(me.fd());
      throw std::runtime_error(name);
    };
    probe->closed = [this, name](CloseReason reason) {
      log_.push_back(name + " " + std::string(to_string(reason)));
    };
    reactor_.add(std::move(probe), Interest::reading());
  }

  std::string fault_of_run() {
    try {
      reactor_.run();
    } catch (const std::exception& error) {
      return error.what();
    }
    return "none";
  }

  std::vector<UniqueFd> others_;
};

RP_ON_BOTH_POLLERS(FailingLoop);

TEST_P(FailingLoop, GoesOnWithTheOtherTimersWhenThereIsAnErrorHandler) {
  note_errors();
  reactor_.run_after(1ms, [] { throw std::runtime_error("thrown"); });
  reactor_.run_after(1ms, [&] { log_.push_back("next timer"); });
  run_for(2ms);
  EXPECT_EQ(log_, (Strings{"thrown", "next timer"}));
  EXPECT_EQ(reactor_.stats().exceptions, 1u);
}

TEST_P(FailingLoop, GoesOnWithTheOtherHandlesWhenThereIsAnErrorHandler) {
  note_errors();
  add_throwing("a");
  add_throwing("b");
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"a", "b", "a shutdown", "b shutdown"}));
}

TEST_P(FailingLoop, RethrowsAfterAFullCleanUpWithoutAnErrorHandler) {
  add_throwing("a");
  reactor_.on_shutdown([&] { log_.push_back("hook"); });
  reactor_.run_after(1h, [] {});
  EXPECT_EQ(fault_of_run(), "a");
  EXPECT_EQ(log_, (Strings{"hook", "a shutdown"}));
  EXPECT_TRUE(reactor_.timers().empty());
  EXPECT_EQ(reactor_.handlers(), 0u);
}

TEST_P(FailingLoop, EndsThePassAtAnExceptionThatNobodyHandles) {
  reactor_.run_after(1ms, [] { throw std::runtime_error("first"); });
  reactor_.run_after(1ms, [&] { log_.push_back("second"); });
  EXPECT_EQ(fault_of_run(), "first");
  EXPECT_EQ(log_, Strings{});
}

TEST_P(FailingLoop, WritesNothingAfterAReadThatNobodyHandles) {
  StreamPair pair;
  write_all(pair.theirs.get(), "x");
  auto probe = std::make_unique<Probe>(std::move(pair.ours));
  probe->readable = [&](Probe&) {
    log_.push_back("read");
    throw std::runtime_error("thrown");
  };
  probe->writable = [&](Probe&) { log_.push_back("write"); };
  reactor_.add(std::move(probe), {.read = true, .write = true});
  EXPECT_EQ(fault_of_run(), "thrown");
  ASSERT_FALSE(log_.empty());
  EXPECT_EQ(log_.back(), "read");
}

TEST_P(FailingLoop, RunsASecondTimeAfterAnException) {
  reactor_.run_after(0s, [] { throw std::runtime_error("once"); });
  EXPECT_EQ(fault_of_run(), "once");
  reactor_.run_after(1ms, [&] { log_.push_back("again"), reactor_.stop(); });
  EXPECT_EQ(fault_of_run(), "none");
  EXPECT_EQ(log_, Strings{"again"});
}

TEST_P(FailingLoop, RethrowsWhatItsBlockThrowsHavingFiredNothing) {
  const auto block = [&] {
    reactor_.run_after(0s, [&] { log_.push_back("timer"); });
    throw std::runtime_error("block");
  };
  EXPECT_THROW(reactor_.run(block), std::runtime_error);
  EXPECT_EQ(log_, Strings{});
}

TEST_P(FailingLoop, RethrowsTheFirstOfSeveralErrors) {
  reactor_.run_after(0s, [] { throw std::runtime_error("first"); });
  reactor_.on_shutdown([] { throw std::runtime_error("hook"); });
  EXPECT_EQ(fault_of_run(), "first");
}

TEST_P(FailingLoop, RunsEveryHookThoughOneThrows) {
  reactor_.on_shutdown([&] { log_.push_back("first added"); });
  reactor_.on_shutdown([] { throw std::runtime_error("hook"); });
  reactor_.stop();
  EXPECT_EQ(fault_of_run(), "hook");
  EXPECT_EQ(log_, Strings{"first added"});
}

TEST_P(FailingLoop, EndsWithTheErrorOfItsErrorHandler) {
  reactor_.on_error(
      [](std::exception_ptr) { throw std::runtime_error("handler"); });
  reactor_.run_after(0s, [] { throw std::runtime_error("callback"); });
  EXPECT_EQ(fault_of_run(), "handler");
}

TEST_P(FailingLoop, RefusesADescriptorThatIsNotOpenAndDestroysTheHandler) {
  bool destroyed = false;
  struct Told {
    bool* told;
    ~Told() { *told = true; }
  };
  auto probe = std::make_unique<Probe>(UniqueFd());
  std::unique_ptr<Told> owned(new Told{&destroyed});
  probe->readable = [owned = std::move(owned)](Probe&) {};
  EXPECT_THROW(reactor_.add(std::move(probe), Interest::reading()),
               std::system_error);
  EXPECT_TRUE(destroyed);
  EXPECT_EQ(reactor_.handlers(), 0u);
}

TEST_P(FailingLoop, ClosesAHandlerThatThrowsWhenItIsAdded) {
  auto probe = std::make_unique<Probe>(StreamPair().ours);
  probe->added = [](Probe&) { throw std::runtime_error("added"); };
  probe->closed = [&](CloseReason reason) {
    log_.push_back(std::string(to_string(reason)));
  };
  EXPECT_THROW(reactor_.add(std::move(probe), Interest::reading()),
               std::runtime_error);
  run_for(0s);
  EXPECT_EQ(log_, Strings{"local"});
}

TEST(FailingPoller, EndsTheRunWhichCanBeTriedAgain) {
  FakeClock clock;
  auto owned = std::make_unique<ScriptedPoller>(clock);
  ScriptedPoller& poller = *owned;
  Reactor reactor(std::move(owned), clock);
  int handled = 0;
  int hooks = 0;
  reactor.on_error([&](std::exception_ptr) { ++handled; });
  reactor.on_shutdown([&] { ++hooks; });
  poller.then([] { throw std::system_error(EBADF, std::generic_category()); });
  EXPECT_THROW(reactor.run(), std::system_error);
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(hooks, 1);
  poller.then([&] { reactor.stop(); });
  reactor.run();
}

}  // namespace
}  // namespace rp
