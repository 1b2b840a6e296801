#include <string>
#include <utility>
#include <vector>

#include "reactor/socket.h"
#include "rpc/http_rpc.h"
#include "rpc/http_server.h"
#include "rpc/place.h"
#include "rpc/tcp_server.h"
#include "rpc/wire/http_writer.h"
#include "tests/support/http_peer.h"
#include "tests/support/line_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

/// Several callers of one service, each with headers of its own. "who" tells
/// what X-Who said, "who_later" when the test says so.
class HttpHeadersTest : public OnBothPollers {
 protected:
  HttpHeadersTest() {
    service_.method("who", on_loop, who);
    service_.method("who_later", on_loop, [this](Call call, Reply reply) {
      call.keep();
      waiting_.push_back({std::move(call), std::move(reply)});
    });
    serve_json_rpc(server_, "/rpc", service_);
  }

  struct Waiting {
    Call call;
    Reply reply;
  };

  static Value who(Call& call) {
    for (const auto& [name, value] : call.headers()) {
      if (same_token(name, "X-Who")) return text(call.arena(), value);
    }
    return "nobody";
  }

  void answer(Waiting& waiting) { waiting.reply.result(who(waiting.call)); }

  void post(HttpPeer& peer, const std::string& json, HttpFields fields = {}) {
    fields.emplace_back("Host", server_.address().to_string());
    fields.emplace_back("Content-Type", "application/json");
    std::string bytes;
    write_request(bytes, {.method = "POST",
                          .target = "/rpc",
                          .fields = std::move(fields),
                          .body = json});
    peer.send(bytes);
  }

  static std::vector<std::string> bodies(HttpPeer& peer) {
    std::vector<std::string> all;
    for (const HttpResponse& each : peer.answers()) all.push_back(each.body);
    return all;
  }

  using Strings = std::vector<std::string>;

  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  HttpServer server_{reactor_, Address::parse("127.0.0.1:0")};
  TcpServer lines_{service_, Address::parse("127.0.0.1:0")};
  HttpPeer ann_{connect_blocking(server_.address())};
  HttpPeer bob_{connect_blocking(server_.address())};
  LinePeer carl_{connect_blocking(lines_.address())};
  std::vector<Waiting> waiting_;
};
RP_ON_BOTH_POLLERS(HttpHeadersTest);

TEST_P(HttpHeadersTest, EachConnectionHasItsOwn) {
  post(ann_, request("who"), {{"X-Who", "Ann"}});
  post(bob_, request("who"), {{"x-who", "Bob"}});
  carl_.send_line(request("who"));
  steps_.until(ann_.has(1)).until(bob_.has(1)).until(carl_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(bodies(ann_), Strings{result("\"Ann\"")});
  EXPECT_EQ(bodies(bob_), Strings{result("\"Bob\"")});
  EXPECT_EQ(carl_.lines(), Strings{result("\"nobody\"")});
}

TEST_P(HttpHeadersTest, ARequestDoesNotHaveThoseOfTheOneBefore) {
  post(ann_, request("who"), {{"X-Who", "Ann"}});
  post(ann_, request("who"));
  post(ann_, request("who"), {{"X-Who", "Eve"}});
  ASSERT_TRUE(run_until(reactor_, ann_.has(3)));
  EXPECT_EQ(bodies(ann_), (Strings{result("\"Ann\""), result("\"nobody\""),
                                   result("\"Eve\"")}));
}

TEST_P(HttpHeadersTest, CallsThatWaitKeepTheirOwn) {
  post(ann_, request("who_later"), {{"X-Who", "Ann"}});
  post(bob_, request("who_later"), {{"X-Who", "Bob"}});
  carl_.send_line(request("who_later"));
  steps_.until([&] { return waiting_.size() == 3; })
      .then([&] {
        for (Waiting& each : waiting_) answer(each);
      })
      .until(ann_.has(1))
      .until(bob_.has(1))
      .until(carl_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(bodies(ann_), Strings{result("\"Ann\"")});
  EXPECT_EQ(bodies(bob_), Strings{result("\"Bob\"")});
  EXPECT_EQ(carl_.lines(), Strings{result("\"nobody\"")});
}

TEST_P(HttpHeadersTest, TheMembersOfABatchShareThoseOfTheirRequest) {
  post(ann_, batch({request("who", {}, "1"), request("who", {}, "2")}),
       {{"X-Who", "Ann"}});
  ASSERT_TRUE(run_until(reactor_, ann_.has(1)));
  EXPECT_EQ(bodies(ann_),
            Strings{batch({result("\"Ann\"", "1"), result("\"Ann\"", "2")})});
}

}  // namespace
}  // namespace rp
