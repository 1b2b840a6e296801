#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reactor/signals.h"
#include "rpc/dispatcher.h"
#include "rpc/place.h"
#include "rpc/stdio.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/stdio_peer.h"
#include "tests/support/steps.h"

namespace rp {

/// A program, in the test's time, that serves on descriptors which stand for
/// its standard ones: "echo" at once, "later" when the test says so; "ask"
/// asks its caller. `peer_` is whoever started it.
///
///     serve(stdio_pipes());
///     peer_.send_message(request("echo", "[1]"));
///     ASSERT_TRUE(run_until(reactor_, peer_.has(1)));
class StdioProgram {
 protected:
  explicit StdioProgram(const std::string& poller)
      : reactor_(std::make_unique<FakeTimePoller>(make_poller(poller), clock_),
                 clock_) {
    Signals::ignore_broken_pipes();
    service_.method("echo", on_loop,
                    [](const Params& params) { return params.value(); });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("ask", on_loop, [](Call call, Reply reply) {
      call.caller().ask(
          "name", {},
          [reply = std::move(reply)](const CallResult& name) mutable {
            name.ok() ? reply.result(name.value) : reply.error(*name.error);
          });
    });
  }

  void serve(StdioEnds ends, Stdio::Options options = {}) {
    peer_ = std::move(ends.peer);
    peer_.speak(framer_of(options.framing));
    Stdio::start(
        service_, std::move(ends.input), std::move(ends.output),
        [this](CloseReason reason) { ends_.push_back(reason); }, options);
  }

  Function<bool()> kept(std::size_t replies) {
    return [this, replies] { return kept_.size() >= replies; };
  }
  Function<bool()> told_of_its_end() {
    return [this] { return !ends_.empty(); };
  }
  Function<bool()> turns(int count) {
    return [count]() mutable { return --count == 0; };
  }

  FakeClock clock_;
  Reactor reactor_;
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  std::vector<Reply> kept_;
  std::vector<CloseReason> ends_;
  StdioPeer peer_;
};

}  // namespace rp
