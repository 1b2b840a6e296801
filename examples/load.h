#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "examples/server_url.h"
#include "reactor/histogram.h"
#include "rpc/wire/arena.h"

namespace rp {

/// What is called how often, over how many connections.
struct LoadPlan {
  ServerUrl server;
  std::string method;
  std::string params;  ///< JSON text; empty: none
  std::uint64_t count = 1;
  std::size_t connections = 1;
  std::size_t in_flight = 1;  ///< calls waiting for an answer, a connection
  Duration timeout = std::chrono::seconds(30);
};

/// Many calls of one method, as fast as the answers come. run() stops the
/// reactor when every call has its answer or its error.
///
///     Load load{service, plan};
///     reactor.run([&] { load.start(); });
///     std::cout << load.report();
///
/// Thread rule: the loop's thread. Reactor and dispatcher must outlive it.
class Load {
 public:
  Load(Dispatcher& service, LoadPlan plan);

  /// Connects and begins to call; stops the reactor at the end.
  void start();

  /// Called with the number of answers so far, about twice a second.
  void on_progress(Function<void(std::uint64_t done)> report);

  /// Answers, errors by their text, and if there are results, how many a second
  /// and their latencies.
  std::string report() const;

  bool all_ok() const { return errors_.empty(); }

 private:
  void call(Asker& client);
  void take(Asker& client, TimePoint begin, const CallResult& result);

  Dispatcher& service_;
  Reactor& reactor_;
  LoadPlan plan_;
  Arena arena_;
  Value params_;
  std::vector<std::unique_ptr<Asker>> clients_;
  std::uint64_t begun_ = 0;
  std::uint64_t ended_ = 0;
  std::map<std::string, std::uint64_t> errors_;
  Histogram latencies_;
  TimePoint start_{};
  TimePoint end_{};
  Function<void(std::uint64_t)> progress_;
};

}  // namespace rp
