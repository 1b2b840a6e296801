#include "pool/error_lines.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/socket.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class ErrorLinesOn : public OnBothPollers {
 protected:
  // It must live through several runs.
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    theirs_.reset(ends[1]);
    auto lines = std::make_unique<ErrorLines>(UniqueFd(ends[0]), "w[7] ",
                                              [this](std::string_view line) {
                                                if (line == refused_) throw 1;
                                                log_.emplace_back(line);
                                              });
    lines_ = lines.get();
    id_ = reactor_.add(std::move(lines), Interest::reading(),
                       Lifetime::background);
  }
  void say(std::string_view text) {
    ASSERT_EQ(::write(theirs_.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    run_for(1ms);
  }

  ErrorLines* lines_ = nullptr;
  UniqueFd theirs_;
  std::string refused_;
  HandleId id_;
};
RP_ON_BOTH_POLLERS(ErrorLinesOn);

TEST_P(ErrorLinesOn, BeginWithThePrefix) {
  say("one\ntwo\n");
  EXPECT_EQ(log_, (Strings{"w[7] one", "w[7] two"}));
}

TEST_P(ErrorLinesOn, WaitForTheRestOfALine) {
  say("on");
  EXPECT_EQ(log_, Strings{});
  say("e\n");
  EXPECT_EQ(log_, Strings{"w[7] one"});
}

TEST_P(ErrorLinesOn, MayBeEmpty) {
  say("\n");
  EXPECT_EQ(log_, Strings{"w[7] "});
}

TEST_P(ErrorLinesOn, ShowControlBytesAndLeaveTheOthers) {
  say(std::string_view("\x1b[31m\t\0\x1f\x7f \xc3\xa9~\r\n", 15));
  EXPECT_EQ(log_, Strings{"w[7] \\x1b[31m\\x09\\x00\\x1f\\x7f \xc3\xa9~\\x0d"});
}

TEST_P(ErrorLinesOn, ShowControlCharactersOfTwoBytes) {
  say("\xc2\x80 \xc2\x9b"
      "31m \xc2\x9f \xc2\xa0 \xc3\x9b \xc2\n");
  EXPECT_EQ(log_, Strings{"w[7] \\xc2\\x80 \\xc2\\x9b"
                          "31m \\xc2\\x9f \xc2\xa0 \xc3\x9b \xc2"});
}

TEST_P(ErrorLinesOn, AreWholeAtTheLongest) {
  const std::string line(ErrorLines::kLongest, 'x');
  say(line + "\n");
  EXPECT_EQ(log_, Strings{"w[7] " + line});
}

TEST_P(ErrorLinesOn, ComeInPiecesBeyondTheLongest) {
  const std::string line(ErrorLines::kLongest, 'x');
  say(line + "y\n");
  EXPECT_EQ(log_, (Strings{"w[7] " + line, "w[7] y"}));
}

TEST_P(ErrorLinesOn, AreToldWithoutANewlineAtTheEnd) {
  say("one\ntw");
  theirs_.reset();
  run_for(1ms);
  EXPECT_EQ(log_, (Strings{"w[7] one", "w[7] tw"}));
  EXPECT_EQ(reactor_.find(id_), nullptr);
}

TEST_P(ErrorLinesOn, GoOnBehindOneThatWasNotTaken) {
  reactor_.on_error([](const std::exception_ptr&) {});
  refused_ = "w[7] two";
  say("one\ntwo\nthree\n");
  EXPECT_EQ(log_, (Strings{"w[7] one", "w[7] three"}));
}

TEST_P(ErrorLinesOn, AreAllReadWhenFinishedThoughThePipeStaysOpen) {
  const std::string much(60'000, 'x');
  ASSERT_EQ(::write(theirs_.get(), much.data(), much.size()), 60'000);
  lines_->finish();
  EXPECT_EQ(log_.size(), 15u);
  run_for(1ms);
  EXPECT_EQ(reactor_.find(id_), nullptr);
}

}  // namespace
}  // namespace rp
