#include "rpc/dispatcher.h"

#include <chrono>
#include <stdexcept>

#include "rpc/place.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// A handler that answers with a name, so that one sees who was called.
Handler named(const char* name) {
  return [name](const Params&) -> Value { return name; };
}

class DispatcherTest : public ServiceTest {
 protected:
  std::string call(std::string_view method, std::string_view params = {}) {
    sent_.clear();
    peer_sends(request(method, params));
    return sent_.empty() ? "nothing" : sent_[0];
  }
};

TEST_F(DispatcherTest, ExactNamesBeatPatternsWheneverTheyWereRegistered) {
  service_.method("log.*", on_loop, named("pattern"));
  service_.method("log.info", on_loop, named("exact"));
  EXPECT_EQ(call("log.info"), result("\"exact\""));
  EXPECT_EQ(call("log.other"), result("\"pattern\""));
}

TEST_F(DispatcherTest, OfPatternsTheFirstRegisteredWins) {
  service_.method("a*", on_loop, named("first"));
  service_.method("ab*", on_loop, named("second"));
  service_.method("*c", on_loop, named("third"));
  EXPECT_EQ(call("abc"), result("\"first\""));
  EXPECT_EQ(call("xc"), result("\"third\""));
}

TEST_F(DispatcherTest, AnUnknownMethodIsAnError) {
  service_.method("log.*", on_loop, named("pattern"));
  EXPECT_EQ(error_code(call("lag.info")), kMethodNotFound);
}

TEST_F(DispatcherTest, CountsCallsThatReachedNoMethod) {
  service_.method("one", on_loop, named("one"), {.params = {{"a"}}});
  call("one", "[1]");
  call("one", "[]");
  call("two");
  peer_sends(notification("two"));
  EXPECT_EQ(service_.refused(),
            (std::map<int, std::uint64_t>{{kInvalidParams, 1},
                                          {kMethodNotFound, 2}}));
}

TEST_F(DispatcherTest, TellsWhoHasMadeACallThatReachedNoMethod) {
  service_.method("one", on_loop, named("one"), {.params = {{"a"}}});
  Lines told;
  service_.on_refused([&told](const Dispatcher::RefusedCall& call) {
    told.push_back(call.address + " " + std::string(call.method) + " " +
                   std::to_string(call.code));
  });
  call("one", "[1]");
  call("one", "[]");
  peer_sends(notification("two"));
  EXPECT_EQ(told, (Lines{"a peer one -32602", "a peer two -32601"}));
}

/// A peer that may have nothing in flight.
class FullDispatcher : public ServiceTest {
 protected:
  FullDispatcher() : ServiceTest({.in_flight = 0}) {}
};

TEST_F(FullDispatcher, CountsAndTellsWhatItsRespondersRefuse) {
  Lines told;
  service_.on_refused([&told](const Dispatcher::RefusedCall& call) {
    told.push_back(std::string(call.method) + " " + std::to_string(call.code));
  });
  peer_sends("{bad");
  peer_sends("[1]");
  peer_sends(request("add", "[1,2]", "3"));
  responder_.drain();
  peer_sends(notification("add", "[1,2]"));
  EXPECT_EQ(told, (Lines{" -32700", " -32600", "add -32002", "add -32004"}));
  EXPECT_EQ(service_.refused(),
            (std::map<int, std::uint64_t>{{kParseError, 1},
                                          {kInvalidRequest, 1},
                                          {kOverloaded, 1},
                                          {kShuttingDown, 1}}));
}

TEST_F(DispatcherTest, AnUnknownNotificationGetsNothing) {
  peer_sends(notification("nobody"));
  EXPECT_TRUE(sent_.empty());
}

TEST_F(DispatcherTest, ThePatternItselfIsNoExactName) {
  service_.method("a*", on_loop, named("first"));
  service_.method("a*b", on_loop, named("second"));
  EXPECT_EQ(call("a*b"), result("\"first\""));
}

TEST_F(DispatcherTest, RefusesANameThatIsEmptyOrTaken) {
  service_.method("a", on_loop, named("a"));
  service_.method("b*", on_loop, named("b"));
  EXPECT_THROW(service_.method("", on_loop, named("")), std::invalid_argument);
  EXPECT_THROW(service_.method("a", on_loop, named("")), std::invalid_argument);
  EXPECT_THROW(service_.method("b*", on_loop, named("")),
               std::invalid_argument);
  EXPECT_EQ(service_.methods().size(), 2u);
}

TEST_F(DispatcherTest, ChecksWhatIsDeclaredBeforeTheHandlerIsCalled) {
  int calls = 0;
  service_.method("inc", on_loop,
                  [&](const Params& params) -> Value {
                    ++calls;
                    return params.integer("by") + 1;
                  },
                  {.params = {{"by", Type::integer}}});
  EXPECT_EQ(error_code(call("inc", R"(["x"])")), kInvalidParams);
  EXPECT_EQ(error_code(call("inc")), kInvalidParams);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(call("inc", "[4]"), result("5"));
  EXPECT_EQ(call("inc", R"({"by":4})"), result("5"));
}

TEST_F(DispatcherTest, NamesTheBadParameter) {
  service_.method("inc", on_loop, named("inc"),
                  {.params = {{"by", Type::integer}}});
  EXPECT_EQ(error_message(call("inc", "[1.5]")),
            "Invalid params: \"by\" must be an integer from -2^63 to 2^63-1, "
            "not a number");
}

TEST_F(DispatcherTest, CountsCallsAndTellsWhereMethodsRun) {
  service_.method("a", on_loop, named("a"), {.summary = "says a"});
  call("a");
  call("a");
  const Dispatcher::Method& method = *service_.methods().at(0);
  EXPECT_EQ(method.calls, 2u);
  EXPECT_EQ(method.where, "on the loop");
  EXPECT_EQ(method.summary, "says a");
}

/// A place that is broken.
class Broken : public Where, public Place {
 public:
  std::string_view name() const override { return "nowhere"; }
  std::unique_ptr<Place> place(Reactor&, Handler,
                               const MethodOptions&) const override {
    return std::make_unique<Broken>();
  }
  void take(Call, Reply) override { throw std::runtime_error("no place"); }
};

TEST_F(DispatcherTest, APlaceThatThrowsSpoilsNeitherItsCallNorTheBatch) {
  std::size_t errors = 0;
  reactor_.on_error([&](std::exception_ptr) { ++errors; });
  service_.method("broken", Broken(), named("never"));
  service_.method("fine", on_loop, named("fine"));
  peer_sends(batch({request("broken", {}, "1"), request("fine", {}, "2")}));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_NE(sent_[0].find(result("\"fine\"", "2")), std::string::npos);
  EXPECT_NE(sent_[0].find("-32000"), std::string::npos);
  EXPECT_EQ(errors, 1u);
}

TEST_F(DispatcherTest, AtTheEndOfARunAllThatIsOwedIsRefused) {
  std::vector<Reply> kept;
  service_.method("slow", on_loop,
                  [&](Call, Reply reply) { kept.push_back(std::move(reply)); });
  for (const int run : {1, 2}) {
    call("slow");
    run_for(1s);
    ASSERT_EQ(sent_.size(), 1u) << "run " << run;
    EXPECT_EQ(error_code(sent_[0]), kShuttingDown);
  }
  for (Reply& late : kept) late.result(1);
  EXPECT_EQ(sent_.size(), 1u);
}

struct PatternCase {
  const char* pattern;
  const char* name;
  bool fits;
};

class Patterns : public ::testing::TestWithParam<PatternCase> {};

TEST_P(Patterns, FitOrDoNot) {
  const auto& [pattern, name, fits] = GetParam();
  EXPECT_EQ(fits_pattern(pattern, name), fits) << pattern << " " << name;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Patterns,
    ::testing::Values(
        PatternCase{"*", "", true}, PatternCase{"*", "a", true},
        PatternCase{"a*", "a", true}, PatternCase{"a*", "abc", true},
        PatternCase{"a*", "ba", false}, PatternCase{"*c", "abc", true},
        PatternCase{"*c", "abcd", false}, PatternCase{"a*c", "ac", true},
        PatternCase{"a*c", "abcbc", true},
        PatternCase{"a*b*c", "a-b-b-c", true},
        PatternCase{"a*b*c", "a-c-b", false}, PatternCase{"**", "x", true},
        PatternCase{"", "", true}, PatternCase{"", "a", false}));

TEST(Patterns, OfManyStarsTakeNoLongerThanTheirLengthsMultiplied) {
  std::string pattern;
  for (int i = 0; i < 64; ++i) pattern += "*a";
  pattern += "*b";
  EXPECT_FALSE(fits_pattern(pattern, std::string(100'000, 'a')));
}

}  // namespace
}  // namespace rp
