#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "examples/flags.h"
#include "reactor/unique_fd.h"

namespace rp {
namespace {

class RunProgram : public ::testing::Test {
 protected:
  RunProgram() {
    flags_.option("port", "N", "where to listen", "7001");
    flags_.argument("URL", "the server");
  }

  int run(std::vector<const char*> words, Function<int(const Flags&)> body) {
    words.insert(words.begin(), "server");
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    const int status = run_program(flags_, static_cast<int>(words.size()),
                                   words.data(), std::move(body));
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return status;
  }

  Flags flags_{"server", "Serves."};
  std::string out_;
  std::string err_;
};

TEST_F(RunProgram, ReturnsWhatItsBodyReturns) {
  EXPECT_EQ(run({"u"}, [](const Flags&) { return 7; }), 7);
  EXPECT_EQ(out_ + err_, "");
}

TEST_F(RunProgram, PrintsHelpAndDoesNothingElse) {
  const auto body = [](const Flags&) -> int { throw 1; };
  EXPECT_EQ(run({"--help", "--what"}, body), 0);
  EXPECT_EQ(out_, flags_.help());
}

TEST_F(RunProgram, EndsAUsageErrorWithOneLineAndTwo) {
  const auto body = [](const Flags& given) {
    return static_cast<int>(given.integer("port", 0, 65535));
  };
  EXPECT_EQ(run({"u", "--port", "99999"}, body), 2);
  EXPECT_EQ(err_,
            "server: --port: 99999 is not a number from 0 to 65535 "
            "(try --help)\n");
}

TEST_F(RunProgram, EndsARunTimeErrorWithOneLineAndOne) {
  const auto body = [](const Flags&) -> int {
    throw std::runtime_error("listen on x: taken");
  };
  EXPECT_EQ(run({"u"}, body), 1);
  EXPECT_EQ(err_, "server: listen on x: taken\n");
  EXPECT_EQ(run({"u"}, [](const Flags&) -> int { throw 5; }), 1);
  EXPECT_EQ(err_, "server: failed for a reason unknown\n");
}

// Its buffer is empty afterwards, and what was in it is lost.
void lose_some_output() {
  const UniqueFd kept(::dup(STDOUT_FILENO));
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ::dup2(full.get(), STDOUT_FILENO);
  std::fputs("lost", stdout);
  std::fflush(stdout);
  ::dup2(kept.get(), STDOUT_FILENO);
}

TEST_F(RunProgram, FailsWhenItsOutputWasLostEarlier) {
  const auto body = [](const Flags&) { return lose_some_output(), 0; };
  EXPECT_EQ(run({"u"}, body), 1);
  std::clearerr(stdout);
  EXPECT_EQ(err_, "server: standard output has not taken all that was said\n");
}

// A bit for each use that would go unnoticed.
int misused_descriptors(const Flags&) {
  char byte = 0;
  const UniqueFd next(::open("/dev/null", O_RDWR | O_CLOEXEC));
  int misused = next.get() <= STDERR_FILENO ? 1 : 0;
  if (::read(STDIN_FILENO, &byte, 1) >= 0) misused += 2;
  if (::write(STDOUT_FILENO, &byte, 1) >= 0) misused += 4;
  if (::write(STDERR_FILENO, &byte, 1) >= 0) misused += 8;
  return misused;
}

TEST_F(RunProgram, KeepsTheNumbersOfClosedStandardDescriptorsFree) {
  const auto run_closed = [this] {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) ::close(fd);
    const char* words[] = {"server", "u"};
    ::_exit(run_program(flags_, 2, words, misused_descriptors));
  };
  EXPECT_EXIT(run_closed(), ::testing::ExitedWithCode(0), "");
}

TEST_F(RunProgram, StopsAtANameThatWasNeverDeclared) {
  EXPECT_DEATH(flags_.has("nobody"), "\"nobody\" was never declared");
}

}  // namespace
}  // namespace rp
