#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/function.h"
#include "reactor/unique_fd.h"
#include "rpc/stdio.h"
#include "rpc/wire/framing.h"

namespace rp {

/// Whoever started a program: it holds the other ends of the program's
/// standard input and output.
///
///     StdioEnds ends = stdio_pipes();
///     Stdio::start(service, std::move(ends.input), std::move(ends.output),
///                  [](CloseReason) {}, {});
///     ends.peer.send_message(request("add", "[2,3]"));
///     ASSERT_TRUE(run_until(reactor, ends.peer.has(1)));
///
/// Messages are lines unless it is told to speak() otherwise. Nothing here
/// waits: send() throws when there is no room.
class StdioPeer {
 public:
  StdioPeer() = default;
  StdioPeer(UniqueFd to, UniqueFd from);

  void speak(std::unique_ptr<Framer> framer) { framer_ = std::move(framer); }

  /// Sends bytes as they are, and one message in its frame.
  void send(std::string_view bytes);
  void send_message(std::string_view message);
  void end_input();
  void stop_reading() { from_.reset(); }

  /// Holds when so many messages have come, or when the output has ended.
  Function<bool()> has(std::size_t messages);
  Function<bool()> has_ended();

  /// All messages so far.
  const std::vector<std::string>& messages();
  bool ended();

 private:
  void read_what_came();
  void take(std::string_view bytes);

  UniqueFd to_;
  UniqueFd from_;
  std::unique_ptr<Framer> framer_;
  std::vector<std::string> messages_;
  bool ended_ = false;
};

/// What the other side of such a program frames its messages with.
std::unique_ptr<Framer> framer_of(Stdio::Framing framing);

/// Both sides; the program's descriptors block, as they do in a shell.
struct StdioEnds {
  UniqueFd input = {};
  UniqueFd output = {};
  StdioPeer peer = {};
};

/// Two pipes, with room for 1 MiB each.
StdioEnds stdio_pipes();

/// One socket for both directions.
StdioEnds stdio_socket();

}  // namespace rp
