#include "examples/digesting.h"

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/local.h"
#include "rpc/wire/digest.h"
#include "tests/support/directory.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

// A worker in this process, which fails as the test says.
class Digests : public ::testing::Test {
 protected:
  Digests() {
    register_digest_piece(worker_, on_loop);
    service_.method("digest_piece", on_loop, [this](Call call, Reply reply) {
      pieces_.push_back(call.params().integer("offset"));
      if (!failures_.empty()) {
        const int code = failures_.front();
        failures_.erase(failures_.begin());
        if (code != 0) return reply.error(RpcError(code));
      }
      worker_.dispatch(std::move(call), std::move(reply));
    });
  }

  std::string write_file(std::size_t length) {
    std::string bytes;
    while (bytes.size() < length) bytes += std::to_string(bytes.size());
    bytes.resize(length);
    std::ofstream(path_, std::ios::binary) << bytes;
    Sha1 sha;
    sha.update(bytes);
    return to_hex(sha.finish());
  }

  DigestEnd digest(std::uint64_t size, std::uint64_t piece) {
    std::optional<DigestEnd> end;
    digest_file(
        client_, {path_, size, piece, 3},
        [this](std::uint64_t done) { done_.push_back(done); },
        [&end](const DigestEnd& told) { end = told; });
    EXPECT_TRUE(run_until(reactor_, [&] { return end.has_value(); }));
    return end.value_or(DigestEnd{});
  }

  Directory directory_;
  std::string path_ = directory_ / "file";
  Reactor reactor_;
  Dispatcher worker_{reactor_};
  Dispatcher service_{reactor_};
  LocalClient client_{service_, service_};
  std::vector<int> failures_;  // error codes of the next calls; 0: none
  std::vector<std::int64_t> pieces_;
  std::vector<std::uint64_t> done_;
};

TEST_F(Digests, AreThoseOfTheWholeFileHoweverItIsCut) {
  const std::string sha1 = write_file(1000);
  for (const std::uint64_t piece : {1000u, 999u, 100u, 64u, 1u}) {
    EXPECT_EQ(digest(1000, piece).sha1, sha1) << piece;
  }
}

TEST_F(Digests, AreThoseOfAFileThatIsLongerThanABlock) {
  const std::string sha1 = write_file(1'000'000);
  EXPECT_EQ(digest(1'000'000, 600'000).sha1, sha1);
}

TEST_F(Digests, AreThereOfNothing) {
  EXPECT_EQ(digest(0, 100).sha1, write_file(0));
  EXPECT_EQ(pieces_.size(), 0u);
}

TEST_F(Digests, TellHowFarTheyAre) {
  write_file(250);
  digest(250, 100);
  EXPECT_EQ(done_, (std::vector<std::uint64_t>{100, 200, 250}));
}

TEST_F(Digests, RepeatAPieceAndNothingElseWhenItsWorkerIsLost) {
  const std::string sha1 = write_file(300);
  failures_ = {0, kWorkerLost, kDeadlinePassed, 0};
  EXPECT_EQ(digest(300, 100).sha1, sha1);
  EXPECT_EQ(pieces_, (std::vector<std::int64_t>{0, 100, 100, 100, 200}));
}

TEST_F(Digests, GiveUpAPieceThatKillsThreeWorkers) {
  write_file(300);
  failures_ = {0, kWorkerLost, kWorkerLost, kWorkerLost};
  const DigestEnd end = digest(300, 100);
  EXPECT_EQ(end.sha1, "");
  EXPECT_NE(end.error, "");
  EXPECT_EQ(pieces_, (std::vector<std::int64_t>{0, 100, 100, 100}));
}

TEST_F(Digests, SayWhatIsWrongWithTheFile) {
  EXPECT_EQ(digest(300, 100).error, "open the file: No such file or directory");
  write_file(200);
  EXPECT_EQ(digest(300, 100).error, "the file has become shorter");
}

}  // namespace
}  // namespace rp
