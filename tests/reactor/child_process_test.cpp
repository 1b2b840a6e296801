#include "reactor/child_process.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/children.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class ChildOn : public OnBothPollers {
 protected:
  ChildProcess& start(const Command& command,
                      Lifetime lifetime = Lifetime::foreground) {
    auto child =
        std::make_unique<ChildProcess>(command, [this](const ChildExit& exit) {
          log_.push_back(exit.text());
          reactor_.stop();
        });
    ChildProcess& started = *child;
    stream_ = child->take_stream();
    errors_ = child->take_errors();
    id_ = reactor_.add(std::move(child), Interest::reading(), lifetime);
    return started;
  }

  /// How the child ends.
  std::string end_of(const Command& command) {
    start(command);
    reactor_.run();
    return log_.empty() ? "" : log_.front();
  }

  /// A line that the child writes; waits for it.
  std::string line() {
    std::string text;
    while (text.empty() || text.back() != '\n') {
      wait_until_readable(stream_.get());
      if (at_end(stream_.get())) return text + "<the end>";
      text += read_available(stream_.get());
    }
    return text;
  }

  UniqueFd stream_;
  UniqueFd errors_;
  HandleId id_;
};

RP_ON_BOTH_POLLERS(ChildOn);

TEST_P(ChildOn, ReadsWhatIsSentAndAnswers) {
  start({"cat"});
  ::send(stream_.get(), "hello\n", 6, MSG_NOSIGNAL);
  EXPECT_EQ(line(), "hello\n");
}

TEST_P(ChildOn, GetsEachByteAsItIs) {
  start({"cat"});
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    if (byte != '\n') bytes += static_cast<char>(byte);
  }
  bytes += '\n';
  write_all(stream_.get(), bytes);
  EXPECT_EQ(line(), bytes);
}

TEST_P(ChildOn, SeesTheEndOfItsInputAndCanStillAnswer) {
  start({"sort"});
  write_all(stream_.get(), "2\n1\n");
  ::shutdown(stream_.get(), SHUT_WR);
  EXPECT_EQ(line(), "1\n2\n");
}

TEST_P(ChildOn, HasAPipeForItsErrors) {
  start(shell("echo oh >&2"));
  wait_until_readable(errors_.get());
  char bytes[16];
  EXPECT_EQ(::read(errors_.get(), bytes, sizeof bytes), 3);
}

TEST_P(ChildOn, TellsTheStatusItEndedWith) {
  EXPECT_EQ(end_of(shell("exit 3")), "ended with status 3");
}

TEST_P(ChildOn, TellsTheSignalThatKilledIt) {
  EXPECT_EQ(end_of(shell("kill -SEGV $$")),
            "was killed by signal 11 (SIGSEGV)");
}

TEST_P(ChildOn, TellsASignalWithoutAName) {
  EXPECT_EQ(end_of(shell("kill -40 $$")), "was killed by signal 40");
}

TEST_P(ChildOn, SaysThatItsProgramDoesNotExist) {
  EXPECT_EQ(end_of({"no-such-program"}),
            "cannot be started: no-such-program: No such file or directory");
}

TEST_P(ChildOn, SaysThatItsProgramMayNotBeRun) {
  EXPECT_EQ(end_of({"/etc/passwd"}),
            "cannot be started: /etc/passwd: Permission denied");
}

TEST_P(ChildOn, RefusesAnEmptyCommand) {
  EXPECT_THROW(start({}), std::invalid_argument);
}

TEST_P(ChildOn, TellsItsExitOnceAndIsGone) {
  end_of(shell("exit 0"));
  run_for(1ms);
  EXPECT_EQ(log_, Strings{"ended with status 0"});
  EXPECT_EQ(reactor_.find(id_), nullptr);
  EXPECT_FALSE(has_children());
}

TEST_P(ChildOn, IsKilledAndToldOfItAsOfAnyExit) {
  start({"sleep", "1000"}).kill();
  reactor_.run();
  EXPECT_EQ(log_, Strings{"was killed by signal 9 (SIGKILL)"});
}

TEST_P(ChildOn, TellsNothingWhenItIsClosedFirst) {
  start({"sleep", "1000"});
  reactor_.close(id_);
  run_for(1ms);
  EXPECT_EQ(log_, Strings{});
  EXPECT_FALSE(has_children());
}

TEST_P(ChildOn, IsKilledAndReapedWhenTheRunEnds) {
  start({"sleep", "1000"});
  run_for(1ms);
  EXPECT_FALSE(has_children());
}

TEST_P(ChildOn, OutlivesARunInTheBackground) {
  ChildProcess& child = start({"cat"}, Lifetime::background);
  run_for(1ms);
  write_all(stream_.get(), "still here\n");
  EXPECT_EQ(line(), "still here\n");
  child.end();
  EXPECT_EQ(child.pid(), 0);
  EXPECT_FALSE(has_children());
}

TEST_P(ChildOn, IsReapedAlsoWhereSigchldIsIgnored) {
  ::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(end_of(shell("exit 4")), "ended with status 4");
}

TEST_P(ChildOn, IsReapedAlsoWhereTheSystemWasToldToReap) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  action.sa_flags = SA_NOCLDWAIT;
  ::sigaction(SIGCHLD, &action, nullptr);
  EXPECT_EQ(end_of(shell("exit 4")), "ended with status 4");
}

TEST_P(ChildOn, HasClosedItselfWhenItTellsItsExit) {
  HandleId id;
  bool closed = false;
  id = reactor_.add(
      std::make_unique<ChildProcess>(Command{"true"},
                                     [&](const ChildExit&) {
                                       closed = reactor_.find(id) == nullptr;
                                       reactor_.stop();
                                     }),
      Interest::reading());
  reactor_.run();
  EXPECT_TRUE(closed);
}

TEST_P(ChildOn, SaysThatSomebodyElseReapedIt) {
  ChildProcess& child = start(shell("exit 4"));
  ASSERT_EQ(::waitpid(child.pid(), nullptr, 0), child.pid());
  reactor_.run();
  EXPECT_EQ(log_, Strings{"ended, and somebody else reaped it"});
}

TEST(ChildProcessEnd, ComesWithTheReactors) {
  {
    Reactor reactor;
    reactor.add(std::make_unique<ChildProcess>(Command{"sleep", "1000"},
                                               ChildProcess::OnExit()),
                Interest::reading(), Lifetime::background);
    EXPECT_TRUE(has_children());
  }
  EXPECT_FALSE(has_children());
}

}  // namespace
}  // namespace rp
