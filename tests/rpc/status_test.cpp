#include "rpc/status.h"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "rpc/in_pool.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/metrics_parser.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class StatusTest : public ServiceTest {
 protected:
  StatusTest() {
    service_.method("block", on_loop, [this](const Params&) -> Value {
      clock_.advance(500ms);
      return nullptr;
    });
    service_.method("fail", on_loop, [](const Params&) -> Value {
      throw RpcError(kOverloaded);
    });
  }

  void make(Status::Parts parts = {}) {
    status_.emplace(service_, std::move(parts),
                    Status::Options{.name = "demo", .version = "1.0"});
  }

  // The result of a call, in an arena of the test's.
  Value ask(std::string_view method, std::string_view params = {}) {
    sent_.clear();
    peer_sends(request(method, params));
    const Parsed parsed = parse_json(sent_.at(0), arena_);
    const Value* result = parsed.value.find("result");
    EXPECT_NE(result, nullptr) << sent_.at(0);
    return result != nullptr ? *result : Value();
  }

  // "loop/lag_us/max": a member's member.
  static Value at(Value value, std::string path) {
    path += '/';
    for (std::size_t end; (end = path.find('/')) != std::string::npos;) {
      const std::string name = path.substr(0, end);
      path.erase(0, end + 1);
      if (value.is_array()) {
        value = value.items()[std::stoul(name)];
      } else if (const Value* member = value.find(name)) {
        value = *member;
      } else {
        ADD_FAILURE() << "no " << name;
      }
    }
    return value;
  }
  static std::string text_at(const Value& value, const std::string& path) {
    return to_json(at(value, path));
  }

  Value method(const Value& status, std::string_view name) {
    for (const Value& one : status.find("methods")->items()) {
      if (one.find("name")->as_string() == name) return one;
    }
    return {};
  }

  Arena arena_;
  std::optional<Status> status_;
};

TEST_F(StatusTest, HasTheServerAndWhatItHasNotIsNull) {
  make();
  clock_.advance(1500ms);
  const Value status = ask("rpc.status");
  EXPECT_EQ(text_at(status, "server/name"), "\"demo\"");
  EXPECT_EQ(text_at(status, "server/version"), "\"1.0\"");
  EXPECT_EQ(at(status, "server/uptime_s").as_double(), 1.5);
  EXPECT_EQ(text_at(status, "server/draining"), "false");
  EXPECT_EQ(text_at(status, "pool"), "null");
  EXPECT_EQ(text_at(status, "processes"), "null");
  EXPECT_EQ(text_at(status, "http"), "null");
  EXPECT_EQ(text_at(status, "turned_away"), R"({"full":0,"no_descriptor":0})");
  EXPECT_EQ(text_at(status, "connections"), "[]");
}

TEST_F(StatusTest, ForANotificationItDoesNotEvenLook) {
  LiveTrace trace(reactor_);
  make({.trace = &trace});
  for (const auto* method : {"rpc.status", "rpc.trace", "rpc.discover"}) {
    peer_sends(notification(method));
  }
  run_for(10ms);
  EXPECT_EQ(reactor_.timers().size(), 0U) << "no probe";
  EXPECT_EQ(text_at(ask("rpc.trace"), "seq"), "0") << "no trace";
  EXPECT_EQ(text_at(method(ask("rpc.status"), "rpc.status"), "calls"), "2");
}

TEST_F(StatusTest, TellsOfEachMethodWhereItRunsAndHowItFares) {
  make();
  ask("block");
  peer_sends(request("fail"));
  const Value status = ask("rpc.status");
  const Value block = method(status, "block");
  EXPECT_EQ(text_at(block, "where"), "\"on the loop\"");
  EXPECT_EQ(text_at(block, "calls"), "1");
  EXPECT_EQ(at(block, "latency_us/max").as_double(), 500'000);
  EXPECT_EQ(text_at(method(status, "fail"), "errors"), "1");
  EXPECT_EQ(text_at(status, "requests/total"), "2");
  EXPECT_EQ(text_at(status, "requests/errors"), R"({"-32002":1})");
}

TEST_F(StatusTest, CountsWhatNoMethodHasTaken) {
  service_.method("strict", on_loop, [](const Params&) -> Value { return 1; },
                  {.params = {{"a"}}});
  make();
  peer_sends(request("nobody"));
  peer_sends(request("strict"));
  peer_sends(request("strict", "[1]"));
  peer_sends("no JSON");
  const Value status = ask("rpc.status");
  EXPECT_EQ(text_at(status, "requests/total"), "4");
  EXPECT_EQ(text_at(status, "requests/errors"),
            R"({"-32700":1,"-32602":1,"-32601":1})");
}

TEST_F(StatusTest, PercentilesAreOfTheLastSecondsAndCountersOfAllTime) {
  make();
  ask("block");
  clock_.advance(10s);
  const Value block = method(ask("rpc.status"), "block");
  EXPECT_EQ(text_at(block, "latency_us"),
            R"({"count":0,"p50":null,"p90":null,"p99":null,"max":null})");
  EXPECT_EQ(text_at(block, "calls"), "1");
}

TEST_F(StatusTest, ShowsHowTheLoopStallsAndWhoIsToBlame) {
  make();
  reactor_.on_slow_callback(
      100ms, [this](const TraceEvent& event) { status_->slow(event); });
  reactor_.run_after(100ms, [this] { peer_sends(request("block")); });
  reactor_.run_after(1s, [this] { reactor_.stop(); });
  reactor_.run([this] { ask("rpc.status"); });
  const Value loop = at(ask("rpc.status"), "loop");
  EXPECT_GE(at(loop, "lag_us/max").as_double(), 400'000);
  EXPECT_EQ(at(loop, "slow").size(), 1U);
  EXPECT_EQ(text_at(loop, "slow/0/what"), "\"call\"");
  EXPECT_EQ(text_at(loop, "slow/0/name"), "\"block\"");
  EXPECT_EQ(at(loop, "slow/0/length_us").as_double(), 500'000);
  EXPECT_EQ(text_at(loop, "slow/0/ago_ms"), "400");
  EXPECT_EQ(
      metric(parse_metrics(status_->metrics()), "rp_loop_slow_callbacks_total"),
      1);
}

TEST_F(StatusTest, TracesWhatTheLoopDoesAndNumbersIt) {
  LiveTrace trace(reactor_);
  make({.trace = &trace});
  EXPECT_EQ(text_at(ask("rpc.trace"), "seq"), "0");
  run_for(10ms);
  const Value first = ask("rpc.trace", R"({"after":0})");
  EXPECT_EQ(text_at(first, "events/0"), R"([0,1,"stop?","loop","check",0,0])");
  const std::string seq = text_at(first, "seq");
  EXPECT_EQ(seq, std::to_string(at(first, "events").size()));
  const Value rest = ask("rpc.trace", "{\"after\":" + seq + "}");
  EXPECT_EQ(at(rest, "events").size(), 1U) << "the call itself";
}

TEST_F(StatusTest, ATraceGivesAThousandEventsAndSaysHowManyItHasSkipped) {
  LiveTrace trace(reactor_);
  make({.trace = &trace});
  ask("rpc.trace");
  reactor_.run_every(1ms, [] {});
  run_for(300ms);
  const Value news = ask("rpc.trace", "[0]");
  EXPECT_EQ(at(news, "events").size(), 1000U);
  EXPECT_EQ(at(news, "seq").as_int64() - 1000, at(news, "skipped").as_int64());
  EXPECT_EQ(text_at(news, "skipped_jobs"), "false");
}

TEST_F(StatusTest, ATraceSaysWhenJobsAreAmongWhatItHasSkipped) {
  LiveTrace trace(reactor_);
  make({.trace = &trace});
  ask("rpc.trace");
  for (std::uint64_t id = 1; id <= 1001; ++id) {
    trace.record_job("job", "thread-1", "primes", id, clock_.now(), 1ms);
  }
  EXPECT_EQ(text_at(ask("rpc.trace", "[0]"), "skipped_jobs"), "true");
}

TEST_F(StatusTest, RefusesToTraceBackwardsAndWhereThereIsNoTrace) {
  make();
  peer_sends(request("rpc.trace", "[-1]"));
  EXPECT_EQ(error_code(sent_.back()), kInvalidParams);
  peer_sends(request("rpc.trace"));
  EXPECT_EQ(error_code(sent_.back()), kInternalError);
}

TEST_F(StatusTest, DescribesItsServiceItselfIncluded) {
  make();
  const Value document = ask("rpc.discover");
  EXPECT_EQ(text_at(document, "info/title"), "\"demo\"");
  EXPECT_EQ(text_at(document, "methods/0/name"), "\"block\"");
  EXPECT_EQ(text_at(document, "methods/4/name"), "\"rpc.discover\"");
}

}  // namespace
}  // namespace rp
