#include "pool/file_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "pool/reactor_pool.h"
#include "tests/support/directory.h"
#include "tests/support/faults.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using End = SimExecutor::End;
using Texts = std::vector<std::string>;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string reason_of(const Outcome<void>& end) {
  return end.ok() ? "written" : end.message();
}

// A writer whose disk takes as long as the test says: a millisecond a job, if
// it says nothing.
class FileWriterOn : public OnBothPollers {
 protected:
  FileWriter& open() {
    FileWriter& writer = writer_.emplace(pool_, options_);
    writer.on_room([this] { log_.push_back("room"); });
    writer.on_failed([this](const Outcome<void>& end) {
      log_.push_back("failed: " + reason_of(end));
    });
    return writer;
  }

  void publish() {
    writer_->publish("name", [this](const Outcome<void>& end) {
      log_.push_back("ended: " + reason_of(end));
    });
  }

  std::size_t files() const {
    const std::filesystem::directory_iterator all(options_.folder);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  void after(Duration time, Task task) {
    reactor_.run_after(time, std::move(task));
  }

  Directory directory_;
  FileWriter::Options options_{directory_ / ".", 1000};
  SimExecutor pool_{reactor_, {.workers = 4, .capacity = 8}};
  std::optional<FileWriter> writer_;
};

RP_ON_BOTH_POLLERS(FileWriterOn);

TEST_P(FileWriterOn, WritesInOrderWhatComesAtAnyTime) {
  FileWriter& writer = open();
  std::string given;
  for (int i = 0; i < 50; ++i) {
    const std::string piece = std::to_string(i) + " ";
    given += piece;
    after(std::chrono::microseconds(300) * i,
          [&writer, piece] { writer.write(piece); });
  }
  after(20ms, [&] { publish(); });
  run_for(30ms);
  EXPECT_EQ(content_of(directory_ / "name"), given);
  EXPECT_EQ(writer.size(), given.size());
  EXPECT_EQ(log_, Texts{"ended: written"});
}

TEST_P(FileWriterOn, HasOneJobAtATime) {
  FileWriter& writer = open();
  std::size_t most = 0;
  reactor_.run_every(500us, [&] {
    writer.write("x");
    most = std::max(most, pool_.running() + pool_.waiting());
  });
  run_for(20ms);
  EXPECT_EQ(most, 1u);
}

TEST_P(FileWriterOn, GivesTheNameAfterTheLastByte) {
  FileWriter& writer = open();
  pool_.script({.length = 10ms});
  after(0ms, [&] { writer.write("hello"), publish(); });
  after(9ms, [&] { EXPECT_EQ(files(), 0u); });
  run_for(20ms);
  EXPECT_EQ(content_of(directory_ / "name"), "hello");
}

TEST_P(FileWriterOn, NeedNotTellThatItHasEnded) {
  open().publish("name", {});
  run_for(10ms);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "name"));
}

TEST_P(FileWriterOn, PublishedTwiceStopsTheProgram) {
  open();
  publish();
  EXPECT_DEATH(publish(), "a name already");
}

TEST_P(FileWriterOn, WritesAnEmptyFile) {
  open();
  publish();
  run_for(10ms);
  EXPECT_TRUE(std::filesystem::exists(directory_ / "name"));
}

TEST_P(FileWriterOn, IsNotFullAtItsLimit) {
  FileWriter& writer = open();
  writer.write(std::string(1000, 'x'));
  EXPECT_FALSE(writer.full());
}

TEST_P(FileWriterOn, IsFullOneByteBeyondItsLimit) {
  FileWriter& writer = open();
  writer.write(std::string(600, 'x'));
  after(0ms, [&] {
    writer.write(std::string(401, 'x'));  // the job that writes counts, too
    EXPECT_TRUE(writer.full());
  });
  run_for(0ms);
}

TEST_P(FileWriterOn, HasRoomAgainAtHalf) {
  FileWriter& writer = open();
  after(0ms, [&] { writer.write(std::string(500, 'x')); });
  after(100us, [&] { writer.write(std::string(501, 'x')); });
  after(1500us, [&] {  // the second job writes 501: one too many
    EXPECT_TRUE(writer.full());
    EXPECT_EQ(log_, Texts{});
  });
  run_for(5ms);
  EXPECT_FALSE(writer.full());
  EXPECT_EQ(log_, Texts{"room"});
}

TEST_P(FileWriterOn, LeavesNothingWhenItIsDestroyed) {
  FileWriter& writer = open();
  after(0ms, [&] { writer.write("a part"); });
  after(5ms, [&] { writer_.reset(); });
  run_for(10ms);
  EXPECT_EQ(files(), 0u);
}

TEST_P(FileWriterOn, LeavesNothingWhenItIsDestroyedWhileItWrites) {
  FileWriter& writer = open();
  after(0ms, [&] { writer.write("a part"); });
  after(500us, [&] { writer_.reset(); });
  run_for(10ms);
  EXPECT_EQ(files(), 0u);
}

TEST_P(FileWriterOn, TakesTheNameBackThatItGetsTooLate) {
  open();
  pool_.script({.length = 5ms});
  after(0ms, [&] { publish(); });
  after(1ms, [&] { writer_.reset(); });
  after(5500us, [&] { EXPECT_EQ(files(), 1u); });
  run_for(10ms);
  EXPECT_EQ(files(), 0u);
  EXPECT_EQ(log_, Texts{});
}

TEST_P(FileWriterOn, TellsOnceThatTheDiskIsFullAndTakesNoMore) {
  FileWriter& writer = open();
  const Fault full =
      Fault::on_any().write({Fault::error(ENOSPC), Fault::error(ENOSPC)});
  after(0ms, [&] { writer.write("lost"); });
  after(5ms, [&] { writer.write("lost, too"); });
  run_for(10ms);
  EXPECT_EQ(log_, Texts{"failed: write in " + options_.folder +
                        ": No space left on device"});
  EXPECT_EQ(full.left(), 1u);
}

TEST_P(FileWriterOn, TellsWhoPublishesThatTheDiskIsFull) {
  FileWriter& writer = open();
  const Fault full = Fault::on_any().write({Fault::error(ENOSPC)});
  after(0ms, [&] { writer.write("lost"), publish(); });
  run_for(10ms);
  EXPECT_EQ(log_, Texts{"ended: write in " + options_.folder +
                        ": No space left on device"});
  EXPECT_EQ(files(), 0u);
}

TEST_P(FileWriterOn, TellsWhoPublishesLaterWhatFailedBefore) {
  FileWriter& writer = open();
  const Fault full = Fault::on_any().write({Fault::error(ENOSPC)});
  after(0ms, [&] { writer.write("lost"); });
  after(5ms, [&] {
    log_.clear();
    publish();
    EXPECT_EQ(log_, Texts{}) << "inside the call";
  });
  run_for(10ms);
  EXPECT_EQ(log_, Texts{"ended: write in " + options_.folder +
                        ": No space left on device"});
  EXPECT_EQ(files(), 0u);
}

TEST_P(FileWriterOn, TellsThatThePoolHasNoRoomForIt) {
  SimExecutor none{reactor_, {.workers = 1, .capacity = 0}};
  FileWriter writer{none, options_};
  Fate fate = Fate::finished;
  writer.on_failed([&](const Outcome<void>& end) { fate = end.fate(); });
  writer.write("lost");
  run_for(1ms);
  EXPECT_EQ(fate, Fate::refused);
}

TEST_P(FileWriterOn, MayBeDestroyedByWhoIsToldOfItsEnd) {
  FileWriter& writer = open();
  bool told = false;
  after(0ms, [&] {
    writer.write("hello");
    writer.publish("name", [&](const Outcome<void>&) {
      writer_.reset();
      told = true;
    });
  });
  run_for(10ms);
  EXPECT_TRUE(told);
  EXPECT_EQ(content_of(directory_ / "name"), "hello");
}

TEST(FileWriter, WritesMuchWithThreads) {
  const Directory directory;
  Reactor reactor;
  ReactorPool pool{reactor, {.workers = 3}};
  FileWriter writer{pool.executor(), {directory / ".", 100'000}};
  std::string given;
  bool ended = false;
  const auto give_more = [&] {
    while (!writer.full() && given.size() < 5'000'000) {
      const std::string piece(1 + given.size() % 7000, 'a');
      writer.write(piece);
      given += piece;
    }
    if (writer.full() || ended) return;
    writer.publish("name", [&](const Outcome<void>&) { ended = true; });
  };
  writer.on_room(give_more);
  give_more();
  ASSERT_TRUE(run_until(reactor, [&] { return ended; }));
  EXPECT_EQ(content_of(directory / "name"), given);
}

}  // namespace
}  // namespace rp
