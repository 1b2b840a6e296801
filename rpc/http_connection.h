#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "reactor/connection.h"
#include "reactor/reactor.h"
#include "rpc/http_reply.h"
#include "rpc/http_routes.h"
#include "rpc/http_site.h"
#include "rpc/http_stream.h"
#include "rpc/http_upgrade.h"
#include "rpc/wire/http.h"
#include "rpc/wire/http_request_parser.h"

namespace rp {

/// One client of a site, over HTTP/1.1.
///
///     reactor.add(std::make_unique<HttpConnection>(std::move(fd), peer, site),
///                 Interest::reading());
///
/// One request at a time: what a client sends behind it waits, unread but for
/// what had come, until it is answered (RFC 9112, 9.3.2). A request that is
/// refused before its body has come is answered at once, and the connection
/// closes; so it does after whatever was no HTTP, was too slow, or said
/// `Connection: close`.
///
/// A client that only ends its own direction still gets what it is owed. When
/// it goes away altogether, its taker is destroyed, and a reply or body finds
/// nobody.
///
/// Thread rule: the loop's thread. The site must outlive run().
class HttpConnection : public Connection, private HttpAnswerer {
 public:
  HttpConnection(UniqueFd fd, const Address& peer, HttpSite& site);

  /// It speaks another protocol by now.
  bool has_upgraded() const { return takeover_ != nullptr; }

  void on_drain() override;

 protected:
  void on_data(std::string_view bytes) override;
  void on_end() override;
  void on_unchoked() override;
  bool is_idle() const override;
  void on_disconnect(CloseReason reason) override;

 private:
  /// What the taker of a body holds of its connection.
  class Intake : public HttpIntake {
   public:
    explicit Intake(HttpConnection& connection) : connection_(connection) {}
    void pause() override { connection_.hold_body(true); }
    void resume() override { connection_.hold_body(false); }
    void refuse(HttpResponse response) override;

   private:
    HttpConnection& connection_;
  };

  /// How the end of an answer's body is told.
  enum class Framing : std::uint8_t { none, length, chunks, close };

  /// A request and its answer. Numbers are never used again.
  struct Exchange {
    std::uint64_t number = 0;
    bool open = false;      // not answered to its end
    bool is_whole = false;  // all of the request has come
    bool to_head = false;
    bool goes_on = false;  // another may follow on this connection
    int minor = 1;
    int status = 0;
    Framing framing = Framing::none;  // of the body that is being sent
    std::uint64_t left = 0;           // of its length
    std::uint64_t sent = 0;
    TimePoint begun{};
    std::string method = {};  // these three for who is told
    std::string path = {};
    std::string error = {};
  };

  // Requests.
  void take_events();
  bool can_take();
  bool take_one();
  void wait_for_more();
  void begin_exchange();
  void open_exchange();
  HttpRoutes::Found plan();
  void start_taker(HttpStreamRoute& route);
  void take_body(std::string_view bytes);
  void end_request();
  void serve_request();
  void run_handler(Task task);
  void run_upgrade(HttpUpgradeRoute& route, const HttpRequest& request);
  void take_over(HttpUpgrade upgrade);
  void refuse(HttpResponse response, CloseReason reason);
  void hold_body(bool held);
  bool body_is_owed() const;
  bool is_answering() const { return exchange_.open && exchange_.is_whole; }

  // Their time.
  void time_the_request();
  void request_is_late();
  bool comes_fast_enough() const;
  void stop_timing();

  // Answers.
  void answer(std::uint64_t exchange, HttpResponse response) override;
  void forget(std::uint64_t exchange) override;
  void begin_body(std::uint64_t exchange, const HttpResponse& head,
                  std::optional<std::uint64_t> length) override;
  void write_body(std::uint64_t exchange, std::string_view bytes) override;
  void end_body(std::uint64_t exchange, bool whole) override;
  bool is_full() const override { return choked(); }
  void when_ready(Task task) override;
  bool awaits(std::uint64_t exchange) const override;
  void send_head(const HttpResponse& head, std::optional<std::uint64_t> length);
  void send_rest();
  void end_exchange(bool cut);
  void tell(bool cut);
  void end(CloseReason reason);
  void bury_taker();

  HttpSite& site_;
  HttpRequestParser parser_;
  std::shared_ptr<HttpLink> link_;
  Exchange exchange_;
  HttpRoutes::Found plan_;  // what becomes of the request
  std::string body_;        // of the request, as far as it has come
  Intake intake_{*this};
  std::unique_ptr<HttpTaker> taker_;
  std::unique_ptr<Takeover> takeover_;
  std::string rest_;  // of an answer that is sent as the client reads
  std::size_t rest_sent_ = 0;
  Task ready_;  // who has more to send
  TimerId timer_;
  std::uint64_t came_ = 0;  // in the taker's window
  CloseReason reason_ = CloseReason::local;
  bool taking_ = false;
  bool handling_ = false;
  bool forgotten_ = false;  // by the handler that is running
  bool closing_ = false;
  TimePoint released_{};   // when the taker resumed last
  bool held_ = false;      // by the taker
  bool was_held_ = false;  // in its window
  bool owes_continue_ = false;
};

}  // namespace rp
