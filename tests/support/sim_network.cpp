#include "tests/support/sim_network.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "reactor/socket.h"

namespace rp {
namespace {

std::string name_of(decltype(::getsockname)* ask, int fd) {
  sockaddr_un name{};
  socklen_t size = sizeof name;
  if (ask(fd, reinterpret_cast<sockaddr*>(&name), &size) != 0) return {};
  return {reinterpret_cast<const char*>(&name), size};
}

// A name that the kernel chooses, by which the other end tells who it is.
std::string take_name(const UniqueFd& end) {
  const sockaddr any{.sa_family = AF_UNIX, .sa_data = {}};
  if (::bind(end.get(), &any, sizeof any.sa_family) != 0) {
    throw_errno("name a simulated peer");
  }
  return name_of(::getsockname, end.get());
}

}  // namespace

SimPeer& SimNetwork::connect(std::unique_ptr<SimPeer> peer,
                             const Address& listening) {
  UniqueFd end = stream_socket(listening);
  peer->name_ = take_name(end);
  if (const int error = start_connect(end.get(), listening); error != 0) {
    throw_errno("connect to " + listening.to_string(), error);
  }
  return take_over(std::move(peer), std::move(end));
}

SimNetwork::Pair SimNetwork::pair(std::unique_ptr<SimPeer> peer) {
  int ends[2];
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (::socketpair(AF_UNIX, type, 0, ends) != 0) throw_errno("socketpair");
  UniqueFd end(ends[0]);
  UniqueFd reactors(ends[1]);
  peer->name_ = take_name(end);
  SimPeer& added = take_over(std::move(peer), std::move(end));
  return {added, std::move(reactors)};
}

SimPeer& SimNetwork::take_over(std::unique_ptr<SimPeer> peer, UniqueFd end) {
  SimPeer& added = *peer;
  added.network_ = this;
  added.end_ = std::move(end);
  peers_.push_back(std::move(peer));
  ++stats_.connected;
  added.on_connected();
  return added;
}

TimerId SimNetwork::after(Duration delay, Task task) {
  return events_.add(now() + delay, std::move(task));
}

Duration SimNetwork::delay() {
  const auto least = static_cast<std::uint64_t>(weather_.least_delay.count());
  const auto most = static_cast<std::uint64_t>(weather_.most_delay.count());
  return Duration(static_cast<Duration::rep>(random_.between(least, most)));
}

// How much of so many bytes goes in one piece.
std::size_t SimNetwork::cut(std::size_t size) {
  if (random_.chance(200)) return size;
  if (random_.chance(200)) return random_.between(1, size);
  return random_.between(1, std::min(size, weather_.longest_cut));
}

void SimNetwork::turn() {
  run_due();
  look_at_peers();
  bury();
}

void SimNetwork::run_due() {
  events_.begin_pass(now());
  while (events_.next_in_pass()) events_.run_next();
}

void SimNetwork::look_at_peers() {
  std::vector<pollfd> ends;
  for (const auto& peer : peers_) {
    if (peer->end_ && peer->fd_ != -1) peer->set_room();
    ends.push_back({peer->awaits_bytes() ? peer->end_.get() : -1, POLLIN, 0});
  }
  ::poll(ends.data(), ends.size(), 0);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    SimPeer& peer = *peers_[i];
    if (ends[i].revents == 0) continue;
    if (!peer.vanished_) {
      peer.take_later();
    } else if ((ends[i].revents & (POLLHUP | POLLERR)) != 0) {
      peer.cut_off();
    }
  }
}

void SimNetwork::bury() {
  std::erase_if(peers_, [](const auto& peer) { return peer->is_over(); });
}

void SimNetwork::watch(int fd) {
  const std::string name = name_of(::getpeername, fd);
  if (name.size() <= sizeof(sa_family_t)) return;
  for (const auto& peer : peers_) {
    if (peer->name_ != name) continue;
    return peer->watched_at(fd);
  }
}

void SimNetwork::forget(int fd) {
  if (SimPeer* peer = find(fd)) {
    peer->fd_ = -1;
    peer->fault_.reset();
  }
}

bool SimNetwork::has_room(int fd) const {
  const SimPeer* peer = find(fd);
  return peer == nullptr || peer->has_room();
}

SimPeer* SimNetwork::find(int fd) const {
  for (const auto& peer : peers_) {
    if (peer->fd_ == fd) return peer.get();
  }
  return nullptr;
}

}  // namespace rp
