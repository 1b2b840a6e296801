#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reactor/function.h"
#include "reactor/unique_fd.h"

namespace rp {

/// Whoever started a program: it holds the other ends of the program's
/// standard input and output.
///
///     StdioEnds ends = stdio_pipes();
///     Stdio::start(service, std::move(ends.input), std::move(ends.output),
///                  [](CloseReason) {}, {});
///     ends.peer.send_line(request("add", "[2,3]"));
///     ASSERT_TRUE(run_until(reactor, ends.peer.has(1)));
///
/// Nothing here waits: send() throws when there is no room.
class StdioPeer {
 public:
  StdioPeer() = default;
  StdioPeer(UniqueFd to, UniqueFd from);

  void send(std::string_view bytes);
  void send_line(std::string_view line) { send(std::string(line) + "\n"); }
  void end_input();
  void stop_reading() { from_.reset(); }

  /// Holds when so many lines have come, or when the output has ended.
  Function<bool()> has(std::size_t lines);
  Function<bool()> has_ended();

  /// All lines so far, without their ends.
  const std::vector<std::string>& lines();
  bool ended();

 private:
  void read_what_came();

  UniqueFd to_;
  UniqueFd from_;
  std::string begun_;
  std::vector<std::string> lines_;
  bool ended_ = false;
};

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
