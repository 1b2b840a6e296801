#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/function.h"
#include "reactor/unique_fd.h"
#include "rpc/wire/http.h"
#include "rpc/wire/http_response_parser.h"

namespace rp {

/// A client that sends what the test says, and keeps what comes back.
///
///     HttpPeer peer{std::move(stream.theirs)};
///     peer.send(get("/hello"));
///     ASSERT_TRUE(run_until(reactor, peer.has(1)));
///     EXPECT_EQ(peer.answers()[0].status, 200);
///
/// Nothing here waits: send() throws when there is no room. Sent to a server
/// that has closed, bytes are lost.
class HttpPeer {
 public:
  HttpPeer() = default;
  explicit HttpPeer(UniqueFd fd);

  /// Sends bytes as they are.
  void send(std::string_view bytes);

  /// The next answer that is not yet announced is one to this method.
  void expect(std::string method) { expected_.push_back(std::move(method)); }

  /// Ends this direction; the other goes on.
  void end_input();
  void close() { fd_.reset(); }

  /// Holds when so many answers have come whole, interim ones among them, or
  /// when the stream has ended.
  Function<bool()> has(std::size_t answers);
  Function<bool()> has_ended();

  /// All whole answers so far, with their bodies.
  const std::vector<HttpResponse>& answers();

  /// What has come of the body of the answer that is not whole.
  const std::string& begun();

  /// Everything that came, as it came.
  const std::string& raw();
  bool ended();
  /// The stream has ended within an answer.
  bool was_cut();

  int fd() const { return fd_.get(); }

 private:
  void read_what_came();
  void take(const HttpEvent& event);

  UniqueFd fd_;
  std::unique_ptr<HttpResponseParser> parser_;
  std::deque<std::string> expected_;
  std::vector<HttpResponse> answers_;
  std::string body_;
  std::string raw_;
  bool ended_ = false;
  bool cut_ = false;
};

/// Requests in few words, to "localhost".
std::string get(std::string_view target, HttpFields fields = {});
std::string post(std::string_view target, std::string body,
                 HttpFields fields = {});
std::string http_request(std::string_view method, std::string_view target,
                         HttpFields fields = {}, std::string body = {});

/// The head of a POST whose body, of `length` bytes, is sent by itself.
std::string post_head(std::string_view target, std::uint64_t length,
                      HttpFields fields = {});

}  // namespace rp
