#pragma once

#include <memory>
#include <string_view>

#include "rpc/dispatcher.h"
#include "rpc/session.h"

namespace rp {

/// Calls the methods of a service in this program, over no wire at all: the
/// same messages, errors and deadlines as over TCP.
///
///     LocalClient client{service, own_methods};
///     client.ask("add", params, [](const CallResult& sum) { ... }, 2s);
///
/// Two sessions, back to back. A message is handed over at the end of the
/// phase in which it was sent, so no call is made inside ask(). The service
/// can call the methods of `own`.
///
/// Thread rule: the loop's thread. Both dispatchers must outlive it and be of
/// one reactor. A draining reactor does not wait for it.
class LocalClient : public Asker {
 public:
  LocalClient(Dispatcher& service, Dispatcher& own, SessionLimits limits = {});
  LocalClient(const LocalClient&) = delete;
  LocalClient& operator=(const LocalClient&) = delete;

  /// Ends both sessions; what is pending fails with -32003.
  ~LocalClient() override;

  void ask(std::string_view method, const Value& params, Done done,
           Duration timeout = std::chrono::seconds(10)) override;
  void notify(std::string_view method, const Value& params) override;

 private:
  struct Pipe;
  class End;

  std::unique_ptr<End> server_;
  std::unique_ptr<End> client_;
};

}  // namespace rp
