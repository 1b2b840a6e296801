#include "examples/send_text.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "reactor/acceptor.h"
#include "reactor/epoll_poller.h"
#include "reactor/socket.h"
#include "rpc/line_wire.h"
#include "rpc/wire/websocket_handshake.h"
#include "tests/support/websocket_frames.h"

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

  const std::string& heard() const { return heard_; }

 private:
  void on_data(std::string_view bytes) override {
    heard_ += bytes;
    act_(*this);
  }
  void on_end() override {}

  std::string heard_;
  Act act_;
};

class SendText : public testing::Test {
 protected:
  // Why it failed, behind what it printed; only that when all is well.
  std::string sent(const std::string& text, Stranger::Act act,
                   Duration timeout = 5s) {
    UniqueFd listening = listen_on(Address::ip("127.0.0.1", 0));
    const ServerUrl server{.wire = wire_,
                           .addresses = {local_address(listening.get())},
                           .host = "127.0.0.1",
                           .target = "/rpc"};
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

  // What a server answers that agrees to speak WebSocket.
  static std::string agreement(const std::string& request) {
    constexpr std::string_view kName = "Sec-WebSocket-Key: ";
    const auto at = request.find(kName) + kName.size();
    const std::string key = request.substr(at, request.find('\r', at) - at);
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
           "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
           websocket_accept(key) + "\r\n\r\n";
  }

  ServerUrl::Wire wire_ = ServerUrl::Wire::lines;
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

TEST_F(SendText, SendsATextOfSeveralLinesInOne) {
  std::string heard;
  const auto answer = [&heard](Stranger& server) {
    heard = server.heard();
    if (!heard.ends_with('\n')) return;
    says(kAnswer + "\n")(server);
  };
  const std::string in_lines =
      "{\"jsonrpc\":\"2.0\",\n\"method\":\"add\",\n\"id\":1}\n";
  EXPECT_EQ(sent(in_lines, answer), kAnswer + "\n");
  EXPECT_EQ(heard, "{\"jsonrpc\":\"2.0\", \"method\":\"add\", \"id\":1} \n");
}

TEST_F(SendText, FailsWhenAnAnswerIsTooLong) {
  const std::string line(LineLimits().line + 1, ' ');
  const auto flood = [&line](Stranger& server) { server.send(line); };
  EXPECT_EQ(sent(kCall, flood), "connection lost: protocol");
}

TEST_F(SendText, DoesNotLetTheServerSteerTheTerminal) {
  wire_ = ServerUrl::Wire::websocket;
  const auto leave = [](Stranger& server) {
    if (!server.heard().ends_with("\r\n\r\n")) return;
    server.send(agreement(server.heard()) +
                server_frame(0x88, closing(1000, "\x1b[2J")));
    server.half_close();
  };
  EXPECT_EQ(sent(kCall, leave), R"(connection lost: \x1b[2J)");
}

// The connector has as long, and on a slow machine it may be the first to end.
TEST_F(SendText, FailsWhenTimeIsOver) {
  EXPECT_EQ(sent(
                kCall, [](Stranger&) {}, 500ms),
            "no answer in time");
}

TEST_F(SendText, WaitsForNoAnswerToWhatIsOwedNone) {
  EXPECT_EQ(sent(kTold, says("")), "");
  EXPECT_EQ(sent("[" + kTold + "," + kTold + "]", says("")), "");
  EXPECT_EQ(sent("[]", says("")), "connection lost: peer") << "it is an error";
}

}  // namespace
}  // namespace rp
