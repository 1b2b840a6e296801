#include "reactor/signals.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "reactor/unique_fd.h"
#include "tests/support/faults.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

void (*handler_of(int signal))(int) {
  struct sigaction now = {};
  ::sigaction(signal, nullptr, &now);
  return now.sa_handler;
}

class SignalsOn : public OnBothPollers {
 protected:
  HandleId watch(std::initializer_list<int> signals) {
    return Signals::start(reactor_, signals, [this](int signal) {
      log_.push_back(std::to_string(signal));
    });
  }
};

RP_ON_BOTH_POLLERS(SignalsOn);

TEST_P(SignalsOn, AreToldInATick) {
  watch({SIGUSR1, SIGUSR2});
  ::raise(SIGUSR2);
  ::raise(SIGUSR1);
  EXPECT_EQ(log_, Strings{});
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{std::to_string(SIGUSR2), std::to_string(SIGUSR1)}));
}

TEST_P(SignalsOn, WakeALoopThatIsBlockedInItsPoll) {
  Signals::start(reactor_, {SIGUSR1}, [this](int) { reactor_.stop(); });
  const auto loop = ::pthread_self();
  std::thread other;
  poller_->before_blocking(
      [&] { other = std::thread([loop] { ::pthread_kill(loop, SIGUSR1); }); });
  reactor_.run();
  other.join();
  EXPECT_GE(poller_->waits(), 1u);
}

TEST_P(SignalsOn, MayHitAnyThread) {
  watch({SIGUSR1});
  std::thread([] { ::raise(SIGUSR1); }).join();
  run_for(1ms);
  EXPECT_EQ(log_, Strings{std::to_string(SIGUSR1)});
}

TEST_P(SignalsOn, LeaveErrnoAlone) {
  watch({SIGUSR1});
  errno = 77;
  ::raise(SIGUSR1);
  EXPECT_EQ(errno, 77);
}

TEST_P(SignalsOn, LeaveErrnoAloneThoughTheirPipeIsFull) {
  const HandleId id = watch({SIGUSR1});
  const int bytes = ::fcntl(reactor_.find(id)->fd(), F_SETPIPE_SZ, 4096);
  errno = 77;
  for (int i = 0; i <= bytes; ++i) ::raise(SIGUSR1);
  EXPECT_EQ(errno, 77);
}

TEST_P(SignalsOn, DoNotKeepADrainingReactorRunning) {
  watch({SIGUSR1});
  reactor_.drain(10s);
  const TimePoint begin = clock_.now();
  reactor_.run();
  EXPECT_EQ(clock_.now(), begin);
}

TEST_P(SignalsOn, AreWatchedAcrossRuns) {
  watch({SIGUSR1});
  run_for(1ms);
  ::raise(SIGUSR1);
  run_for(1ms);
  EXPECT_EQ(log_, Strings{std::to_string(SIGUSR1)});
}

TEST_P(SignalsOn, AreNotLostToACallbackThatThrows) {
  Signals::start(reactor_, {SIGUSR1, SIGUSR2}, [this](int signal) {
    log_.push_back(std::to_string(signal));
    throw std::runtime_error("signal");
  });
  ::raise(SIGUSR1);
  ::raise(SIGUSR2);
  EXPECT_THROW(run_for(1ms), std::runtime_error);
  EXPECT_THROW(run_for(1ms), std::runtime_error);
  EXPECT_EQ(log_.size(), 2u);
}

TEST_P(SignalsOn, AreReadAgainAfterASignal) {
  watch({SIGUSR1});
  ::raise(SIGUSR1);
  const Fault fault = Fault::on_any().read({Fault::error(EINTR)});
  run_for(1ms);
  EXPECT_EQ(log_.size(), 1u);
  EXPECT_EQ(fault.left(), 0u);
}

TEST(WatchedSignals, AreHandledAsBeforeWhenTheReactorHasEnded) {
  const auto before = handler_of(SIGUSR1);
  {
    Reactor reactor;
    Signals::start(reactor, {SIGUSR1}, [](int) {});
    EXPECT_NE(handler_of(SIGUSR1), before);
  }
  EXPECT_EQ(handler_of(SIGUSR1), before);
}

TEST(WatchedSignals, CanBeWatchedOnceAtATime) {
  Reactor reactor;
  {
    Reactor other;
    Signals::start(other, {SIGUSR1}, [](int) {});
    try {
      Signals::start(reactor, {SIGUSR2, SIGUSR1}, [](int) {});
      FAIL() << "watched twice";
    } catch (const std::logic_error& error) {
      EXPECT_STREQ(error.what(), "SIGUSR1 is watched already");
    }
  }
  Signals::start(reactor, {SIGUSR1, SIGUSR2}, [](int) {});
}

TEST(WatchedSignals, CanBeCaught) {
  Reactor reactor;
  const auto watch = [&](int signal) {
    Signals::start(reactor, {SIGUSR1, signal}, [](int) {});
  };
  for (const int signal : {SIGKILL, SIGSTOP, 0, -1, NSIG}) {
    EXPECT_THROW(watch(signal), std::system_error) << signal;
  }
  watch(SIGUSR2);
}

TEST(BrokenPipes, AreIgnoredByAProgramThatSaysSo) {
  const auto before = handler_of(SIGPIPE);
  Signals::ignore_broken_pipes();
  EXPECT_EQ(handler_of(SIGPIPE), SIG_IGN);
  ::signal(SIGPIPE, before);
}

TEST(FileLimits, AreErrorsOfTheWriteForAProgramThatSaysSo) {
  rlimit unlimited{};
  ::getrlimit(RLIMIT_FSIZE, &unlimited);
  const auto before = handler_of(SIGXFSZ);
  Signals::ignore_file_limits();
  const UniqueFd file{::memfd_create("file", MFD_CLOEXEC)};
  rlimit none = unlimited;
  none.rlim_cur = 0;
  ::setrlimit(RLIMIT_FSIZE, &none);
  errno = 0;
  const ssize_t written = ::write(file.get(), "x", 1);
  const int number = errno;
  ::setrlimit(RLIMIT_FSIZE, &unlimited);
  ::signal(SIGXFSZ, before);
  EXPECT_EQ(written, -1);
  EXPECT_EQ(number, EFBIG);
}

}  // namespace
}  // namespace rp
