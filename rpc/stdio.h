#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/unique_fd.h"
#include "rpc/dispatcher.h"
#include "rpc/line_wire.h"

namespace rp {

/// Serves JSON-RPC, one text a line, on standard input and output: what makes
/// a program the worker of another, or a server that its client starts. For an
/// editor each text stands behind its Content-Length
/// (rpc/wire/content_length.h) instead.
///
///     Dispatcher service{reactor};
///     Stdio::start(service, [&](CloseReason) { reactor.stop(); });
///     reactor.run();
///
/// Pipes, sockets and terminals will do, also one socket for both directions;
/// regular files and /dev/null where the poller watches them (select does,
/// epoll does not). Nothing else of the program may read or write them.
///
/// What it does with lines is said in rpc/line_wire.h; it holds to the limits
/// of all wires, but is never idle: a parent, or a person, may think. It ends
/// when the input has ended and all is answered; when the output fails (its
/// reader has gone); when the reactor drains and nothing is in flight.
///
/// Their modes are shared with other programs (the shell, say), so they stay
/// as they are, blocking as a rule: it reads and writes only what the poller
/// promises, at most PIPE_BUF bytes of output a tick. (For a terminal that was
/// stopped, by Ctrl-S, it promises too much: the loop waits with it.) Ignore
/// SIGPIPE.
///
/// Thread rule: the loop's thread. Ownership: the reactor owns it; the
/// dispatcher must outlive run().
class Stdio : public EventHandler, public LineWire {
 public:
  /// Called once, at its end, when all is written that could be.
  using Ended = Function<void(CloseReason)>;

  enum class Framing { lines, content_length };

  struct Options {
    LineLimits limits = {};
    Framing framing = Framing::lines;
    /// Whether handlers may ask the other side; a process worker's may not.
    bool can_be_asked = true;
  };

  /// Serves the standard descriptors, by duplicates of its own. Throws
  /// std::system_error when the poller cannot watch them.
  static HandleId start(Dispatcher& service, Ended ended, Options options);
  static HandleId start(Dispatcher& service, Ended ended) {
    return start(service, std::move(ended), Options());
  }

  /// The same for any two descriptors.
  static HandleId start(Dispatcher& service, UniqueFd input, UniqueFd output,
                        Ended ended, Options options);

  ~Stdio() override;

  int fd() const override { return input_.get(); }
  void on_added() override { begin(reactor()); }
  void on_readable() override;
  void on_drain() override { session().drain(); }
  void on_closed(CloseReason reason) override;

 private:
  class Output;

  Stdio(Dispatcher& service, UniqueFd input, HandleId output, Ended ended,
        const Options& options);

  void put(std::string_view bytes) override;
  void read_on(bool wanted) override;
  bool is_open() const override;
  bool is_choked() const override { return choked_; }
  bool has_ended() const override { return ended_; }
  void end_after_sending(CloseReason reason) override;
  void end_now(CloseReason reason) override;

  void written(std::size_t unsent);
  void update_interest();
  Output* output() const;

  UniqueFd input_;
  HandleId output_;
  Ended tell_end_;
  ConnectionLimits limits_;
  std::optional<CloseReason> ending_;  // when all is written
  bool reading_ = true;
  bool choked_ = false;
  bool ended_ = false;
};

}  // namespace rp
