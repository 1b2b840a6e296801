#pragma once

#include <csignal>
#include <initializer_list>
#include <vector>

#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "reactor/unique_fd.h"

namespace rp {

/// Signals as events: the handler of the operating system only writes a byte
/// into a pipe, the loop reads it and calls you, in a tick, where everything
/// is allowed.
///
///     Signals::start(reactor, {SIGTERM, SIGINT},
///                    [&](int) { reactor.drain(10s); });
///
/// The old ways of handling are restored when the reactor is destroyed. A
/// signal that comes many times before the loop looks may be told fewer
/// times, as the operating system itself does.
///
/// Thread rule: the loop's thread; the signal may hit any thread. Each signal
/// can be watched once in a process: a second time throws std::logic_error.
class Signals : public EventHandler {
 public:
  using Callback = Function<void(int signal)>;

  /// Hangs it on the reactor as a background handle. Throws
  /// std::system_error for a signal that cannot be caught.
  static HandleId start(Reactor& reactor, std::initializer_list<int> signals,
                        Callback callback);

  /// Ignores SIGPIPE in this process: a peer that went away is an error of
  /// the write, and no reason to die.
  static void ignore_broken_pipes();

  /// Ignores SIGXFSZ in this process: a file that may not grow (`ulimit -f`)
  /// is an error of the write, EFBIG.
  static void ignore_file_limits();

  Signals(std::initializer_list<int> signals, Callback callback);
  ~Signals() override;

  int fd() const override { return read_end_.get(); }
  void on_readable() override;

 private:
  struct Watched {
    int signal;
    struct sigaction before;
  };

  void watch(int signal);
  void unwatch_all();

  Callback callback_;
  UniqueFd read_end_;
  UniqueFd write_end_;
  std::vector<Watched> watched_;
};

}  // namespace rp
