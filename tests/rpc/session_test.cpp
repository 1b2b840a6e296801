#include "rpc/session.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "rpc/place.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/allocations.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pollers.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// A wire that writes down what it is told.
class FakeWire : public Wire {
 public:
  void send(std::string_view json) override { sent.emplace_back(json); }
  void set_reading(bool wanted) override { reading = wanted; }
  void finish() override { ++finished; }

  std::vector<std::string> sent;
  bool reading = false;
  int finished = 0;
};

class SessionTest : public ::testing::Test {
 protected:
  using Lines = std::vector<std::string>;

  SessionTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    session_->attach(wire_);
  }

  Asker::Done note() {
    return [this](const CallResult& result) {
      came_.push_back(result.ok() ? to_json(result.value)
                                  : result.error->message);
    };
  }

  void fill_up() {
    session_->receive(request("later", {}, "1"));
    session_->receive(request("later", {}, "2"));
  }

  FakeClock clock_;
  Reactor reactor_{
      std::make_unique<FakeTimePoller>(make_poller("Epoll"), clock_), clock_};
  Dispatcher service_{reactor_};
  std::vector<Reply> kept_;
  FakeWire wire_;
  Lines came_;
  std::unique_ptr<Session> session_ = std::make_unique<Session>(
      service_, "peer", SessionLimits{{.in_flight = 2}, 1000});
};

TEST_F(SessionTest, EachHasANumberOfItsOwnAndKeepsIt) {
  std::vector<std::uint64_t> numbers;
  service_.method("number", on_loop, [&](Call& call) -> Value {
    numbers.push_back(call.context().number);
    return nullptr;
  });
  Session other(service_, "another");
  session_->receive(request("number"));
  other.receive(request("number"));
  session_->receive(request("number"));
  ASSERT_EQ(numbers.size(), 3u);
  EXPECT_NE(numbers[0], 0u);
  EXPECT_NE(numbers[0], numbers[1]);
  EXPECT_EQ(numbers[0], numbers[2]);
}

TEST_F(SessionTest, APeerThatCannotBeAskedIsNot) {
  std::string error;
  service_.method("ask", on_loop, [&](Call& call) -> Value {
    call.caller().ask("name", {}, [&](const CallResult& name) {
      error = name.error->message;
    });
    return nullptr;
  });
  Session mute(service_, "mute", {}, {}, false);
  FakeWire wire;
  mute.attach(wire);
  mute.receive(request("ask"));
  ASSERT_TRUE(run_until(reactor_, [&] { return !error.empty(); }));
  EXPECT_EQ(error, "this caller cannot be asked");
  EXPECT_EQ(wire.sent, Lines{result("null")});
}

TEST_F(SessionTest, AnswersItsPeerAndAsksItByTheSameWire) {
  session_->receive(request("add", "[2,3]"));
  session_->ask("name", {}, note(), 1s);
  session_->receive(result("\"Ann\"", "1"));
  EXPECT_EQ(wire_.sent, (Lines{result("5"), request("name")}));
  EXPECT_EQ(came_, Lines{"\"Ann\""});
}

TEST_F(SessionTest, TheSameIdMayBeInUseOnBothSides) {
  session_->receive(request("later", {}, "1"));
  session_->ask("name", {}, note(), 1s);
  EXPECT_EQ(wire_.sent, Lines{request("name", {}, "1")});
  kept_[0].result("ours");
  EXPECT_TRUE(came_.empty()) << "our answer is not theirs";
  session_->receive(result("\"theirs\"", "1"));
  EXPECT_EQ(wire_.sent.back(), result("\"ours\"", "1"));
  EXPECT_EQ(came_, Lines{"\"theirs\""});
}

TEST_F(SessionTest, FullItIsNotReadFrom) {
  EXPECT_TRUE(wire_.reading);
  fill_up();
  EXPECT_FALSE(wire_.reading);
  kept_[0].result(1);
  EXPECT_TRUE(wire_.reading);
}

TEST_F(SessionTest, FullWhileItAwaitsAnAnswerItReadsAndRefusesRequests) {
  fill_up();
  session_->ask("name", {}, note(), 1s);
  EXPECT_TRUE(wire_.reading);
  session_->receive(request("add", "[2,3]", "3"));
  EXPECT_EQ(error_code(wire_.sent.back()), kOverloaded);
  session_->receive(result("\"Ann\"", "1"));
  EXPECT_EQ(came_, Lines{"\"Ann\""});
  EXPECT_FALSE(wire_.reading);
}

TEST_F(SessionTest, EndsWhenItsPeerHasEndedAndAllIsAnswered) {
  session_->receive(request("later"));
  session_->end_of_input();
  EXPECT_EQ(wire_.finished, 0);
  kept_[0].result(1);
  EXPECT_EQ(wire_.sent, Lines{result("1")});
  EXPECT_GT(wire_.finished, 0);
}

TEST_F(SessionTest, APeerThatHasEndedItsInputCannotAnswer) {
  session_->ask("name", {}, note(), 1s);
  session_->receive(request("later"));
  session_->end_of_input();
  EXPECT_EQ(came_, Lines{"the peer has ended its input"});
  session_->ask("name", {}, note(), 1s);
  ASSERT_TRUE(run_until(reactor_, [&] { return came_.size() == 2; }));
  EXPECT_EQ(came_[1], "the peer has ended its input");
}

TEST_F(SessionTest, SaysOfAPeerThatHasEndedThatItSpokeNoJson) {
  session_->ask("name", {}, note(), 1s);
  session_->receive("HTTP/1.1 400 Bad Request");
  session_->receive("");
  session_->receive(" {}");
  session_->end_of_input();
  EXPECT_EQ(came_, Lines{"the peer has ended its input, and what it sent was "
                         "no JSON-RPC"});
}

TEST_F(SessionTest, ABatchIsAsMuchJsonAsAMessage) {
  session_->ask("name", {}, note(), 1s);
  session_->receive(batch({result("1", "7")}));
  session_->end_of_input();
  EXPECT_EQ(came_, Lines{"the peer has ended its input"});
}

TEST_F(SessionTest, DrainingItFinishesBothDirections) {
  session_->receive(request("later"));
  session_->ask("name", {}, note(), 1s);
  session_->drain();
  session_->receive(request("add", "[2,3]", "2"));
  EXPECT_EQ(error_code(wire_.sent.back()), kShuttingDown);
  kept_[0].result(1);
  EXPECT_EQ(wire_.finished, 0) << "an answer to us is still to come";
  session_->receive(result("\"Ann\"", "1"));
  EXPECT_EQ(came_, Lines{"\"Ann\""});
  EXPECT_GT(wire_.finished, 0);
}

TEST_F(SessionTest, FinishingItServesItsPeerUntilThen) {
  session_->ask("name", {}, note(), 1s);
  session_->finish();
  session_->receive(request("add", "[2,3]"));
  EXPECT_EQ(wire_.sent.back(), result("5"));
  EXPECT_EQ(wire_.finished, 0);
  session_->receive(result("1", "1"));
  EXPECT_GT(wire_.finished, 0);
}

TEST_F(SessionTest, DoesNotEndInTheMiddleOfABatch) {
  session_->ask("name", {}, note(), 1s);
  session_->drain();
  int finished = -1;
  session_->ask(
      "mark", {}, [&](const CallResult&) { finished = wire_.finished; }, 1s);
  session_->receive(batch(
      {result("1", "1"), result("2", "2"), request("add", "[2,3]", "9")}));
  EXPECT_EQ(finished, 0);
  EXPECT_NE(wire_.sent.back().find("-32004"), std::string::npos);
  EXPECT_EQ(wire_.finished, 1);
}

TEST_F(SessionTest, ALostWireFailsWhatIsPendingWithItsReason) {
  session_->ask("name", {}, note(), 1s);
  session_->lost("connection lost: reset");
  EXPECT_EQ(came_, Lines{"connection lost: reset"});
  EXPECT_EQ(session_->link()->asker, nullptr);
  EXPECT_THROW(session_->notify("n", {}), RpcError);
}

TEST_F(SessionTest, AnAnswerAfterTheEndOfTheWireIsNotKept) {
  session_->receive(request("later"));
  session_->lost("gone");
  kept_[0].result(1);
  session_->attach(wire_);
  EXPECT_TRUE(wire_.sent.empty());
}

TEST_F(SessionTest, ItsEndFailsWhatIsPendingAndItsLink) {
  const std::shared_ptr<AskerLink> link = session_->link();
  EXPECT_EQ(link->asker, session_.get());
  session_->ask("name", {}, note(), 1s);
  session_.reset();
  EXPECT_EQ(link->asker, nullptr);
  EXPECT_EQ(came_.size(), 1u);
}

TEST_F(SessionTest, WithoutAWireItKeepsWhatItAsksUpToALimit) {
  Session waiting(service_, "peer", SessionLimits{{}, 100});
  const std::string filler(101, 'x');
  waiting.notify("n", std::string_view(filler));
  EXPECT_THROW(waiting.notify("n", {}), RpcError);
  waiting.ask("name", {}, note(), 1s);
  ASSERT_TRUE(run_until(reactor_, [&] { return !came_.empty(); }));
  EXPECT_EQ(came_[0], "not connected yet, and too much waits");
  FakeWire wire;
  waiting.attach(wire);
  EXPECT_EQ(wire.sent, Lines{notification("n", "\"" + filler + "\"")});
}

TEST_F(SessionTest, WithoutAWireItAsksOnceMoreAtItsLimit) {
  const std::size_t most = notification("n").size();
  Session waiting(service_, "peer", SessionLimits{{}, most});
  waiting.notify("n", {});
  EXPECT_NO_THROW(waiting.notify("n", {}));
  EXPECT_THROW(waiting.notify("n", {}), RpcError);
}

/// A wire that reuses its memory, as a connection does.
class ReusingWire : public Wire {
 public:
  void send(std::string_view json) override { last.assign(json); }
  void set_reading(bool) override {}
  void finish() override {}

  std::string last;
};

TEST_F(SessionTest, AnAddOnTheLoopAllocatesNothingOnceItIsWarm) {
  Session session(service_, "peer");
  ReusingWire wire;
  session.attach(wire);
  const std::string line = request("add", "[123456,654321]", "1234567");
  for (int i = 0; i < 3; ++i) session.receive(line);
  const Allocations allocations;
  for (int i = 0; i < 100; ++i) session.receive(line);
  EXPECT_EQ(allocations.made(), 0u);
  EXPECT_EQ(wire.last, result("777777", "1234567"));
}

}  // namespace
}  // namespace rp
