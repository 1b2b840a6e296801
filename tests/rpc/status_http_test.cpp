#include "rpc/status_http.h"

#include <sys/resource.h>

#include <ctime>
#include <optional>
#include <string>

#include "pool/line_log.h"
#include "reactor/socket.h"
#include "rpc/http_server.h"
#include "rpc/local.h"
#include "rpc/status.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/http_served.h"
#include "tests/support/metrics_parser.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class StatusOverHttp : public HttpTest {
 protected:
  void open_status(Status::Parts parts = {}) {
    service_.method("add", on_loop, [](const Params&) -> Value { return 5; });
    status_.emplace(service_, parts);
    serve_status(open(), *status_);
  }

  // On a connection of its own: each run of the loop closes all.
  HttpResponse ask(std::string_view target) {
    connect();
    peer_.send(get(target));
    EXPECT_TRUE(wait_for(1));
    return peer_.answers().at(0);
  }

  static std::string type_of(const HttpResponse& answer) {
    for (const auto& [name, value] : answer.fields) {
      if (name == "Content-Type") return value;
    }
    return "none";
  }

  Dispatcher service_{reactor_};
  std::optional<Status> status_;
};
RP_ON_BOTH_POLLERS(StatusOverHttp);

TEST_P(StatusOverHttp, SaysThatItIsWell) {
  open_status();
  const HttpResponse answer = ask("/healthz");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "ok\n");
}

TEST_P(StatusOverHttp, SaysThatItTakesItsLeave) {
  open_status();
  connect();
  peer_.send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Length: 1\r\n\r\n");
  reactor_.run_after(1s, [this] { reactor_.drain(10s); });
  reactor_.run_after(2s, [&] { peer_.send("x"); });
  reactor_.run();
  ASSERT_EQ(peer_.answers().size(), 1U);
  EXPECT_EQ(peer_.answers()[0].status, 503);
  EXPECT_EQ(peer_.answers()[0].body, "draining\n");
}

TEST_P(StatusOverHttp, ServesMetricsThatAScraperCanRead) {
  open_status();
  const HttpResponse answer = ask("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(type_of(answer), "text/plain; version=0.0.4; charset=utf-8");
  const auto families = parse_metrics(answer.body);
  EXPECT_EQ(metric(families, "rp_draining"), 0);
  EXPECT_EQ(metric(families, "rp_connections", {{"wire", "http"}}), 1);
  EXPECT_EQ(metric(families, "rp_connections_refused_total", {{"why", "full"}}),
            0);
  EXPECT_GT(metric(families, "rp_loop_ticks_total"), 0);
}

TEST_P(StatusOverHttp, CountsWhatItRefusesByWhy) {
  open_status();
  connect();
  peer_.send(
      "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
  ASSERT_TRUE(wait_for(2));
  connect();
  peer_.send("GET / HTTP/1.1\r\nHost: [::1]\r\nOrigin: http://b\r\n\r\n");
  ASSERT_TRUE(wait_for(1));
  connect();
  peer_.send("GET\r\n\r\n");
  ASSERT_TRUE(wait_for(1));
  const auto families = parse_metrics(ask("/metrics").body);
  const auto refused = [&families](const char* why) {
    return metric(families, "rp_http_refused_total", {{"why", why}});
  };
  EXPECT_EQ(refused("foreign_host"), 2);
  EXPECT_EQ(refused("foreign_origin"), 1);
  EXPECT_EQ(refused("malformed"), 1);
  EXPECT_EQ(refused("too_slow"), 0);
  EXPECT_EQ(metric(families, "rp_http_failed_total"), 0);
  EXPECT_EQ(metric(families, "rp_http_requests_total"), 4);
}

TEST_P(StatusOverHttp, CountsWhoIsTooSlow) {
  open_status();
  connect();
  peer_.send("GET /");
  steps_.pass(15s).until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  const auto families = parse_metrics(status_->metrics());
  EXPECT_EQ(metric(families, "rp_http_refused_total", {{"why", "too_slow"}}),
            1);
}

TEST_P(StatusOverHttp, TellsWhatWaitsUntilPeersRead) {
  open_status();
  connect();
  steps_.then([&] {
    auto* http = static_cast<HttpConnection*>(reactor_.find(connection_));
    http->send(std::string(2'000'000, 'x'));
    const auto families = parse_metrics(status_->metrics());
    EXPECT_GT(http->unsent(), 0u);
    EXPECT_EQ(metric(families, "rp_connections_unsent_bytes"),
              static_cast<double>(http->unsent()));
  });
  ASSERT_TRUE(steps_.run());
}

TEST_P(StatusOverHttp, CountsTheLostLinesOfAllLogs) {
  LineLog trace(LineLog::open("/dev/full"), {});
  LineLog access(LineLog::open("/dev/full"), {});
  open_status({.logs = {&trace, &access}});
  trace.write("one\n");
  access.write("two\nthree\n");
  const auto lost = [&] { return trace.lost() + access.lost() == 3; };
  ASSERT_TRUE(run_until(reactor_, lost));
  const auto families = parse_metrics(status_->metrics());
  EXPECT_EQ(metric(families, "rp_log_lost_total"), 3);
}

TEST_P(StatusOverHttp, TellsThatItDrains) {
  open_status();
  connect();
  double draining = 0;
  steps_.then([&] {
    reactor_.drain(10s);
    draining = metric(parse_metrics(status_->metrics()), "rp_draining");
  });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(draining, 1);
}

TEST_P(StatusOverHttp, TellsWhomItTurnsAwayForWantOfRoom) {
  open_status();
  HttpServer::Options options;
  options.acceptor.connections = 1;
  HttpServer full(reactor_, Address::parse("127.0.0.1:0"), options);
  const UniqueFd first = connect_blocking(full.address());
  const UniqueFd second = connect_blocking(full.address());
  const auto refused = [this](const char* why) {
    return metric(parse_metrics(status_->metrics()),
                  "rp_connections_refused_total", {{"why", why}});
  };
  steps_.until([&] { return refused("full") == 1; }).then([&] {
    EXPECT_EQ(refused("no_descriptor"), 0);
    Arena arena;
    EXPECT_EQ(to_json(*status_->report(arena).find("turned_away")),
              R"({"full":1,"no_descriptor":0})");
  });
  ASSERT_TRUE(steps_.run());
}

TEST_P(StatusOverHttp, CountsConnectionsThatHaveEndedByWhy) {
  open_status();
  connect();
  peer_.send("GET\r\n\r\n");
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  steps_.until(has_closed());
  ASSERT_TRUE(steps_.run());
  const auto families = parse_metrics(ask("/metrics").body);
  const auto closed = [&families](const char* why) {
    return metric(families, "rp_handles_closed_total", {{"why", why}});
  };
  EXPECT_EQ(closed("protocol"), 1);
  EXPECT_EQ(closed("idle"), 0);
  Arena arena;
  const Value by_why = *status_->report(arena).find("closed");
  EXPECT_EQ(to_json(*by_why.find("protocol")), "1");
  EXPECT_EQ(to_json(*by_why.find("idle")), "0");
}

TEST_P(StatusOverHttp, CountsWhatMethodsDidInTheirMetrics) {
  open_status();
  Dispatcher own(reactor_);
  LocalClient client(service_, own);
  bool answered = false;
  client.ask("add", {}, [&](const CallResult&) { answered = true; });
  ASSERT_TRUE(run_until(reactor_, [&] { return answered; }));
  const auto families = parse_metrics(ask("/metrics").body);
  EXPECT_EQ(metric(families, "rp_method_seconds_count", {{"method", "add"}}),
            1);
  EXPECT_EQ(metric(families, "rp_method_errors_total", {{"method", "add"}}), 0);
}

TEST_P(StatusOverHttp, HasEachCodeOfErrorsBeforeTheFirst) {
  open_status();
  const auto families = parse_metrics(ask("/metrics").body);
  for (const char* code : {"-32700", "-32600", "-32601", "-32602", "-32603",
                           "-32000", "-32001", "-32002", "-32003", "-32004"}) {
    EXPECT_EQ(metric(families, "rp_errors_total", {{"code", code}}), 0);
  }
}

TEST_P(StatusOverHttp, TellsOfTheProcessByConventionalNames) {
  open_status();
  const auto families = parse_metrics(ask("/metrics").body);
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const double resident = metric(families, "process_resident_memory_bytes");
  EXPECT_GT(resident, 1e5);
  EXPECT_LT(resident, 2048.0 * static_cast<double>(usage.ru_maxrss));
  EXPECT_NEAR(metric(families, "process_start_time_seconds"),
              static_cast<double>(std::time(nullptr)), 3600);
}

TEST_P(StatusOverHttp, HasThePoolsFatesInItsMetrics) {
  ThreadPool threads(reactor_, {.workers = 2});
  open_status({.threads = &threads});
  threads.submit({.work = [](std::stop_token) {}, .settled = [](Settled) {}});
  ASSERT_TRUE(run_until(
      reactor_, [&threads] { return threads.stats().settled[0] == 1; }));
  const auto families = parse_metrics(ask("/metrics").body);
  EXPECT_EQ(metric(families, "rp_pool_jobs_total", {{"fate", "finished"}}), 1);
  EXPECT_EQ(metric(families, "rp_pool_workers"), 2);
}

}  // namespace
}  // namespace rp
