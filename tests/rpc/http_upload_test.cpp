#include "rpc/http_upload.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/descriptor_limit.h"
#include "tests/support/directory.h"
#include "tests/support/faults.h"
#include "tests/support/handlers.h"
#include "tests/support/http_served.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Statuses = std::vector<int>;

constexpr std::size_t kPauseAt = 100'000;

// A route that stores what is posted to it; its disk takes a millisecond a
// job, or what the test says.
class HttpUploadOn : public HttpTest {
 protected:
  void serve_uploads(std::size_t capacity = 8) {
    pool_.emplace(reactor_, SimExecutor::Options{1, capacity});
    auto make = [this](const HttpRequest&, HttpIntake& intake) {
      const HttpUpload::Options options{folder_, kPauseAt};
      auto made = std::make_unique<HttpUpload>(
          *pool_, intake, options,
          [this](HttpReply reply, const HttpUpload::Stored& stored) {
            size_ = stored.size;
            reply.send(plain_text(201, stored.name));
          });
      made->on_failed([this](const std::string& why) { why_ = why; });
      made->on_progress([this](std::uint64_t bytes) { received_ = bytes; });
      return made;
    };
    open().stream("POST", "/files", make, {.least_rate = 0});
    connect();
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      names.push_back(file.path().filename());
    }
    return names;
  }

  std::string content_of(const std::string& name) const {
    std::ifstream file(directory_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Directory directory_;
  std::string folder_ = directory_ / ".";
  std::optional<SimExecutor> pool_;
  std::uint64_t size_ = 0;
  std::uint64_t received_ = 0;
  std::string why_;
};

RP_ON_BOTH_POLLERS(HttpUploadOn);

TEST_P(HttpUploadOn, StoresABodyUnderANameOfOurs) {
  serve_uploads();
  peer_.send(post("/files", "hello"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  const HttpResponse answer = peer_.answers().at(0);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body.size(), 32u);
  EXPECT_EQ(files(), std::vector<std::string>{answer.body});
  EXPECT_EQ(content_of(answer.body), "hello");
  EXPECT_EQ(size_, 5u);
}

TEST_P(HttpUploadOn, NamesEachBodyAnew) {
  serve_uploads();
  peer_.send(post("/files", "one") + post("/files", ""));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 2u);
  EXPECT_NE(peer_.answers().at(0).body, peer_.answers().at(1).body);
  EXPECT_EQ(content_of(peer_.answers().at(1).body), "");
}

TEST_P(HttpUploadOn, HoldsTheClientBackWhileTheDiskIsBehind) {
  serve_uploads();
  pool_->script({.end = SimExecutor::End::hangs});
  peer_.send(post_head("/files", 1'000'000'000));
  reactor_.run_every(1ms, [this] { fill(peer_.fd()); });
  run_for(1s);
  EXPECT_GT(received_, kPauseAt);
  EXPECT_LE(received_, kPauseAt + 64 * 1024);
}

TEST_P(HttpUploadOn, TakesABodyThatIsFasterThanTheDisk) {
  serve_uploads();
  constexpr std::size_t kLength = 3'000'000;
  for (int i = 0; i < 10; ++i) pool_->script({.length = 20ms});
  peer_.send(post_head("/files", kLength));
  std::string left(kLength, 'x');
  reactor_.run_every(1ms, [&] {
    const ssize_t sent = ::send(peer_.fd(), left.data(), left.size(), 0);
    if (sent > 0) left.erase(0, static_cast<std::size_t>(sent));
  });
  run_for(5s);
  ASSERT_EQ(statuses(), Statuses{201});
  EXPECT_EQ(content_of(peer_.answers().at(0).body), std::string(kLength, 'x'));
}

TEST_P(HttpUploadOn, LeavesNothingOfAClientThatGoesAway) {
  serve_uploads();
  peer_.send(post_head("/files", 10) + "a part");
  steps_.pass(10ms)
      .then([&] { EXPECT_EQ(received_, 6u); })
      .then([&] { peer_.close(); })
      .pass(10ms)
      .then([&] { EXPECT_TRUE(end_.has_value()); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(files().size(), 0u);
}

TEST_P(HttpUploadOn, LeavesNothingOfAClientThatGoesAwayBeforeItsAnswer) {
  serve_uploads();
  pool_->script({});
  pool_->script({.length = 1s});  // the name
  peer_.send(post("/files", "all of it"));
  steps_.pass(10ms).then([&] { reactor_.close(connection_); }).pass(2s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(files().size(), 0u);
}

TEST_P(HttpUploadOn, LeavesNothingAtAShutdown) {
  serve_uploads();
  peer_.send(post_head("/files", 10) + "a part");
  run_for(5ms);
  EXPECT_EQ(received_, 6u);
  EXPECT_TRUE(end_.has_value());
  run_for(5ms);
  EXPECT_EQ(files().size(), 0u);
}

TEST_P(HttpUploadOn, SaysInTheMiddleThatTheDiskIsFull) {
  serve_uploads();
  const Fault full = Fault::on_any().write({Fault::error(ENOSPC)});
  peer_.send(post_head("/files", 1'000'000) + "the first bytes");
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{507});
  EXPECT_EQ(why_, "write in " + folder_ + ": No space left on device");
  EXPECT_EQ(files().size(), 0u);
}

TEST_P(HttpUploadOn, SaysAtTheEndThatTheDiskIsFull) {
  serve_uploads();
  const Fault full = Fault::on_any().write({Fault::error(EDQUOT)});
  peer_.send(post("/files", "all of it"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{507});
  EXPECT_EQ(files().size(), 0u);
}

TEST_P(HttpUploadOn, SaysThatTheDiskTakesNoFileOfThatSize) {
  serve_uploads();
  const Fault large = Fault::on_any().write({Fault::error(EFBIG)});
  peer_.send(post("/files", "all of it"));
  run_for(1s);
  EXPECT_EQ(statuses(), Statuses{507});
  EXPECT_EQ(files().size(), 0u);
}

TEST_P(HttpUploadOn, KeepsItsFolderToItselfWhenThatIsNotThere) {
  serve_uploads();
  folder_ += "/gone";
  peer_.send(post("/files", "hello"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{500});
  EXPECT_EQ(peer_.answers().at(0).body, "the file could not be written\n");
  EXPECT_EQ(why_, "new file in " + folder_ + ": No such file or directory");
}

TEST_P(HttpUploadOn, SaysThatNoDescriptorIsLeft) {
  serve_uploads();
  peer_.send(post("/files", "hello"));
  DescriptorLimit limit;
  limit.exhaust();
  run_for(1s);
  limit.give_back();
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{503});
  EXPECT_EQ(why_, "new file in " + folder_ + ": Too many open files");
}

TEST_P(HttpUploadOn, SaysThatThePoolHasNoRoom) {
  serve_uploads(0);
  peer_.send(post_head("/files", 1'000'000) + "the first bytes");
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{503});
}

}  // namespace
}  // namespace rp
