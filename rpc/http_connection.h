#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "reactor/connection.h"
#include "reactor/reactor.h"
#include "rpc/http_answer.h"
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
/// `Connection: close`. Of many that came at once only some are served in one
/// tick, so that others have their turn.
///
/// A request that takes longer than its time is answered 408 and ends the
/// connection with CloseReason::too_slow; one that breaks the protocol or a
/// limit of it is answered as its parser says, with CloseReason::protocol.
///
/// A client that only ends its own direction still gets what it is owed, and
/// 400 for a request that it has cut off. When it goes away altogether, its
/// taker is destroyed, and a reply or body finds nobody.
///
/// Thread rule: the loop's thread. The site must outlive run().
class HttpConnection : public Connection, private HttpAnswerer {
 public:
  /// Serves what the site has, within the limits of its options.
  HttpConnection(UniqueFd fd, const Address& peer, HttpSite& site);

  /// It speaks another protocol by now.
  bool has_upgraded() const { return takeover_ != nullptr; }

  /// Closes when the present request is answered, whose body may still come.
  /// Without one it closes at once; half a head is answered 503.
  void on_drain() override;

 protected:
  void on_data(std::string_view bytes) override;
  void on_end() override;
  void on_unchoked() override;
  /// Neither waiting for an answer nor held back by a taker; who does not read
  /// is idle, too.
  bool is_idle() const override;
  void on_disconnect(CloseReason reason) override;

 private:
  /// What the taker of a body holds of its connection, until they part: the
  /// taker may outlive its exchange, and the connection.
  class Intake : public HttpIntake {
   public:
    explicit Intake(HttpConnection& connection) : connection_(&connection) {}
    void pause() override { hold(true); }
    void resume() override { hold(false); }
    void refuse(HttpResponse response) override;
    void part() { connection_ = nullptr; }

   private:
    void hold(bool held);

    HttpConnection* connection_;
  };

  /// A request and its answer. Numbers are never used again.
  struct Exchange {
    std::uint64_t number = 0;
    /// Not answered to its end.
    bool open = false;
    /// All of the request has come.
    bool is_whole = false;
    HttpAnswer answer = {};
    TimePoint begun{};
    // For who is told of it.
    std::string method = {};
    std::string path = {};
    std::string error = {};
  };

  // Requests. Events are taken from the parser while there is nobody to wait
  // for: whoever is waited for calls take_events() when he is done. After some
  // it is the others' turn, and the rest waits for the next tick.
  void take_events();
  void yield();
  bool can_take();
  bool take_one();
  void wait_for_more();
  void end_of_requests();

  // At its head it is decided who serves a request, at its end he does; a
  // taker does so in between, too.
  void begin_exchange();
  void open_exchange(const HttpRequest& request);
  HttpRoutes::Found plan();
  void start_taker(HttpStreamRoute& route);
  void take_body(std::string_view bytes);
  void hold_body(bool held);
  bool body_is_owed() const;
  void end_request();
  bool is_answering() const { return exchange_.open && exchange_.is_whole; }

  // What is not ours runs in run_handler(), which answers for its exceptions.
  void run_handler(Task task);
  void serve_request();
  void run_upgrade(HttpUpgradeRoute& route, const HttpRequest& request);
  void hand_over();

  // What cannot wait for the request's end: no body is read that nobody wants.
  // Answers before all has come, and closes for this reason.
  void refuse(HttpResponse response, CloseReason reason);

  // Their time: all of it for a whole request, a rate for a stream. It runs
  // from the first byte to the last, and rests while it is we who wait.
  void time_the_request();
  Duration time_left() const;
  void spend_window();
  void request_is_late();
  bool comes_fast_enough() const;
  void stop_timing();

  // Answers, as replies and bodies give them.
  void answer(std::uint64_t exchange, HttpResponse response) override;
  void forget(std::uint64_t exchange) override;
  void begin_body(std::uint64_t exchange, const HttpResponse& head,
                  std::optional<std::uint64_t> length) override;
  void write_body(std::uint64_t exchange, std::string_view bytes) override;
  void end_body(std::uint64_t exchange) override;
  bool is_full() const override { return choked(); }
  void when_ready(Task task) override;
  bool awaits(std::uint64_t exchange) const override;
  void send_head(const HttpResponse& head, std::optional<std::uint64_t> length,
                 bool may_go_on);
  bool may_go_on() const;
  void send_rest();

  // Whatever ends an answer comes to end_exchange(), which takes up the next
  // request or ends the connection.
  void end_exchange(bool cut);
  void end(CloseReason reason);
  void tell(bool cut);
  void bury_taker();

  // The conversation as a whole. Replies find it by the link, which outlives
  // the connection.
  HttpSite& site_;
  HttpRequestParser parser_;
  std::shared_ptr<HttpLink> link_;
  Exchange exchange_;
  TimerId timer_;
  TimePoint timed_since_{};
  TimerId turn_;

  // Who serves the present request, and its body as far as it has come.
  HttpRoutes::Found plan_;
  std::string body_;
  bool owes_continue_ = false;

  // A handler may lead back to take_events(), and may drop its reply.
  bool taking_ = false;
  bool handling_ = false;
  bool forgotten_ = false;

  // A stream: what came in the present window, and what is left of that;
  // whether its taker pauses, and when he resumed last.
  std::unique_ptr<Intake> intake_;
  std::unique_ptr<HttpTaker> taker_;
  std::uint64_t came_ = 0;
  Duration window_left_{};
  bool held_ = false;
  TimePoint released_{};

  // An answer that is sent as the client reads it: ours, or somebody's.
  std::string rest_;
  std::size_t rest_sent_ = 0;
  Task ready_;

  // What comes after HTTP, or after everything.
  std::unique_ptr<Takeover> takeover_;
  bool closing_ = false;
  CloseReason reason_ = CloseReason::local;
};

}  // namespace rp
