#include "rpc/http_download.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "reactor/socket.h"
#include "tests/support/directory.h"
#include "tests/support/http_served.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Statuses = std::vector<int>;

constexpr std::size_t kPiece = 10'000;
constexpr std::size_t kPauseAt = 50'000;

// A route that sends one file; its disk takes a millisecond a job.
class HttpDownloadOn : public HttpTest {
 protected:
  void serve_file(const std::string& content, std::size_t capacity = 8) {
    std::ofstream(path_, std::ios::binary) << content;
    serve_path(capacity);
  }

  void serve_path(std::size_t capacity = 8) {
    pool_.emplace(reactor_, SimExecutor::Options{1, capacity});
    HttpOptions options;
    options.connection.pause_at = kPauseAt;
    open(options).get("/file", [this](HttpRequest, HttpReply reply) {
      send_file(*pool_, path_, std::move(reply),
                {{{"Content-Type", "text/plain"}}, kPiece});
    });
    connect();
  }

  std::size_t unsent() {
    auto* found = reactor_.find(connection_);
    return found ? static_cast<Connection*>(found)->unsent() : 0;
  }

  // Of each descriptor that this process has of the file.
  std::vector<int> descriptor_flags() const {
    std::vector<int> all;
    for (const auto& one :
         std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code gone;  // the directory's own is a file, too
      if (!std::filesystem::equivalent(one.path(), path_, gone)) continue;
      all.push_back(::fcntl(std::stoi(one.path().filename()), F_GETFD));
    }
    return all;
  }

  static std::string numbers(std::size_t length) {
    std::string text;
    while (text.size() < length) text += std::to_string(text.size()) + "\n";
    return text;
  }

  Directory directory_;
  std::string path_ = directory_ / "file";
  std::optional<SimExecutor> pool_;
};

RP_ON_BOTH_POLLERS(HttpDownloadOn);

TEST_P(HttpDownloadOn, IsOfTheFilesLengthAndBytes) {
  const std::string content = numbers(25'000);
  serve_file(content);
  peer_.send(get("/file"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  const HttpResponse answer = peer_.answers().at(0);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, content);
  EXPECT_EQ(*answer.field("Content-Length"), std::to_string(content.size()));
  EXPECT_EQ(*answer.field("Content-Type"), "text/plain");
}

TEST_P(HttpDownloadOn, MayBeEmpty) {
  serve_file("");
  peer_.send(get("/file") + get("/hello"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 2u);
  EXPECT_EQ(statuses(), (Statuses{200, 200}));
  EXPECT_EQ(peer_.answers().at(0).body, "");
}

TEST_P(HttpDownloadOn, TellsHeadTheLengthAlone) {
  serve_file("hello");
  peer_.expect("HEAD");
  peer_.send(http_request("HEAD", "/file"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(*peer_.answers().at(0).field("Content-Length"), "5");
  EXPECT_EQ(end_->reason, CloseReason::shutdown);
}

TEST_P(HttpDownloadOn, IsReadNoFasterThanTheClientReads) {
  serve_file(std::string(2'000'000, 'x'));
  peer_.send(get("/file"));
  std::size_t most = 0;
  reactor_.run_every(1ms, [&] { most = std::max(most, unsent()); });
  run_for(1s);
  EXPECT_GT(most, kPauseAt);
  EXPECT_LE(most, kPauseAt + kPiece);
}

TEST_P(HttpDownloadOn, LosesNothingToAClientThatReadsLate) {
  const std::string content = numbers(2'000'000);
  serve_file(content);
  peer_.send(get("/file"));
  reactor_.run_after(1s, [&] {
    reactor_.run_every(1ms, [&] { peer_.answers(); });  // reads what came
  });
  run_for(5s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_TRUE(peer_.answers().at(0).body == content);
}

TEST_P(HttpDownloadOn, IsCutWhenTheFileHasBecomeShorter) {
  serve_file(std::string(25'000, 'x'));
  peer_.send(get("/file"));
  reactor_.run_after(2500us, [&] {  // open, first piece, second piece
    EXPECT_EQ(peer_.begun().size(), kPiece);
    std::filesystem::resize_file(path_, 5'000);
  });
  run_for(5s);
  EXPECT_EQ(end_->reason, CloseReason::local);
  EXPECT_TRUE(peer_.was_cut());
}

TEST_P(HttpDownloadOn, EndsWithItsClient) {
  serve_file(std::string(2'000'000, 'x'));
  peer_.send(get("/file"));
  steps_.pass(2500us)
      .then([&] { EXPECT_EQ(pool_->running(), 1u); })
      .then([&] { peer_.close(); })
      .pass(10ms)
      .then([&] { EXPECT_EQ(pool_->running() + pool_->waiting(), 0u); });
  EXPECT_TRUE(steps_.run());
}

TEST_P(HttpDownloadOn, KeepsItsFileFromChildren) {
  serve_file(std::string(2'000'000, 'x'));
  peer_.send(get("/file"));
  steps_.pass(2500us).then(
      [&] { EXPECT_EQ(descriptor_flags(), std::vector<int>{FD_CLOEXEC}); });
  EXPECT_TRUE(steps_.run());
}

TEST_P(HttpDownloadOn, Is404WithoutAFile) {
  serve_path();
  peer_.send(get("/file"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{404});
}

TEST_P(HttpDownloadOn, Is404OfAFolder) {
  std::filesystem::create_directory(path_);
  serve_path();
  peer_.send(get("/file"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{404});
}

TEST_P(HttpDownloadOn, Is404OfAPathThatCannotNameAFile) {
  const std::string plain = directory_ / "plain";
  const std::string loop = directory_ / "loop";
  const std::string socket = directory_ / "socket";
  std::ofstream(plain, std::ios::binary) << "hello";
  std::filesystem::create_symlink(loop, loop);
  const UniqueFd listening = listen_on(Address::unix_path(socket));
  serve_path();
  for (const std::string& path :
       {plain + "/x", loop, socket, directory_ / std::string(300, 'x')}) {
    steps_.then([this, path] { path_ = path; });
    steps_.then([this] { peer_.send(get("/file")); }).pass(10ms);
  }
  steps_.until(peer_.has(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{404, 404, 404, 404}));
}

TEST_P(HttpDownloadOn, Is503WhenThePoolHasNoRoom) {
  serve_file("hello", 0);
  peer_.send(get("/file"));
  run_for(1s);
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(statuses(), Statuses{503});
}

}  // namespace
}  // namespace rp
