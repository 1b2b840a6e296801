#include "reactor/mailbox.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/support/faults.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class MailboxOn : public OnBothPollers {
 protected:
  void post(const std::string& name) {
    mailbox_.post([this, name] { log_.push_back(name); });
  }
  void post_stop() {
    mailbox_.post([this] { reactor_.stop(); });
  }

  Mailbox mailbox_{reactor_};
};

RP_ON_BOTH_POLLERS(MailboxOn);

TEST_P(MailboxOn, RunsTasksInTheOrderInWhichTheyWerePosted) {
  for (const char* name : {"a", "b", "c"}) post(name);
  post_stop();
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"a", "b", "c"}));
}

TEST_P(MailboxOn, RunsTasksOnTheThreadOfTheLoop) {
  std::optional<std::thread::id> ran_on;
  std::thread([&] {
    mailbox_.post([&] { ran_on = std::this_thread::get_id(); });
    post_stop();
  }).join();
  reactor_.run();
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST_P(MailboxOn, EndsALoopThatIsBlockedInItsPoll) {
  std::thread other;
  poller_->before_blocking([&] {
    other = std::thread(
        [loop = mailbox_, this] { loop.post([this] { reactor_.stop(); }); });
  });
  reactor_.run();
  other.join();
  EXPECT_EQ(poller_->waits(), 1u);
}

TEST_P(MailboxOn, DoesNotLoseAStopThatRacesWithTheStartOfRun) {
  for (int i = 0; i < 200; ++i) {
    std::thread other([this] { post_stop(); });
    reactor_.run();
    other.join();
  }
  EXPECT_EQ(reactor_.stats().exceptions, 0u);
}

TEST_P(MailboxOn, KeepsAStopThatWasPostedBeforeRun) {
  std::thread([this] { post_stop(); }).join();
  reactor_.run_after(1h, [&] { log_.push_back("timer"); });
  reactor_.run();
  EXPECT_EQ(log_, Strings{});
}

TEST_P(MailboxOn, RunsATaskOfATaskInTheNextTickAndServesHandlesBetween) {
  StreamPair pair;
  write_all(pair.theirs.get(), "x");
  auto probe = std::make_unique<Probe>(std::move(pair.ours));
  probe->readable = [&](Probe& me) {
    log_.push_back("read");
    read_available(me.fd());
  };
  reactor_.add(std::move(probe), Interest::reading());
  mailbox_.post([&] {
    log_.push_back("task");
    post("its task");
    post_stop();
  });
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"task", "read", "its task"}));
}

TEST_P(MailboxOn, KeepsPostsBetweenTwoRunsForTheNext) {
  post_stop();
  reactor_.run();
  post("between");
  post_stop();
  EXPECT_EQ(log_, Strings{});
  reactor_.run();
  EXPECT_EQ(log_, Strings{"between"});
}

TEST_P(MailboxOn, IsOneMailboxHoweverOftenItIsCopied) {
  const Mailbox copy = mailbox_;
  post("a");
  copy.post([&] { log_.push_back("b"); });
  post("c");
  post_stop();
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"a", "b", "c"}));
}

TEST_P(MailboxOn, WakesTheLoopOnceForAThousandPosts) {
  const Fault counter = Fault::on_any();
  for (int i = 0; i < 1000; ++i) post("task");
  post_stop();
  EXPECT_EQ(counter.calls(SystemCall::kWrite), 1u);
  reactor_.run();
  EXPECT_EQ(log_.size(), 1000u);
  EXPECT_EQ(poller_->waits(), 1u);
}

TEST_P(MailboxOn, GoesOnWithTheNextTaskWhenThereIsAnErrorHandler) {
  reactor_.on_error([&](std::exception_ptr) { log_.push_back("error"); });
  mailbox_.post([] { throw std::runtime_error("task"); });
  post("next");
  post_stop();
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"error", "next"}));
}

TEST_P(MailboxOn, KeepsTheOtherTasksWhenOneEndsTheRun) {
  mailbox_.post([] { throw std::runtime_error("task"); });
  post("a");
  EXPECT_THROW(reactor_.run(), std::runtime_error);
  post("b");
  post_stop();
  EXPECT_EQ(log_, Strings{});
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"a", "b"}));
}

TEST_P(MailboxOn, DestroysATaskBeforeTheNextOneRuns) {
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = owned;
  mailbox_.post([owned = std::move(owned)] {});
  mailbox_.post([&] { EXPECT_TRUE(watched.expired()); });
  post_stop();
  reactor_.run();
  EXPECT_TRUE(watched.expired());
}

TEST_P(MailboxOn, WakesTheLoopThoughSignalsInterruptIt) {
  const Fault fault = Fault::on_any()
                          .write({Fault::error(EINTR), Fault::error(EINTR)})
                          .read({Fault::error(EINTR)});
  post("task");
  post_stop();
  reactor_.run();
  EXPECT_EQ(log_, Strings{"task"});
  EXPECT_EQ(fault.left(), 0u);
}

TEST(MailboxSetUp, SaysThatThereIsNoDescriptorLeft) {
  Reactor reactor;
  const Fault fault = Fault::on_any().eventfd({Fault::error(EMFILE)});
  try {
    const Mailbox mailbox(reactor);
    FAIL() << "made a mailbox without a descriptor";
  } catch (const std::system_error& error) {
    EXPECT_STREQ(error.what(), "eventfd for a mailbox: Too many open files");
  }
}

TEST(MailboxWithoutAReactor, ReturnsFalseAndDestroysTheTaskUncalled) {
  auto reactor = std::make_unique<Reactor>();
  const Mailbox mailbox(*reactor);
  reactor.reset();
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = owned;
  bool ran = false;
  EXPECT_FALSE(mailbox.post([&ran, owned = std::move(owned)] { ran = true; }));
  EXPECT_FALSE(ran);
  EXPECT_TRUE(watched.expired());
}

TEST(MailboxWithoutAReactor, DestroysWhatWasPostedBeforeUncalled) {
  auto reactor = std::make_unique<Reactor>();
  const Mailbox mailbox(*reactor);
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = owned;
  EXPECT_TRUE(mailbox.post([owned = std::move(owned)] {}));
  reactor.reset();
  EXPECT_TRUE(watched.expired());
}

TEST(MailboxWithoutAReactor, MayBePostedToWhileTheReactorEnds) {
  auto reactor = std::make_unique<Reactor>();
  std::thread other([loop = Mailbox(*reactor)] {
    while (loop.post([] {})) {
    }
  });
  reactor.reset();
  other.join();
}

}  // namespace
}  // namespace rp
