#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "rpc/http_stream.h"
#include "tests/support/http_served.h"

namespace rp {
namespace {

using Statuses = std::vector<int>;

/// Refuses whatever comes once it is too late.
class LateTaker : public HttpTaker {
 public:
  explicit LateTaker(HttpIntake& intake) : intake_(intake) {}
  ~LateTaker() override {
    intake_.pause();
    intake_.refuse(plain_text(507));
  }

  void on_body(std::string_view) override {}
  void on_end(HttpReply reply) override { reply.send(plain_text(201)); }

 private:
  HttpIntake& intake_;
};

/// A route "/bad" that refuses with what cannot be written.
class HttpStreamRefusalTest : public HttpTest {
 protected:
  void serve_refusal(HttpResponse refusal) {
    open().stream("POST", "/bad",
                  [refusal](const HttpRequest&, HttpIntake&) -> HttpStart {
                    return refusal;
                  });
    connect();
  }
};
RP_ON_BOTH_POLLERS(HttpStreamRefusalTest);

TEST_P(HttpStreamRefusalTest, OneThatCannotBeWrittenIsAnswered500) {
  serve_refusal({400, {{"X", "a\nb"}}, ""});
  peer_.send(post("/bad", "") + get("/hello") + post("/bad", "body"));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), (Statuses{500, 200, 500}));
}

TEST_P(HttpStreamRefusalTest, SoIsOneThatADroppedReplyHasHeldBack) {
  serve_refusal({101, {}, ""});
  peer_.send(get("/later") + post("/bad", "") + get("/hello"));
  steps_.until(kept(1)).then([&] { kept_.clear(); }).until(peer_.has(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{500, 500, 200}));
}

TEST_P(HttpStreamRefusalTest, NoTakerAtAllIsAnswered500) {
  open().stream("POST", "/none", [](const HttpRequest&, HttpIntake&) {
    return HttpStart(std::unique_ptr<HttpTaker>());
  });
  connect();
  peer_.send(post_head("/none", 1000) + "abc");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), Statuses{500});
  EXPECT_EQ(site_->stats().failed, 1u);
}

TEST_P(HttpStreamRefusalTest, OneForItsLengthIsCounted) {
  open().stream("POST", "/up",
                [](const HttpRequest&, HttpIntake& intake) {
                  return HttpStart(std::make_unique<LateTaker>(intake));
                },
                {.body = 10});
  connect();
  peer_.send(post("/up", "0123456789") + post_head("/up", 11));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), (Statuses{201, 413}));
  EXPECT_EQ(site_->stats().malformed, 1u);
}

TEST_P(HttpStreamRefusalTest, OneThatComesTooLateIsNotTheNextRequests) {
  open().stream("POST", "/up", [](const HttpRequest&, HttpIntake& intake) {
    return HttpStart(std::make_unique<LateTaker>(intake));
  });
  connect();
  peer_.send(post("/up", "first") + post_head("/up", 6));
  steps_.until(peer_.has(1))
      .then([&] { peer_.send("second" + get("/hello")); })
      .until(peer_.has(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{201, 201, 200}));
}

TEST_P(HttpStreamRefusalTest, OneOfATakerWhoseClientHasGoneIsNobodys) {
  open().stream("POST", "/up", [](const HttpRequest&, HttpIntake& intake) {
    return HttpStart(std::make_unique<LateTaker>(intake));
  });
  int told = 0;
  site_->on_answered([&](const HttpExchange&) { ++told; });
  connect();
  peer_.send(post_head("/up", 9) + "abc");
  steps_.until(turns(3)).then([&] { peer_.close(); }).until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace rp
