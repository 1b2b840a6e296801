#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "tests/support/sim_network.h"

namespace rp {
namespace {

constexpr std::size_t kUnknown = SIZE_MAX;  // so that it is set anew

std::size_t bytes_waiting(const UniqueFd& end) {
  int count = 0;
  ::ioctl(end.get(), FIONREAD, &count);
  return static_cast<std::size_t>(count);
}

bool has_failed(const UniqueFd& end) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(end.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error != 0;
}

}  // namespace

void SimPeer::send(std::string_view bytes) {
  if (!end_ || vanished_ || closing_) return;
  outgoing_ += bytes;
  deliver_later();
}

void SimPeer::half_close() {
  if (!end_ || vanished_ || std::exchange(closing_, true)) return;
  deliver_later();
}

void SimPeer::reset() {
  if (!end_ || vanished_) return;
  ++network_->stats_.resets;
  cut_off();
}

void SimPeer::vanish() {
  if (!end_ || std::exchange(vanished_, true)) return;
  ++network_->stats_.vanishings;
  stop_moving();
}

void SimPeer::stop_moving() {
  network_->cancel(std::exchange(delivery_, {}));
  network_->cancel(std::exchange(taking_, {}));
}

void SimPeer::cut_off() {
  stop_moving();
  end_.reset();
  // Exercise 8.3: the reactor sees a polite end. While it watches the stream,
  // let each of its calls of recv and send fail as a broken TCP stream does.
}

// What the reactor's side did, or the weather: the peer is told.
void SimPeer::broken() {
  cut_off();
  if (!std::exchange(heard_end_, true)) on_end(SimEnd::reset);
}

bool SimPeer::loses_a_piece() {
  SimRandom& random = network_->random_;
  if (random.chance(network_->weather_.resets)) {
    ++network_->stats_.resets;
    broken();
    return true;
  }
  if (random.chance(network_->weather_.vanishings)) vanish();
  return vanished_;
}

void SimPeer::deliver_later() {
  if (delivery_) return;
  delivery_ = network_->after(network_->delay(), [this] { deliver(); });
}

void SimPeer::deliver() {
  delivery_ = {};
  if (loses_a_piece()) return;
  // Exercise 8.3: nothing ever arrives. Send one piece of what is outgoing, as
  // much as the network cuts off; deliver the rest later, and end the stream
  // when all is delivered and the peer wants it ended.
}

void SimPeer::take_later() {
  if (taking_) return;
  taking_ = network_->after(network_->delay(), [this] { take(); });
}

void SimPeer::take() {
  taking_ = {};
  if (loses_a_piece()) return;
  // As TCP has it: who closes with bytes unread destroys what he sent.
  if (has_failed(end_)) return broken();
  // At the end of the stream none is waiting, and the call says so.
  const std::size_t waiting = std::max<std::size_t>(bytes_waiting(end_), 1);
  std::string piece(network_->cut(waiting), '\0');
  const auto count = ::recv(end_.get(), piece.data(), piece.size(), 0);
  if (count < 0) return;
  ++network_->stats_.pieces;
  piece.resize(static_cast<std::size_t>(count));
  if (count > 0) return on_data(piece);
  heard_end_ = true;
  on_end(SimEnd::closed);
}

// The next send of the reactor's is cut, and a second one at the same time
// finds the socket full.
void SimPeer::set_room() {
  const std::size_t unread = bytes_waiting(end_);
  const std::size_t sends = fault_->calls(SystemCall::kSend);
  if (unread == unread_ && sends == sends_) return;
  unread_ = unread;
  sends_ = sends;
  Fault::Script script{Fault::error(EAGAIN).always()};
  if (has_room()) {
    const std::size_t room = network_->weather_.window - unread;
    script.insert(script.begin(), Fault::at_most(network_->cut(room)));
  }
  fault_->send(std::move(script));
}

bool SimPeer::has_room() const {
  return !end_ || unread_ < network_->weather_.window;
}

bool SimPeer::awaits_bytes() const {
  return end_ && (vanished_ || (!heard_end_ && !taking_));
}

// While the reactor watches a broken stream, it is to see ECONNRESET there.
bool SimPeer::is_over() const {
  if (!end_) return fd_ == -1;
  return heard_end_ && shut_;
}

void SimPeer::watched_at(int fd) {
  fd_ = fd;
  fault_ = Fault::on(fd);
  if (!end_) return cut_off();
  unread_ = kUnknown;
  set_room();
}

}  // namespace rp
