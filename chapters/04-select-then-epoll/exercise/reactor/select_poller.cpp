#include "reactor/select_poller.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "reactor/socket.h"

namespace rp {
namespace {

std::size_t index(int fd) { return static_cast<std::size_t>(fd); }

std::string about(int fd) { return "select: descriptor " + std::to_string(fd); }

[[maybe_unused]] timespec to_timespec(Duration duration) {
  using std::chrono::seconds;
  const auto whole = std::chrono::duration_cast<seconds>(duration);
  return {whole.count(), (duration - whole).count()};
}

}  // namespace

SelectPoller::SelectPoller() {
  FD_ZERO(&reading_);
  FD_ZERO(&writing_);
}

void SelectPoller::add(int fd, HandleId id, Interest interest) {
  if (fd >= FD_SETSIZE) {
    const std::string limit = std::to_string(FD_SETSIZE);
    throw_errno(about(fd) + " is at or beyond FD_SETSIZE (" + limit + ")",
                EMFILE);
  }
  if (::fcntl(fd, F_GETFD) < 0) throw_errno(about(fd));
  if (watches(fd)) throw_errno(about(fd), EEXIST);
  set(fd, id, interest);
  end_ = std::max(end_, fd + 1);
}

void SelectPoller::modify(int fd, HandleId id, Interest interest) {
  if (!watches(fd)) throw_errno(about(fd), ENOENT);
  set(fd, id, interest);
}

void SelectPoller::remove(int fd) {
  if (!watches(fd)) throw_errno(about(fd), ENOENT);
  set(fd, {}, Interest::none());
  while (end_ > 0 && !watches(end_ - 1)) --end_;
}

// Exercise 4.2: ask pselect() with copies of the two sets and with the time-out
// (none: for ever; a negative one: zero), then report each descriptor that is
// left in one of them. A signal (EINTR) is no error, and nothing is ready.
void SelectPoller::wait(std::optional<Duration>, std::vector<Ready>& ready) {
  ready.clear();
}

bool SelectPoller::watches(int fd) const {
  return fd >= 0 && fd < FD_SETSIZE && ids_[index(fd)];
}

void SelectPoller::set(int fd, HandleId id, Interest interest) {
  ids_[index(fd)] = id;
  FD_CLR(fd, &reading_);
  FD_CLR(fd, &writing_);
  if (interest.read) FD_SET(fd, &reading_);
  if (interest.write) FD_SET(fd, &writing_);
}

}  // namespace rp
