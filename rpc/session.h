#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/call.h"
#include "rpc/dispatcher.h"
#include "rpc/requester.h"
#include "rpc/responder.h"

namespace rp {

/// What a session needs of whatever carries its messages.
///
/// Thread rule: the loop's thread.
class Wire {
 public:
  virtual ~Wire() = default;

  /// Sends one message.
  virtual void send(std::string_view json) = 0;

  /// The session takes more messages, or it does not for now: what comes
  /// meanwhile waits with the peer.
  virtual void set_reading(bool wanted) = 0;

  /// All is answered: send what is unsent, then close.
  virtual void finish() = 0;
};

/// The limits of one session, its requests' among them.
struct SessionLimits : ResponderLimits {
  /// What may be sent before there is a wire, in bytes.
  std::size_t capacity = 1024 * 1024;
};

/// A conversation with one peer, whatever its wire: it answers the peer's
/// requests and asks its own, both ways at once.
///
///     auto session = std::make_unique<Session>(service, "127.0.0.1:51234");
///     session->attach(wire);
///     session->receive(line);
///     session->ask("name?", {}, [](const CallResult& name) { ... }, 5s);
///
/// A peer with too many requests in flight is not read from, unless the
/// session awaits answers of its own: then further requests are refused with
/// -32002, and the answers get through.
///
/// Thread rule: the loop's thread. Ownership: its wire owns it, or whoever
/// made it while it has none. Others keep its link().
class Session : public Asker {
 public:
  /// `address` and `headers` are the peer's, for handlers and log lines. A
  /// handler that asks a peer which cannot be asked gets -32603.
  Session(Dispatcher& service, std::string address, SessionLimits limits = {},
          Headers headers = {}, bool can_be_asked = true);
  ~Session() override;

  /// From now on messages go to `wire`, those first that have waited.
  void attach(Wire& wire);

  /// Takes one JSON text from the peer.
  void receive(std::string_view json);

  /// The peer sent something that cannot be a message.
  void refuse_text(const RpcError& error) { responder_.refuse_text(error); }

  /// Whether the wire is to hand over more messages.
  bool takes_more() const { return !responder_.is_full() || pending() > 0; }

  /// The wire, which was full, takes messages again.
  void wire_ready() { update(); }

  /// The wire has handed over all that had come and could be taken.
  void caught_up();

  /// The peer sends no more. What is owed is answered, then the wire ends.
  void end_of_input();

  /// Ends the wire as soon as nothing is in flight.
  void finish();

  /// The same, and what is new is refused with -32004.
  void drain();

  /// The wire has gone. What is pending fails with -32003 and `why`, which
  /// also tells when the peer speaks something else than JSON-RPC.
  void lost(std::string_view why);

  /// Nothing is in flight, in either direction.
  bool is_quiet() const {
    return responder_.in_flight() == 0 && pending() == 0;
  }

  void ask(std::string_view method, const Value& params, Done done,
           Duration timeout) override;

  /// Throws RpcError -32003 when the wire has gone, -32002 when too much
  /// waits for one.
  void notify(std::string_view method, const Value& params) override;

  /// How others find the session while it lives.
  const std::shared_ptr<AskerLink>& link() const { return link_; }

 private:
  void put_out(std::string_view json);
  void update();
  Requester& requester();
  std::size_t pending() const { return requester_ ? requester_->pending() : 0; }
  void fail_pending(std::string why);
  std::optional<RpcError> cannot_ask() const;

  Reactor& reactor_;
  std::size_t capacity_;
  std::shared_ptr<AskerLink> link_;
  Wire* wire_ = nullptr;
  std::vector<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool receiving_ = false;
  bool ending_ = false;
  bool deaf_ = false;  // the peer cannot answer any more
  bool lost_ = false;
  bool strange_ = false;  // the peer has sent what cannot be a message
  Responder responder_;
  std::unique_ptr<Requester> requester_;  // once something was asked
};

}  // namespace rp
