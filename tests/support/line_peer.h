#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reactor/function.h"
#include "reactor/unique_fd.h"

namespace rp {

/// The other end of a connection that speaks lines: a raw socket in the hands
/// of the test.
///
///     LinePeer peer(connect_blocking(server.address()));
///     peer.send(request("add", "[2,3]") + "\n");
///     ASSERT_TRUE(run_until(reactor, peer.has(1)));
///     EXPECT_EQ(peer.lines()[0], result("5"));
///
/// Nothing here waits: send() throws when there is no room. Sent to a server
/// that has closed, bytes are lost.
class LinePeer {
 public:
  LinePeer() = default;
  explicit LinePeer(UniqueFd fd);

  /// Sends bytes as they are.
  void send(std::string_view bytes);
  void send_line(std::string_view line) { send(std::string(line) + "\n"); }

  /// Sends spaces until the kernel takes no more; returns how many it took.
  std::size_t fill();

  /// Ends this direction; the other goes on.
  void end_input();
  void close() { fd_.reset(); }

  /// Holds when so many lines have come, or when the stream has ended.
  Function<bool()> has(std::size_t lines);
  Function<bool()> has_ended();

  /// All lines so far, without their ends.
  const std::vector<std::string>& lines();
  bool ended();

  int fd() const { return fd_.get(); }

 private:
  void read_what_came();

  UniqueFd fd_;
  std::string begun_;
  std::vector<std::string> lines_;
  bool ended_ = false;
};

}  // namespace rp
