#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/directory.h"
#include "tests/support/program.h"

namespace rp {
namespace {

std::string program(const std::string& name) {
  const char* folder = std::getenv("RP_PROGRAMS");
  return std::string(folder != nullptr ? folder : ".") + "/" + name;
}

// What a command of the shell prints, errors included.
std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = ::popen(("{ " + command + "; } 2>&1").c_str(), "r");
  for (int byte = 0; (byte = std::fgetc(pipe)) != EOF;) {
    text += static_cast<char>(byte);
  }
  ::pclose(pipe);
  return text;
}

TEST(WorkerThatSpins, IsKilledAtItsDeadlineAndTheNextJobWorks) {
  EXPECT_EQ(Program("mended_spin").rest(),
            "spin: the job's deadline passed\n"
            "hello: hello to you, too\n"
            "killed: 1, workers: 1\n");
}

TEST(WorkerThatCrashes, IsLostAloneAndTheNextJobWorks) {
  EXPECT_EQ(Program("mended_crash").rest(),
            "crash: the worker was killed by signal 11\n"
            "hello: 5\n");
}

TEST(WorkerOfAKilledServer, GoesWithIt) {
  EXPECT_EQ(Program("mended_orphan").rest(),
            "the server was killed\n"
            "the worker went with it\n");
}

TEST(KilledWorkers, LeaveTheListOfProcesses) {
  EXPECT_EQ(Program("mended_zombies").rest(),
            "killed: 10\n"
            "still in the list of processes: 0\n");
}

TEST(Ask, PrintsTheAnswersOfAScriptInTheOrderOfTheLines) {
  EXPECT_EQ(output_of("printf '1 2 3\\n\\n4 5\\n' | " + program("ask") +
                      " examples/workers/sum.awk"),
            "6\n0\n9\n");
}

TEST(Ask, TakesAScriptOfPythonToo) {
  if (std::system("python3 -c '' 2>/dev/null") != 0) GTEST_SKIP();
  EXPECT_EQ(output_of("printf 'abc\\n' | " + program("ask") +
                      " examples/workers/reverse.py"),
            "cba\n");
}

TEST(Ask, SaysThatAProgramIsNotThere) {
  const std::string said =
      output_of("echo x | " + program("ask") + " no-such-program");
  EXPECT_NE(said.find(") cannot be started: no-such-program: No such file or "
                      "directory\n"),
            std::string::npos)
      << said;
}

TEST(Ask, TellsWhichLineHasNoAnswerAndThatTheRunFailed) {
  const std::string said =
      output_of("printf 'a\\nb\\n' | " + program("ask") +
                " sh -c 'read x; [ $x = a ] && echo $x && read y; exit 3'; "
                "echo status $?");
  EXPECT_NE(said.find("a\n"), std::string::npos) << said;
  EXPECT_NE(said.find("ask: line 2: worker sh (pid "), std::string::npos)
      << said;
  EXPECT_NE(said.find("\nstatus 1\n"), std::string::npos) << said;
}

TEST(Ask, NeedsAProgramToAsk) {
  const std::string usage =
      "usage: ask PROGRAM [ARGUMENT...] <LINES\n"
      "Two workers, which are PROGRAM, answer each line with a line.\n";
  EXPECT_EQ(output_of(program("ask") + "; echo $?"), usage + "2\n");
  EXPECT_EQ(output_of(program("ask") + " --help; echo $?"), usage + "0\n");
}

// A copy of the program finds its launcher neither beside it nor above.
TEST(Ask, SaysWhereItLookedForTheLauncher) {
  const Directory directory;
  const std::string folder = directory / "bin";
  std::filesystem::create_directory(folder);
  std::filesystem::copy_file(program("ask"), folder + "/ask");
  EXPECT_EQ(output_of("echo x | " + folder + "/ask cat"),
            "ask: start cat: launcher: looked for " + folder +
                "/rp_launcher and " + (directory / "libexec/rp_launcher") +
                ": No such file or directory\n");
}

}  // namespace
}  // namespace rp
