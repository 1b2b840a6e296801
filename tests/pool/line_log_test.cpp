#include "pool/line_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "tests/support/directory.h"
#include "tests/support/faults.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

std::string contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string tell(std::uint64_t lost) {
  return "lost " + std::to_string(lost) + "\n";
}

// A pipe that the test reads, or does not.
struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error();
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }

  void fill() {
    ::fcntl(writer.get(), F_SETFL, O_NONBLOCK);
    const std::string bytes(4096, '-');
    while (::write(writer.get(), bytes.data(), bytes.size()) > 0) {
    }
    ::fcntl(writer.get(), F_SETFL, 0);
  }

  // All up to the end, once every writer has gone.
  std::string read_all() {
    writer.reset();
    return read_until("");
  }

  // Waits for `end`, or for the end of the stream when there is none.
  std::string read_until(const std::string& end) {
    std::string all;
    char bytes[4096];
    while (end.empty() || all.find(end) == std::string::npos) {
      const ssize_t size = ::read(reader.get(), bytes, sizeof bytes);
      if (size <= 0) break;
      all.append(bytes, static_cast<std::size_t>(size));
    }
    return all;
  }

  UniqueFd reader;
  UniqueFd writer;
};

TEST(LineLog, WritesLinesInTheirOrderAndAllOfThemBeforeItEnds) {
  Directory directory;
  std::string wanted;
  {
    LineLog log(LineLog::open(directory / "log"), {});
    for (int i = 0; i < 1000; ++i) {
      const std::string line = std::to_string(i) + "\n";
      wanted += line;
      EXPECT_TRUE(log.write(line));
    }
  }
  EXPECT_EQ(contents(directory / "log"), wanted);
}

TEST(LineLog, BeginsItsFileAnew) {
  Directory directory;
  std::ofstream(directory / "log") << "old\n";
  LineLog(LineLog::open(directory / "log"), {}).write("new\n");
  EXPECT_EQ(contents(directory / "log"), "new\n");
}

TEST(LineLog, SaysWhichFileCannotBeMade) {
  try {
    LineLog::open("/no/such/folder/log");
    FAIL() << "it was made";
  } catch (const std::system_error& error) {
    EXPECT_STREQ(error.what(),
                 "write /no/such/folder/log: No such file or directory");
  }
}

TEST(LineLog, WritesToAFifoThatSomebodyReads) {
  Directory directory;
  const std::string path = directory / "fifo";
  ASSERT_EQ(::mkfifo(path.c_str(), S_IRWXU), 0);
  Pipe pipe;
  pipe.reader.reset(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  LineLog(LineLog::open(path), {}).write("a\n");
  EXPECT_EQ(pipe.read_all(), "a\n");
}

TEST(LineLog, DoesNotWaitForWhoMayReadAFifo) {
  Directory directory;
  const std::string path = directory / "fifo";
  ASSERT_EQ(::mkfifo(path.c_str(), S_IRWXU), 0);
  try {
    LineLog::open(path);
    FAIL() << "it was opened";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.what(), "write " + path +
                                ", which nobody reads: "
                                "No such device or address");
  }
}

TEST(LineLog, LeavesADescriptorOpenThatIsNotItsOwn) {
  Pipe pipe;
  LineLog(pipe.writer.get(), {}).write("a\n");
  EXPECT_EQ(::write(pipe.writer.get(), "b\n", 2), 2);
  EXPECT_EQ(pipe.read_all(), "a\nb\n");
}

TEST(LineLog, LosesAndCountsWhatDoesNotFitAndNeverWaits) {
  Pipe pipe;
  pipe.fill();
  LineLog log(pipe.writer.get(), {.capacity = 2, .patience = 0s});
  int taken = 0;
  for (int i = 0; i < 10; ++i) taken += log.write("x\n") ? 1 : 0;
  // One may be with the thread, which waits for room in the pipe.
  EXPECT_GE(taken, 2);
  EXPECT_LE(taken, 3);
  EXPECT_EQ(log.lost(), static_cast<std::uint64_t>(10 - taken));
  EXPECT_EQ(log.why_lost(), "nobody took them in time");
}

TEST(LineLog, TellsInItsPlaceHowMuchWasLost) {
  Pipe pipe;
  pipe.fill();
  LineLog log(pipe.writer.get(), {.capacity = 2, .tell_lost = tell});
  while (log.write("first\n")) {
  }
  const std::string all = pipe.read_until("lost 1\n");
  EXPECT_NE(all.find("first\nlost 1\n"), std::string::npos);
}

TEST(LineLog, DoesNotWaitForAReaderWhoHasStoppedWhenItEnds) {
  Pipe pipe;
  pipe.fill();
  std::optional<LineLog> log;
  log.emplace(pipe.writer.get(), LineLog::Options{.patience = 0s});
  for (int i = 0; i < 100; ++i) log->write("x\n");
  log.reset();
  const std::string all = pipe.read_all();
  EXPECT_EQ(all.find('x'), std::string::npos);
}

TEST(LineLog, TellsNothingToAReaderWhoHasStoppedWhenItEnds) {
  static std::atomic<int> told;
  told = 0;
  Pipe pipe;
  pipe.fill();
  const auto count = [](std::uint64_t) { return ++told, std::string("\n"); };
  {
    LineLog log(
        pipe.writer.get(),
        {.capacity = 2, .patience = Duration::zero(), .tell_lost = count});
    while (log.write("x\n")) {
    }
  }
  EXPECT_EQ(told, 0) << "each attempt would wait again";
}

TEST(LineLog, HasOnePatienceWithASlowReaderForItsWholeEnd) {
  Pipe pipe;
  std::optional<LineLog> log;
  log.emplace(pipe.writer.get(), LineLog::Options{.patience = 200ms});
  log->write(std::string(300'000, 'y') + "\nend\n");
  auto ending = std::async(std::launch::async, [&] { log.reset(); });
  std::string piece(4096, ' ');
  while (ending.wait_for(100ms) != std::future_status::ready) {
    ASSERT_GT(::read(pipe.reader.get(), piece.data(), piece.size()), 0);
  }
  EXPECT_EQ(pipe.read_all().find("end\n"), std::string::npos);
}

TEST(LineLog, BeginsANewLineAfterOneThatFailedHalfWay) {
  Pipe pipe;
  const Fault full = Fault::on(pipe.writer.get())
                         .write({Fault::at_most(3), Fault::error(ENOSPC)});
  {
    LineLog log(pipe.writer.get(), {});
    log.write("first\n");
    while (log.lost() == 0) std::this_thread::yield();
    log.write("second\n");
  }
  EXPECT_EQ(pipe.read_all(), "fir\nsecond\n");
}

TEST(LineLog, CountsWhatAFullDiskDidNotTakeAndSaysWhy) {
  LineLog log(UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)), {});
  log.write("x\n");
  while (log.lost() == 0) std::this_thread::yield();
  EXPECT_EQ(log.lost(), 1U);
  EXPECT_EQ(log.why_lost(), "No space left on device");
}

TEST(LineLog, HasCountedAtItsEndWhatWasStillWaiting) {
  LineLog log(UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)), {});
  for (int i = 0; i < 100; ++i) log.write("x\n");
  log.end();
  EXPECT_EQ(log.lost(), 100U);
  EXPECT_FALSE(log.write("too late\n"));
}

TEST(LineLog, CountsOfATextOnlyWhatIsNotInTheFile) {
  Pipe pipe;
  const Fault full = Fault::on(pipe.writer.get())
                         .write({Fault::at_most(5), Fault::error(ENOSPC)});
  {
    LineLog log(pipe.writer.get(), {});
    log.write("a\nb\nc\nd\n");
    while (log.lost() == 0) std::this_thread::yield();
    EXPECT_EQ(log.lost(), 2U) << "c is torn, and d is not there";
  }
  EXPECT_EQ(pipe.read_all(), "a\nb\nc");
}

TEST(LineLog, WritesTextsThatAreLongerThanAPipeTakesAtOnce) {
  Pipe pipe;
  const std::string text = std::string(300'000, 'y') + "\nend\n";
  LineLog log(pipe.writer.get(), {});
  log.write(text);
  EXPECT_EQ(pipe.read_until("end\n"), text);
}

}  // namespace
}  // namespace rp
