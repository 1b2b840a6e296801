#include "reactor/datagram.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "reactor/socket.h"

namespace rp {
namespace {

UniqueFd open_socket(const Address& address, const std::string& what) {
  // A Unix path has datagrams too, but no port to choose and a file to remove.
  if (address.family() == AF_UNIX) throw_errno(what, EAFNOSUPPORT);
  const int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  UniqueFd fd{::socket(address.family(), type, IPPROTO_UDP)};
  if (!fd) throw_errno(what);
  return fd;
}

// 0, or the errno.
int send_once(int fd, std::string_view bytes, const Address& to) {
  const sockaddr* name = to.size() > 0 ? to.data() : nullptr;
  ssize_t count = 0;
  do {
    count =
        ::sendto(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL, name, to.size());
  } while (count < 0 && errno == EINTR);
  return count < 0 ? errno : 0;
}

}  // namespace

UniqueFd datagram_socket(const Address& here) {
  const std::string what = "bind udp " + here.to_string();
  UniqueFd fd = open_socket(here, what);
  const int on = 1;
  if (here.family() == AF_INET6 &&
      ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) {
    throw_errno(what);
  }
  if (::bind(fd.get(), here.data(), here.size()) != 0) throw_errno(what);
  return fd;
}

UniqueFd datagram_socket_to(const Address& peer) {
  const std::string what = "connect udp " + peer.to_string();
  UniqueFd fd = open_socket(peer, what);
  if (::connect(fd.get(), peer.data(), peer.size()) != 0) throw_errno(what);
  return fd;
}

DatagramSocket::DatagramSocket(UniqueFd fd, DatagramLimits limits)
    : fd_(std::move(fd)), limits_(limits) {}

void DatagramSocket::on_readable() {
  std::size_t bytes = 0;
  for (std::size_t taken = 0; taken < limits_.a_tick; ++taken) {
    if (bytes >= limits_.bytes_a_tick || !receive_one(bytes)) return;
  }
}

// False when there is nothing more to take in this tick.
bool DatagramSocket::receive_one(std::size_t& bytes) {
  const auto buffer = reactor().read_buffer();
  const std::size_t room = std::min(limits_.longest, buffer.size());
  sockaddr_storage storage{};
  auto* from = reinterpret_cast<sockaddr*>(&storage);
  socklen_t size = sizeof storage;
  // With MSG_TRUNC it returns the length that was sent, not what it kept.
  const ssize_t count =
      ::recvfrom(fd(), buffer.data(), room, MSG_TRUNC, from, &size);
  if (count < 0) {
    if (errno == EAGAIN) return false;
    if (errno != EINTR) tell(errno);
    return true;
  }
  const auto length = static_cast<std::size_t>(count);
  const Address sender = Address::from(from, size);
  const Datagram datagram{
      {buffer.data(), std::min(length, room)}, sender, length};
  bytes += datagram.bytes.size();
  ++stats_.received;
  if (datagram.truncated()) ++stats_.truncated;
  on_datagram(datagram);
  return is_open() && !leaving_;
}

bool DatagramSocket::send(std::string_view bytes, const Address& to) {
  if (!is_open()) return false;
  if (output_.empty()) {
    const int error = transmit(bytes, to);
    if (error != EAGAIN) return count_sent(error);
  }
  const bool full = output_.size() >= limits_.waiting ||
                    bytes.size() > limits_.unsent_bytes - unsent_bytes_;
  if (full) {
    ++stats_.refused;
    return false;
  }
  output_.push_back({std::string(bytes), to});
  unsent_bytes_ += bytes.size();
  update_interest();
  return true;
}

// An error may be about an earlier datagram: then this one was not even tried.
int DatagramSocket::transmit(std::string_view bytes, const Address& to) {
  const int first = send_once(fd(), bytes, to);
  if (first == 0 || first == EAGAIN) return first;
  tell(first);
  return send_once(fd(), bytes, to);
}

bool DatagramSocket::count_sent(int error_number) {
  ++(error_number == 0 ? stats_.sent : stats_.failed);
  return error_number == 0;
}

// Later, for who hears of it may send again.
void DatagramSocket::tell(int error_number) {
  ++stats_.errors;
  reactor().at_phase_end([&loop = reactor(), me = id(), error_number] {
    if (auto* handler = loop.find(me)) {
      static_cast<DatagramSocket*>(handler)->on_error(error_number);
    }
  });
}

void DatagramSocket::on_writable() {
  for (std::size_t i = 0; i < limits_.a_tick && !output_.empty(); ++i) {
    const Waiting& next = output_.front();
    const int error = transmit(next.bytes, next.to);
    if (error == EAGAIN) break;
    count_sent(error);
    unsent_bytes_ -= next.bytes.size();
    output_.pop_front();
  }
  update_interest();
  if (leaving_ && output_.empty()) {
    reactor().close(id(), CloseReason::drained);
  }
}

void DatagramSocket::on_drain() {
  leaving_ = true;
  if (output_.empty()) return EventHandler::on_drain();
  update_interest();
}

void DatagramSocket::update_interest() {
  reactor().set_interest(id(), {.read = !leaving_, .write = !output_.empty()});
}

}  // namespace rp
