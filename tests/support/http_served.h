#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rpc/http_connection.h"
#include "rpc/http_site.h"
#include "tests/support/http_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"
#include "tests/support/stream_pair.h"

namespace rp {

/// An HTTP connection that tells how it ended, and when.
class WatchedHttp : public HttpConnection {
 public:
  struct End {
    CloseReason reason;
    TimePoint time;
  };

  WatchedHttp(UniqueFd fd, HttpSite& site, std::optional<End>& end)
      : HttpConnection(std::move(fd), Address(), site), end_(end) {}

 private:
  void on_disconnect(CloseReason reason) override {
    end_ = End{reason, reactor().now()};
    HttpConnection::on_disconnect(reason);
  }

  std::optional<End>& end_;
};

/// A test with one connection of a site, on a loop of the test's time, and its
/// client. "/hello" is answered at once, "/later" when the test says so, and
/// what is posted to "/echo" comes back.
///
///     TEST_P(HttpThings, ...) {
///       serve();
///       peer_.send(get("/hello"));
///       ASSERT_TRUE(wait_for(1));
class HttpTest : public OnBothPollers {
 protected:
  /// Makes the site; more routes can be added before connect().
  HttpSite& open(HttpOptions options = {}) {
    site_ = std::make_unique<HttpSite>(reactor_, std::uint16_t{0},
                                       std::move(options));
    site_->get("/hello", [](const HttpRequest&) {
      return plain_text(200, "Hello, World!\n");
    });
    site_->get("/later", [this](HttpRequest, HttpReply reply) {
      kept_.push_back(std::move(reply));
    });
    site_->post("/echo", [](const HttpRequest& request) {
      return plain_text(200, request.body);
    });
    return *site_;
  }

  /// Begins to serve one end of a stream; `peer_` has the other.
  void connect(StreamPair stream = {}) {
    connection_ = reactor_.add(
        std::make_unique<WatchedHttp>(std::move(stream.ours), *site_, end_),
        Interest::reading());
    peer_ = HttpPeer(std::move(stream.theirs));
  }

  void serve(HttpOptions options = {}) {
    open(std::move(options));
    connect();
  }

  bool wait_for(std::size_t answers) {
    return run_until(reactor_, peer_.has(answers));
  }

  Function<bool()> kept(std::size_t replies) {
    return [this, replies] { return kept_.size() >= replies; };
  }

  Function<bool()> has_closed() {
    return [this] { return end_.has_value(); };
  }

  static Function<bool()> turns(int count) {
    return [count, turned = 0]() mutable { return ++turned == count; };
  }

  std::vector<int> statuses() {
    std::vector<int> all;
    for (const HttpResponse& answer : peer_.answers()) {
      all.push_back(answer.status);
    }
    return all;
  }

  Steps steps_{reactor_};
  std::unique_ptr<HttpSite> site_;
  std::vector<HttpReply> kept_;
  HttpPeer peer_;
  HandleId connection_;
  std::optional<WatchedHttp::End> end_;
};

}  // namespace rp
