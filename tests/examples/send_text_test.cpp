#include "examples/send_text.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "reactor/acceptor.h"
#include "reactor/epoll_poller.h"
#include "reactor/socket.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

const std::string kCall = R"({"jsonrpc":"2.0","method":"add","id":1})";
const std::string kTold = R"({"jsonrpc":"2.0","method":"add"})";
const std::string kAnswer = R"({"jsonrpc":"2.0","result":3,"id":1})";

// Does what it was told to when something has come, and else nothing.
class Stranger : public Connection {
 public:
  using Act = Function<void(Stranger&)>;

  Stranger(UniqueFd fd, const Address& peer, Act act)
      : Connection(std::move(fd), peer), act_(std::move(act)) {}

  void reset() {
    const struct ::linger at_once { 1, 0 };
    ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

 private:
  void on_data(std::string_view) override { act_(*this); }
  void on_end() override {}

  Act act_;
};

class SendText : public testing::Test {
 protected:
  // Why it failed, behind what it printed; only that when all is well.
  std::string sent(const std::string& text, Stranger::Act act,
                   Duration timeout = 5s) {
    UniqueFd listening = listen_on(Address::ip("127.0.0.1", 0));
    const ServerUrl server{.addresses = {local_address(listening.get())}};
    Acceptor::start(reactor_, std::move(listening),
                    [&act](UniqueFd fd, const Address& peer) {
                      return std::make_unique<Stranger>(std::move(fd), peer,
                                                        std::move(act));
                    });
    testing::internal::CaptureStdout();
    std::string failure;
    try {
      send_text(reactor_, server, text, timeout);
    } catch (const std::runtime_error& error) {
      failure = error.what();
    }
    return testing::internal::GetCapturedStdout() + failure;
  }

  static Stranger::Act says(std::string words) {
    return [words = std::move(words)](Stranger& server) {
      server.send(words);
      server.close_after_sending();
    };
  }

  Reactor reactor_{std::make_unique<EpollPoller>()};
};

TEST_F(SendText, PrintsWhatAnswers) {
  EXPECT_EQ(sent(kCall, says(kAnswer + "\n")), kAnswer + "\n");
}

TEST_F(SendText, TakesALastLineWithoutAnEnd) {
  EXPECT_EQ(sent(kCall, says(kAnswer)), kAnswer + "\n");
}

TEST_F(SendText, FailsWhenAnAnswerThatIsOwedNeverComes) {
  EXPECT_EQ(sent(kCall, says("")), "connection lost: peer");
}

TEST_F(SendText, TakesNoQuestionForTheAnswer) {
  EXPECT_EQ(sent(kCall, says(kCall + "\n")), kCall + "\nconnection lost: peer");
}

TEST_F(SendText, FailsWhenAnAnswerIsCutOff) {
  EXPECT_EQ(sent(kCall, says(R"({"jsonrpc":"2.0","resu)")),
            "the answer is no JSON: this string is never closed");
}

TEST_F(SendText, DoesNotPrintWhatIsNoJson) {
  EXPECT_EQ(sent(kTold, says("\033[31mred\n")),
            "the answer is no JSON: expected a value, found byte 0x1b");
}

TEST_F(SendText, FailsWhenTheConnectionIsReset) {
  const auto reset = [](Stranger& server) { server.reset(); };
  EXPECT_EQ(sent(kCall, reset), "connection lost: reset");
  EXPECT_EQ(sent(kTold, reset), "connection lost: reset");
}

TEST_F(SendText, FailsWhenTheTextIsTooLongToBeSent) {
  EXPECT_EQ(sent("[" + std::string(9'000'000, ' ') + kCall + "]", says("")),
            "connection lost: overflow");
}

TEST_F(SendText, FailsWhenTimeIsOver) {
  EXPECT_EQ(sent(
                kCall, [](Stranger&) {}, 10ms),
            "no answer in time");
}

TEST_F(SendText, WaitsForNoAnswerToWhatIsOwedNone) {
  EXPECT_EQ(sent(kTold, says("")), "");
  EXPECT_EQ(sent("[" + kTold + "," + kTold + "]", says("")), "");
  EXPECT_EQ(sent("[]", says("")), "connection lost: peer") << "it is an error";
}

}  // namespace
}  // namespace rp
