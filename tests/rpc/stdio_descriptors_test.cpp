#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <string>
#include <system_error>
#include <vector>

#include "rpc/stdio.h"
#include "tests/support/directory.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/stdio_program.h"

namespace rp {
namespace {

using Strings = std::vector<std::string>;

/// A program whose standard descriptors are of one kind or another.
class StdioOf : public StdioProgram,
                public ::testing::TestWithParam<std::string> {
 protected:
  StdioOf() : StdioProgram(GetParam()) {}

  std::string what_serving_throws(StdioEnds ends) {
    try {
      serve(std::move(ends));
      return "nothing";
    } catch (const std::system_error& error) {
      return error.what();
    }
  }
};
RP_ON_BOTH_POLLERS(StdioOf);

TEST_P(StdioOf, ATerminalWillDo) {
  UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_EQ(::grantpt(master.get()), 0);
  ASSERT_EQ(::unlockpt(master.get()), 0);
  char name[64];
  ASSERT_EQ(::ptsname_r(master.get(), name, sizeof name), 0);
  UniqueFd terminal(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios mode{};
  ::tcgetattr(terminal.get(), &mode);
  mode.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  ::tcsetattr(terminal.get(), TCSANOW, &mode);
  UniqueFd input(::dup(terminal.get())), master_again(::dup(master.get()));
  serve({std::move(input), std::move(terminal),
         StdioPeer(std::move(master), std::move(master_again))});
  peer_.send_message(request("echo", "[1]"));
  steps_.until(peer_.has(1))
      .then([&] { peer_.send("\x04"); })  // Ctrl-D
      .until(told_of_its_end());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.messages(), Strings{result("[1]")});
  EXPECT_EQ(ends_, std::vector{CloseReason::peer});
}

TEST_P(StdioOf, ARegularFileIsServedOrRefusedWithASetUpError) {
  const Directory folder;
  const std::string path = folder / std::string("requests");
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const std::string lines =
      request("echo", "[1]") + "\n" + request("echo", "[2]", "2");
  ASSERT_EQ(::pwrite(file.get(), lines.data(), lines.size(), 0),
            static_cast<ssize_t>(lines.size()));
  StdioEnds ends = stdio_pipes();
  ends.input = std::move(file);
  if (GetParam() == "Epoll") {
    EXPECT_EQ(what_serving_throws(std::move(ends)),
              "this poller cannot watch the input: Operation not permitted");
    return;
  }
  serve(std::move(ends));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(peer_.messages(), (Strings{result("[1]"), result("[2]", "2")}));
}

TEST_P(StdioOf, LeavesTheModesOfItsDescriptorsAsTheyWere) {
  StdioEnds ends = stdio_pipes();
  const UniqueFd input(::dup(ends.input.get()));
  const UniqueFd output(::dup(ends.output.get()));
  serve(std::move(ends));
  peer_.send_message(request("echo", "[1]"));
  ASSERT_TRUE(run_until(reactor_, peer_.has(1)));
  EXPECT_EQ(::fcntl(input.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_EQ(::fcntl(output.get(), F_GETFL) & O_NONBLOCK, 0);
}

}  // namespace
}  // namespace rp
