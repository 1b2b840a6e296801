#include "rpc/call.h"

#include <gtest/gtest.h>

#include <thread>

#include "reactor/reactor.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

/// Keeps what it is told and asked; answers nobody.
class DeafAsker : public Asker {
 public:
  void ask(std::string_view method, const Value& params, Done done,
           Duration) override {
    told.push_back(std::string(method) + "? " + to_json(params));
    waiting = std::move(done);
  }
  void notify(std::string_view method, const Value& params) override {
    told.push_back(std::string(method) + "! " + to_json(params));
  }

  std::vector<std::string> told;
  Done waiting;
};

class CallTest : public ::testing::Test {
 protected:
  std::shared_ptr<const CallContext> context(bool can_be_asked = true) {
    return std::make_shared<const CallContext>(
        CallContext{.loop = Mailbox(reactor_),
                    .arenas = arenas_,
                    .link = link_,
                    .address = "10.0.0.1:9",
                    .headers = {{"X-Name", "x"}},
                    .can_be_asked = can_be_asked});
  }

  Call owning(std::string_view params, bool can_be_asked = true) {
    auto arena = arenas_->take();
    const Value value = parse_json(params, *arena).value;
    const std::string_view method = arena->copy("greet");
    return Call(context(can_be_asked), std::move(arena), method, value);
  }

  Reactor reactor_;
  DeafAsker asker_;
  std::shared_ptr<AskerLink> link_ =
      std::make_shared<AskerLink>(AskerLink{&asker_});
  std::shared_ptr<ArenaPool> arenas_ = std::make_shared<ArenaPool>();
};

TEST_F(CallTest, SaysWhatIsCalledAndByWhom) {
  const Call call = owning("[1]");
  EXPECT_EQ(call.method(), "greet");
  EXPECT_EQ(to_json(call.params().value()), "[1]");
  EXPECT_EQ(call.address(), "10.0.0.1:9");
  EXPECT_EQ(call.headers()[0].second, "x");
  EXPECT_FALSE(call.stop_requested());
}

TEST_F(CallTest, GivesItsArenaBackWhenItEnds) {
  { const Call call = owning("[1]"); }
  EXPECT_EQ(arenas_->spare(), 1u);
}

TEST_F(CallTest, MovedIsOneCallWithOneArena) {
  {
    Call first = owning(R"(["kept"])");
    const Call second = std::move(first);
    EXPECT_EQ(to_json(second.params().value()), R"(["kept"])");
  }
  EXPECT_EQ(arenas_->spare(), 1u);
}

TEST_F(CallTest, KeptLivesOnWithoutTheArenaThatItBorrowed) {
  auto shared = std::make_unique<Arena>();
  const Value params = parse_json(R"({"a":["b"]})", *shared).value;
  Call call(context(), *shared, shared->copy("greet"), params);
  call.keep();
  shared.reset();
  EXPECT_EQ(call.method(), "greet");
  EXPECT_EQ(to_json(call.params().value()), R"({"a":["b"]})");
}

TEST_F(CallTest, EndedByAnotherThreadFreesItsArena) {
  std::thread([call = owning("[1]")] {}).join();
  EXPECT_EQ(arenas_->spare(), 0u);
}

TEST(ArenaPool, LendsWhatItGotBack) {
  ArenaPool pool;
  std::unique_ptr<Arena> arena = pool.take();
  const Arena* const lent = arena.get();
  pool.give(std::move(arena));
  EXPECT_EQ(pool.take().get(), lent);
}

TEST(ArenaPool, Keeps64AndFreesTheRest) {
  ArenaPool pool;
  for (int i = 0; i < 65; ++i) pool.give(std::make_unique<Arena>());
  EXPECT_EQ(pool.spare(), 64u);
}

using CallerTest = CallTest;

TEST_F(CallerTest, OnTheLoopIsToldAtOnce) {
  Arena arena;
  owning("[]").caller().notify("step", parse_json("[1]", arena).value);
  EXPECT_EQ(asker_.told, std::vector<std::string>{"step! [1]"});
}

TEST_F(CallerTest, OffTheLoopGoesByTheLoop) {
  std::thread([caller = owning("[]").caller()] {
    Arena arena;
    caller.notify("step", parse_json("[1]", arena).value);
    caller.ask("name", {}, [](const CallResult&) {});
  }).join();
  EXPECT_TRUE(asker_.told.empty());
  ASSERT_TRUE(run_until(reactor_, [&] { return asker_.told.size() == 2; }));
  EXPECT_EQ(asker_.told[0], "step! [1]");
  EXPECT_EQ(asker_.told[1], "name? null");
}

TEST_F(CallerTest, TakesParametersOfAnyDepthOffTheLoop) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep = "[" + deep + "]";
  std::thread([&, caller = owning("[]").caller()] {
    Arena arena;
    caller.notify("deep", parse_json(deep, arena, {.depth = 200}).value);
  }).join();
  ASSERT_TRUE(run_until(reactor_, [&] { return !asker_.told.empty(); }));
  EXPECT_EQ(asker_.told[0], "deep! " + deep);
}

/// What asking came to; it is told later, on the loop.
class CallerRefuses : public CallTest {
 protected:
  RpcError refusal(const Caller& caller) {
    std::optional<RpcError> error;
    caller.ask("name", {}, [&](const CallResult& r) { error = r.error; });
    EXPECT_FALSE(error) << "inside ask()";
    EXPECT_TRUE(run_until(reactor_, [&] { return error.has_value(); }));
    return *error;
  }
};

TEST_F(CallerRefuses, WhenThePeerHasGone) {
  const Caller caller = owning("[]").caller();
  link_->asker = nullptr;
  EXPECT_EQ(refusal(caller).code, kWorkerLost);
  caller.notify("nobody", {});
}

TEST_F(CallerRefuses, WhenTheWireHasNoWayBack) {
  const Caller caller = owning("[]", false).caller();
  const RpcError error = refusal(caller);
  EXPECT_EQ(error.code, kInternalError);
  EXPECT_EQ(error.message, "this caller cannot be asked");
  caller.notify("nobody", {});
  EXPECT_TRUE(asker_.told.empty());
}

TEST(CallResult, GivesTheValueOrThrowsTheError) {
  EXPECT_EQ(CallResult({{}, Value(5)}).get(), Value(5));
  const CallResult failed{RpcError(7, "seven"), {}};
  EXPECT_FALSE(failed.ok());
  EXPECT_THROW(failed.get(), RpcError);
}

}  // namespace
}  // namespace rp
