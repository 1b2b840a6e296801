#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "reactor/address.h"
#include "reactor/event_handler.h"
#include "reactor/reactor.h"
#include "reactor/unique_fd.h"

namespace rp {

/// The limits of one datagram socket. Each is counted when it bites, in
/// DatagramSocket::Stats.
struct DatagramLimits {
  /// Of a longer datagram only so many bytes are kept. No UDP datagram is
  /// longer than this default.
  std::size_t longest = 65'535;
  std::size_t a_tick = 64;                 ///< taken, and sent late, in a tick
  std::size_t bytes_a_tick = 64 * 1024;    ///< with these a tick's last is read
  std::size_t waiting = 1024;              ///< datagrams that wait for room
  std::size_t unsent_bytes = 1024 * 1024;  ///< in those; more are refused
};

/// What has come, lent for the length of one call.
struct Datagram {
  std::string_view bytes;
  const Address& from;
  std::size_t length;  ///< as it was sent

  /// Its end is missing: it was longer than DatagramLimits::longest.
  bool truncated() const { return length > bytes.size(); }
};

/// A UDP socket on the reactor (RFC 768). Derive from it and say what a
/// datagram means:
///
///     class Echo : public DatagramSocket {
///       using DatagramSocket::DatagramSocket;
///       void on_datagram(const Datagram& it) override {
///         send(it.bytes, it.from);
///       }
///     };
///     reactor.add(std::make_unique<Echo>(datagram_socket(here)),
///                 Interest::reading());
///
/// A datagram arrives whole, truncated and told to be so, or never: the
/// network may lose, double and reorder. It has no end, so nothing that a
/// peer or the network does closes the socket. What the kernel does not take
/// at once waits, in order and up to the limits; beyond them the newest is
/// refused, for who sends datagrams must be able to lose one.
///
/// A drain sends what waits, then closes.
///
/// Thread rule: the loop's thread. Ownership: the reactor owns it; keep its
/// id. After Reactor::close() its functions do nothing.
class DatagramSocket : public EventHandler {
 public:
  explicit DatagramSocket(UniqueFd fd, DatagramLimits limits = {});

  /// Sends one datagram, by default to the peer that a socket from
  /// datagram_socket_to() has. False when it is lost already: too many wait,
  /// it is longer than the network takes, or the kernel refuses it.
  bool send(std::string_view bytes, const Address& to = Address());

  /// How many datagrams wait for the kernel to have room.
  std::size_t waiting() const { return output_.size(); }

  struct Stats {
    std::uint64_t received = 0;   ///< truncated ones included
    std::uint64_t truncated = 0;  ///< longer than `longest`
    std::uint64_t sent = 0;       ///< taken by the kernel
    std::uint64_t refused = 0;    ///< beyond our limits on what waits
    std::uint64_t failed = 0;     ///< not taken by the kernel
    std::uint64_t errors = 0;     ///< told by on_error()
  };
  const Stats& stats() const { return stats_; }

  int fd() const final { return fd_.get(); }
  void on_readable() final;
  void on_writable() final;
  void on_drain() final;

 protected:
  virtual void on_datagram(const Datagram& datagram) = 0;

  /// The kernel has told an errno at the end of this phase. ECONNREFUSED is
  /// the commonest: an earlier datagram to our one peer came back as an ICMP
  /// message, for nobody listens there. (A socket with many peers hears
  /// nothing of that.)
  virtual void on_error(int error_number) { static_cast<void>(error_number); }

 private:
  struct Waiting {
    std::string bytes;
    Address to;
  };

  bool receive_one(std::size_t& bytes);
  int transmit(std::string_view bytes, const Address& to);
  bool count_sent(int error_number);
  void tell(int error_number);
  void update_interest();
  bool is_open() const { return reactor().find(id()) != nullptr; }

  UniqueFd fd_;
  DatagramLimits limits_;
  std::deque<Waiting> output_;
  std::size_t unsent_bytes_ = 0;
  bool leaving_ = false;
  Stats stats_;
};

/// A socket that receives what is sent to `here`, IPv4 or IPv6 (an IPv6 one
/// takes IPv6 only); port 0 is any free one (local_address() tells which).
/// Throws std::system_error: "bind udp 127.0.0.1:7000: Address already in use".
UniqueFd datagram_socket(const Address& here);

/// A socket with one peer: it takes datagrams from `peer` only, and hears of
/// ICMP. Throws std::system_error.
UniqueFd datagram_socket_to(const Address& peer);

}  // namespace rp
