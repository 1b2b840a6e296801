#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "reactor/address.h"
#include "reactor/buffer.h"
#include "reactor/event_handler.h"
#include "reactor/reactor.h"
#include "reactor/unique_fd.h"

namespace rp {

/// The limits of one connection.
struct ConnectionLimits {
  /// With more unsent bytes than these reading pauses; it resumes at half.
  std::size_t pause_at = 1024 * 1024;
  /// With more than these the connection is closed (CloseReason::overflow).
  std::size_t close_at = 8 * 1024 * 1024;
  /// Closed (CloseReason::idle) when no byte came or went for so long; zero:
  /// never. What is thrown away has not come.
  Duration idle = std::chrono::seconds(60);
  /// How long close_after_sending() waits for the peer's end after ours;
  /// zero: not at all.
  Duration linger = std::chrono::seconds(2);
};

/// A byte stream to one peer. Derive from it and say what bytes mean:
///
///     class Echo : public Connection {
///       using Connection::Connection;
///       void on_data(std::string_view bytes) override { send(bytes); }
///     };
///     reactor.add(std::make_unique<Echo>(std::move(fd), peer),
///                 Interest::reading());
///
/// What is sent is gathered and written once at the end of the phase; what
/// the kernel does not take waits. A peer that does not read is not read from
/// either (`pause_at`), and closed in the end (`close_at`), so that it cannot
/// make us hold its answers without end.
///
/// Thread rule: the loop's thread. Ownership: the reactor owns it; keep its
/// id. After close() its functions do nothing.
class Connection : public EventHandler {
 public:
  Connection(UniqueFd fd, const Address& peer, ConnectionLimits limits = {});

  /// Adds to what is to be sent.
  void send(std::string_view bytes);

  /// Stops and resumes reading. Writing goes on.
  void pause();
  void resume();

  /// Ends the stream in this direction when all is sent; reading goes on.
  void half_close();

  /// Sends all, ends the stream, waits for the peer to do the same (at most
  /// `linger`), then closes. What the peer still sends is read, even while
  /// paused, and thrown away: closing with unread bytes would destroy what is
  /// on its way.
  void close_after_sending(CloseReason reason = CloseReason::local);

  /// Closes at the end of the tick; what is unsent is lost.
  void close(CloseReason reason = CloseReason::local);

  const Address& peer() const { return peer_; }
  const ConnectionLimits& limits() const { return limits_; }
  std::size_t unsent() const { return output_.size(); }

  /// Too much is unsent (`pause_at`); reading is paused.
  bool choked() const { return choked_; }

  /// Reading is paused by pause().
  bool paused() const { return paused_; }

  /// The peer has ended its direction of the stream.
  bool ended() const { return ended_; }

  /// The errno behind CloseReason::reset, else 0.
  int error_number() const { return error_; }

  int fd() const final { return fd_.get(); }
  void on_readable() final;
  void on_writable() final;
  void on_added() override;
  void on_drain() override { close_after_sending(CloseReason::drained); }
  void on_closed(CloseReason reason) final;

 protected:
  /// Bytes have come. They lie in the reactor's read buffer and are lent for
  /// the length of this call.
  virtual void on_data(std::string_view bytes) = 0;

  /// The peer has sent its last byte. By default what is unsent is sent and
  /// the connection closed.
  virtual void on_end() { close_after_sending(CloseReason::peer); }

  /// There is room again after choked(); reading goes on.
  virtual void on_unchoked() {}

  /// Whether a choked connection is not read: so it is where what is read
  /// makes more to send, and not where others' bytes are sent on.
  virtual bool pauses_when_choked() const { return true; }

  /// Whether `idle` applies now; a connection that owes an answer is quiet
  /// but not idle.
  virtual bool is_idle() const { return true; }

  /// The connection is at its end; called once.
  virtual void on_disconnect(CloseReason) {}

 private:
  enum class Ending : std::uint8_t {
    no,         // the stream goes on
    half,       // shut our direction when all is sent
    whole,      // and close afterwards
    half_shut,  // our direction is shut
    lingering,  // shut, waiting for the peer's end
  };

  void flush();
  bool write_some();
  void after_writing();
  void stage_flush();
  void update_interest();
  void shut_down_sending();
  void linger();
  void check_idle();
  void fail(int error_number);
  bool takes_output() const;
  bool discards_input() const;

  UniqueFd fd_;
  int error_ = 0;
  Address peer_;
  ConnectionLimits limits_;
  Buffer output_;
  TimePoint last_progress_{};
  TimerId idle_timer_;
  TimerId linger_timer_;
  CloseReason end_reason_ = CloseReason::local;
  Ending ending_ = Ending::no;
  bool paused_ = false;
  bool choked_ = false;
  bool ended_ = false;
  bool staged_ = false;
};

}  // namespace rp
