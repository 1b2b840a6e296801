#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/address.h"
#include "reactor/timer_queue.h"
#include "reactor/unique_fd.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faults.h"
#include "tests/support/sim_random.h"

namespace rp {

class SimNetwork;

/// How bytes travel: each piece takes from `least_delay` to `most_delay`.
struct SimWeather {
  Duration least_delay = std::chrono::microseconds(100);
  Duration most_delay = std::chrono::milliseconds(5);
  /// Four of five pieces are cut, most of them to at most so many bytes.
  std::size_t longest_cut = 40;
  /// So many bytes of the reactor's may be on their way to one peer; then its
  /// socket is full.
  std::size_t window = 4096;
  /// So many pieces of a thousand never arrive: the stream breaks instead,
  /// or the peer vanishes.
  unsigned resets = 0;
  unsigned vanishings = 0;
};

/// How a stream came to its end, as the peer sees it.
enum class SimEnd : std::uint8_t {
  closed,  ///< the reactor's side sends no more
  reset,   ///< it broke; what was on its way is lost
};

/// Somebody at the other end of the network. Derive from it, as from a
/// Connection, and say what bytes mean:
///
///     class Client : public SimPeer {
///       void on_data(std::string_view bytes) override { got_ += bytes; }
///     };
///     network.connect(std::make_unique<Client>(), server.address());
///
/// Ownership: the network owns its peers. A peer that is over (its stream is
/// closed both ways, or has broken) is destroyed, never inside one of its own
/// functions. Thread rule: the loop's thread.
class SimPeer {
 public:
  SimPeer() = default;
  SimPeer(const SimPeer&) = delete;
  SimPeer& operator=(const SimPeer&) = delete;
  virtual ~SimPeer() = default;

  /// Gives the bytes to the network, which delivers them in order, in pieces,
  /// later. After half_close(), or once the stream is over, they are lost.
  void send(std::string_view bytes);

  /// Sends no more. The reactor is told behind what was sent.
  void half_close();

  /// Breaks the stream: the reactor gets ECONNRESET, and what is on its way,
  /// in both directions, is lost. on_end() is not called.
  void reset();

  /// Nothing comes or goes from now on, and nobody is told.
  void vanish();

  /// Neither broken nor vanished, and the reactor's end has not come.
  bool is_open() const { return end_ && !vanished_ && !heard_end_; }

 protected:
  /// Called when the network takes the peer over.
  virtual void on_connected() {}

  /// A piece has arrived.
  virtual void on_data(std::string_view bytes) = 0;

  /// Called at most once. By default the peer ends its direction, too.
  virtual void on_end(SimEnd) { half_close(); }

  SimNetwork& network() const { return *network_; }

 private:
  friend class SimNetwork;

  void deliver_later();
  void deliver();
  void take_later();
  void take();
  bool loses_a_piece();
  void stop_moving();
  void cut_off();
  void broken();
  void set_room();
  void watched_at(int fd);
  bool has_room() const;
  bool awaits_bytes() const;
  bool is_over() const;

  SimNetwork* network_ = nullptr;
  UniqueFd end_;
  std::string name_;            // of our end, as the other side sees it
  int fd_ = -1;                 // the reactor's end while it is watched
  std::optional<Fault> fault_;  // on that end
  std::string outgoing_;        // to the reactor, not delivered yet
  TimerId delivery_;
  TimerId taking_;
  std::size_t unread_ = 0;  // by us, when the room was set
  std::size_t sends_ = 0;   // by the reactor, when the room was set
  bool closing_ = false;    // ends when all is delivered
  bool shut_ = false;
  bool heard_end_ = false;
  bool vanished_ = false;
};

/// A network inside one thread, decided by a seed. Its streams are Unix
/// sockets, so the reactor's code makes its real system calls; but bytes stay
/// in the network for a while, arrive in pieces and are taken in pieces, and
/// peers break off or vanish. All of it follows from the seed and from a clock
/// that a SimPoller moves: no time passes, and nothing depends on the machine.
///
///     FakeClock clock;
///     SimNetwork network(clock, 7);
///     Reactor reactor(std::make_unique<SimPoller>(network), clock);
///     network.connect(std::make_unique<Client>(), server.address());
///     reactor.run();
///
/// What the reactor sends meets short writes and EAGAIN only where system
/// calls are wrapped (tests/support/faults.h).
///
/// Thread rule: the loop's thread. The clock must outlive it, and it the
/// reactor.
class SimNetwork {
 public:
  SimNetwork(FakeClock& clock, std::uint64_t seed, SimWeather weather = {})
      : clock_(clock), random_(seed), weather_(weather) {}

  /// Connects a peer to a Unix socket on which the reactor listens. Throws
  /// std::system_error when nobody does.
  SimPeer& connect(std::unique_ptr<SimPeer> peer, const Address& listening);

  /// The same without a listener: the other end is for the reactor.
  struct Pair {
    SimPeer& peer;
    UniqueFd reactors;
  };
  Pair pair(std::unique_ptr<SimPeer> peer);

  /// Calls `task` at a time of the network's: for what peers do. It runs
  /// while the reactor waits, which is as if it ran on another machine; what
  /// is to happen in the reactor is the affair of its own timers.
  TimerId after(Duration delay, Task task);
  bool cancel(TimerId id) { return events_.cancel(id); }

  TimePoint now() { return clock_.now(); }
  SimRandom& random() { return random_; }

  /// How many peers are not over yet.
  std::size_t peers() const { return peers_.size(); }

  struct Stats {
    std::uint64_t connected = 0;
    std::uint64_t pieces = 0;  ///< delivered and taken
    std::uint64_t resets = 0;  ///< by peers and by the weather
    std::uint64_t vanishings = 0;
  };
  const Stats& stats() const { return stats_; }

  // For SimPoller.

  /// Does what is due, and looks at what the reactor has sent.
  void turn();
  std::optional<TimePoint> next_event() const { return events_.next_due(); }
  FakeClock& clock() { return clock_; }
  void watch(int fd);
  void forget(int fd);
  /// Whether a watched socket takes bytes now; what is not ours always does.
  bool has_room(int fd) const;

 private:
  friend class SimPeer;

  SimPeer& take_over(std::unique_ptr<SimPeer> peer, UniqueFd end);
  SimPeer* find(int fd) const;
  Duration delay();
  std::size_t cut(std::size_t size);
  void run_due();
  void look_at_peers();
  void bury();

  FakeClock& clock_;
  SimRandom random_;
  SimWeather weather_;
  TimerQueue events_;
  std::vector<std::unique_ptr<SimPeer>> peers_;
  Stats stats_;
};

}  // namespace rp
