#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "reactor/connection.h"
#include "reactor/reactor.h"
#include "rpc/session.h"
#include "rpc/wire/framing.h"

namespace rp {

/// The limits of one peer that speaks in lines, or in framed messages.
struct LineLimits {
  /// The longest message, in bytes.
  std::size_t line = 4 * 1024 * 1024;
  /// From the first byte of a message to its last; zero: no limit.
  Duration receive = std::chrono::seconds(15);
  ConnectionLimits connection = {};
  SessionLimits session = {};
};

/// One JSON text a line, between a byte stream and a session: what all such
/// streams have in common. A stream derives from it, tells it what comes, and
/// does what it asks. With another framer than that of lines, what is said of
/// lines here holds for its messages.
///
///     void on_data(std::string_view bytes) override { take(bytes); }
///     void put(std::string_view bytes) override { send(bytes); }
///
/// A malformed line is answered with -32700 and the next is served as if
/// nothing had happened. A line that is too long (a message with a bad header)
/// is answered with -32600, and ends the stream when all else that is owed is
/// answered, too. One that takes too long to arrive ends it at once. A peer
/// that ends its input gets every answer that is owed. A last line without an
/// end counts as a line. Of many lines that have come at once the first are
/// taken, and the rest in the ticks that follow.
///
/// Thread rule: the loop's thread. Ownership: it owns its session.
class LineWire : private Wire {
 public:
  /// As long as the stream lives.
  Session& session() { return *session_; }

 protected:
  /// The session may have asked already; what it sent leaves first.
  LineWire(std::unique_ptr<Session> session, const LineLimits& limits);
  LineWire(std::unique_ptr<Session> session, const LineLimits& limits,
           std::unique_ptr<Framer> framer);

  // What the stream tells.

  /// It can be written to from now on.
  void begin(Reactor& reactor);
  /// Bytes have come; they are lent for the length of the call.
  void take(std::string_view bytes);
  /// The last byte has come.
  void take_end();
  /// It is not choked any more.
  void go_on() { session_->wire_ready(); }
  /// It has gone.
  void lost(CloseReason reason);
  /// Whether nothing is owed, in either direction.
  bool is_quiet() const { return session_->is_quiet(); }

  // What it is asked for.

  virtual void put(std::string_view bytes) = 0;
  virtual void read_on(bool wanted) = 0;
  /// Not closed yet.
  virtual bool is_open() const = 0;
  /// Too much is unsent.
  virtual bool is_choked() const = 0;
  /// The last byte has come, before take_end() says so.
  virtual bool has_ended() const = 0;
  virtual void end_after_sending(CloseReason reason) = 0;
  virtual void end_now(CloseReason reason) = 0;

 private:
  void send(std::string_view json) override;
  void set_reading(bool wanted) override;
  void finish() override;

  void take_messages();
  bool take_one();
  void yield();
  void refuse_the_rest();
  bool can_take() const;
  bool is_held() const;
  void time_the_line();
  void line_is_late();
  void stop_timing();

  std::unique_ptr<Session> session_;
  Reactor* reactor_ = nullptr;  // once it has begun
  std::unique_ptr<Framer> framer_;
  Duration receive_limit_;
  TimerId line_timer_;
  TimerId turn_;  // set while messages wait for it
  bool taking_ = false;
  bool refused_ = false;  // where the next message begins is not known
};

}  // namespace rp
