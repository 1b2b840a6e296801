#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "reactor/child_process.h"
#include "tests/support/children.h"
#include "tests/support/descriptor_limit.h"
#include "tests/support/handlers.h"

namespace rp {
namespace {

/// A child, and what it says.
struct Child {
  explicit Child(const Command& command)
      : process(command, {}), stream(process.take_stream()) {}

  std::string all_it_says() {
    std::string text;
    while (!at_end(stream.get())) {
      wait_until_readable(stream.get());
      text += read_available(stream.get());
    }
    return text;
  }
  pid_t pid_it_says() {
    wait_until_readable(stream.get());
    return std::stoi(read_available(stream.get()));
  }

  ChildProcess process;
  UniqueFd stream;
};

TEST(ChildGroup, IsThereBeforeTheChildHasDoneAnything) {
  const Child child({"sleep", "1000"});
  EXPECT_EQ(::getpgid(child.process.pid()), child.process.pid());
}

TEST(ChildGroup, IsKilledWithTheChild) {
  Child child(shell("sleep 1000 & echo $!; wait"));
  const Watched grandchild(child.pid_it_says());
  child.process.kill();
  EXPECT_TRUE(grandchild.ends());
}

TEST(ChildGroup, GoesWhenTheChildEndsByItself) {
  Reactor reactor;
  auto child =
      std::make_unique<ChildProcess>(shell("sleep 1000 & echo $!; read line"),
                                     [&](const ChildExit&) { reactor.stop(); });
  const UniqueFd stream = child->take_stream();
  reactor.add(std::move(child), Interest::reading());
  wait_until_readable(stream.get());
  const Watched grandchild(std::stoi(read_available(stream.get())));
  write_all(stream.get(), "go\n");
  reactor.run();
  EXPECT_TRUE(grandchild.ends());
}

// The program that a process runs.
std::string name_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

// Runs in a process of its own, which says a number and then waits to be
// killed. It is.
int killed_after_it_said(const std::function<pid_t()>& number) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return 0;
  const pid_t process = ::fork();
  if (process == 0) {
    const pid_t said = number();
    if (::write(ends[1], &said, sizeof said) < 0) ::_exit(1);
    for (;;) ::pause();
  }
  ::close(ends[1]);
  pid_t said = 0;
  if (::read(ends[0], &said, sizeof said) < 0) said = 0;
  ::close(ends[0]);
  const Watched watched(said);
  ::kill(process, SIGKILL);
  ::waitpid(process, nullptr, 0);
  return watched.ends() ? said : 0;
}

TEST(ChildGroup, HasALeaderThatDiesWithAParentThatWasKilled) {
  const int gone = killed_after_it_said([] {
    // It ignores all that can be ignored, and does not read its input.
    auto* child =
        new Child(shell("trap '' HUP INT TERM PIPE; echo $$; "
                        "while :; do sleep 1; done"));
    return child->pid_it_says();
  });
  EXPECT_NE(gone, 0);
}

TEST(ChildGroup, HasALeaderThatDiesWithTheThreadThatMadeIt) {
  std::unique_ptr<Child> child;
  std::thread([&] {
    child = std::make_unique<Child>(Command{"sleep", "1000"});
    // The launcher has asked for its death when it is the program.
    while (name_of(child->process.pid()) != "sleep") std::this_thread::yield();
  }).join();
  EXPECT_TRUE(Watched(child->process.pid()).ends());
}

TEST(ChildDescriptors, AreThreeHoweverManyWeHave) {
  const UniqueFd not_close_on_exec{::open("/dev/null", O_RDONLY)};
  const UniqueFd high{::fcntl(not_close_on_exec.get(), F_DUPFD, 200)};
  Child child(
      shell("for f in /proc/$$/fd/*; do "
            "[ -e \"$f\" ] && echo \"${f##*/}\"; done"));
  EXPECT_EQ(child.all_it_says(), "0\n1\n2\n");
}

// Our 0, 1 and 2 are closed while it lives.
class NothingStandard {
 public:
  NothingStandard() {
    for (int fd = 0; fd < 3; ++fd) {
      saved_[fd] = ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
      ::close(fd);
    }
  }
  ~NothingStandard() {
    for (int fd = 0; fd < 3; ++fd) {
      ::dup2(saved_[fd], fd);
      ::close(saved_[fd]);
    }
  }

 private:
  int saved_[3];
};

TEST(ChildDescriptors, AreRightAlsoWhereOursAreClosed) {
  std::string said;
  {
    const NothingStandard nothing;
    Child child(shell("read line; echo \"got $line\""));
    write_all(child.stream.get(), "it\n");
    said = child.all_it_says();
  }
  EXPECT_EQ(said, "got it\n");
}

TEST(ChildDescriptors, DoNotLeakAndNoChildStaysWhenTheyRunOut) {
  std::vector<std::string> errors;
  for (std::size_t spare = 0; spare < 7; ++spare) {
    const std::size_t before = open_descriptors();
    std::vector<UniqueFd> held;
    for (std::size_t i = 0; i < spare; ++i) {
      held.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    }
    DescriptorLimit limit;
    limit.exhaust();
    held.clear();
    EXPECT_THROW(Child child({"cat"}), std::system_error) << spare;
    limit.give_back();
    EXPECT_EQ(open_descriptors(), before) << spare;
    EXPECT_FALSE(has_children()) << spare;
  }
}

TEST(ChildDescriptors, AreNamedWhenTheyRunOut) {
  DescriptorLimit limit;
  limit.exhaust();
  try {
    const Child child({"cat"});
    ADD_FAILURE() << "started";
  } catch (const std::system_error& error) {
    limit.give_back();  // a sanitizer needs one to look at the error
    EXPECT_STREQ(error.what(), "start cat: socket: Too many open files");
  }
}

// The bit of a signal in a mask of /proc/PID/status.
bool holds(const std::string& mask, int signal) {
  return ((std::stoull(mask, nullptr, 16) >> (signal - 1)) & 1) != 0;
}

TEST(ChildSignals, AreNeitherBlockedNorIgnored) {
  sigset_t usr1, before;
  ::sigemptyset(&usr1);
  ::sigaddset(&usr1, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &usr1, &before);
  const auto broken_pipe = ::signal(SIGPIPE, SIG_IGN);
  const auto file_limit = ::signal(SIGXFSZ, SIG_IGN);
  // Not by way of a shell, which may set signals right itself.
  Child blocked({"sed", "-n", "s/^SigBlk:.//p", "/proc/self/status"});
  Child ignored({"sed", "-n", "s/^SigIgn:.//p", "/proc/self/status"});
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGPIPE, broken_pipe);
  ::signal(SIGXFSZ, file_limit);
  const std::string mask = ignored.all_it_says();
  EXPECT_FALSE(holds(blocked.all_it_says(), SIGUSR1));
  EXPECT_FALSE(holds(mask, SIGPIPE));
  EXPECT_FALSE(holds(mask, SIGXFSZ));
}

// What the launcher, told that its parent is `parent`, ends with.
int status_of_launcher(const std::string& parent, int& told) {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe")
                          .parent_path()
                          .parent_path();
  const std::string launcher = folder / "libexec/rp_launcher";
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return -1;
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], 3) == 3 ? ::fcntl(3, F_SETFD, 0) : 0;
    ::execl(launcher.c_str(), "rp_launcher", parent.c_str(), "sh", "-c",
            "exit 7", nullptr);
    ::_exit(1);
  }
  ::close(ends[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  told = 0;
  if (::read(ends[0], &told, sizeof told) < 0) told = -1;
  ::close(ends[0]);
  return WEXITSTATUS(status);
}

TEST(Launcher, BecomesTheProgramOfItsParent) {
  int told = 0;
  EXPECT_EQ(status_of_launcher(std::to_string(::getpid()), told), 7);
  EXPECT_EQ(told, 0);
}

TEST(Launcher, RefusesWhenItsParentIsAnotherAlready) {
  int told = 0;
  EXPECT_EQ(status_of_launcher(std::to_string(::getppid()), told), 127);
  EXPECT_EQ(told, ESRCH);
}

}  // namespace
}  // namespace rp
