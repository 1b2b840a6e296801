#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "pool/process_workers.h"
#include "rpc/place.h"

namespace rp {

/// In a child process: for calls that may crash or never end.
///
///     ProcessWorkers workers{reactor, {.command = {"./service", "--worker"}}};
///     InProcess in_process{workers, 2s};
///     service.method("parse", in_process, parse, {.deadline = 500ms});
///
/// The handler is not called here. The call goes as a JSON-RPC request, a line,
/// to a child that has the same method on its loop (see rpc/stdio.h), or to any
/// program that answers so. Method, parameters, result and error travel
/// unchanged. Headers, the caller's address, the stop token, loop() and
/// caller() do not: who asks its caller from a process gets -32603.
///
/// A deadline counts from the moment the call came, waiting included. When it
/// passes, the caller gets -32001 and the child is killed and replaced. -32002:
/// the queue is full; -32003: the child died, by this signal or with that
/// status; -32004: the workers end; -32603: what it said is not the answer, and
/// it is killed and replaced, too; -32600: the request is too long. (Written
/// anew it may be longer than it came, 1e22 as 1e+22, but not twice as long. So
/// a worker's limit should be kLongestRequest, twice that of other peers.)
///
/// Thread rule: the loop's. The workers must outlive the dispatcher's calls.
class InProcess : public Where {
 public:
  static constexpr std::size_t kLongestRequest = 8 * 1024 * 1024;  ///< bytes

  explicit InProcess(ProcessWorkers& workers,
                     std::optional<Duration> default_deadline = std::nullopt)
      : workers_(workers), deadline_(default_deadline) {}

  std::string_view name() const override { return "in a process"; }

  /// Throws std::invalid_argument for a method that wants its calls in order.
  std::unique_ptr<Place> place(Reactor& reactor, Handler handler,
                               const MethodOptions& options) const override;

 private:
  ProcessWorkers& workers_;
  std::optional<Duration> deadline_;
};

}  // namespace rp
