#include "tests/support/faults.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

namespace rp {
namespace {

constexpr int kAny = -1;

// Calls are many and faults are few: this is all that a call costs while
// there is none.
constinit std::atomic<int> armed{0};
std::mutex mutex;

}  // namespace

struct Fault::Plan {
  explicit Plan(int descriptor) : fd(descriptor) {
    const std::scoped_lock lock(mutex);
    all.push_back(this);
    ++armed;
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() {
    const std::scoped_lock lock(mutex);
    std::erase(all, this);
    --armed;
  }

  bool take(SystemCall call, Step& step) {
    std::deque<Step>& script = scripts[call];
    if (script.empty()) return false;
    step = script.front();
    if (!step.repeats) script.pop_front();
    return true;
  }

  int fd;
  std::map<SystemCall, std::deque<Step>> scripts;
  std::map<SystemCall, std::size_t> calls;

  static inline std::vector<Plan*> all;
};

Fault::Fault(int fd) : plan_(std::make_shared<Plan>(fd)) {}

Fault Fault::on(int fd) { return Fault(fd); }

Fault Fault::on_any() { return Fault(kAny); }

Fault& Fault::in(SystemCall call, Script script) {
  const std::scoped_lock lock(mutex);
  plan_->scripts[call].assign(script.begin(), script.end());
  return *this;
}

std::size_t Fault::calls(SystemCall call) const {
  const std::scoped_lock lock(mutex);
  return plan_->calls[call];
}

std::size_t Fault::left() const {
  const std::scoped_lock lock(mutex);
  std::size_t left = 0;
  for (const auto& [call, script] : plan_->scripts) left += script.size();
  return left;
}

Fault::Step Fault::next(SystemCall call, int fd) {
  Step step = pass();
  if (armed == 0) return step;
  const std::scoped_lock lock(mutex);
  bool taken = false;
  for (Plan* plan : Plan::all) {
    if (plan->fd != kAny && plan->fd != fd) continue;
    ++plan->calls[call];
    if (!taken) taken = plan->take(call, step);
  }
  return step;
}

Fault& Fault::accept4(Script script) {
  return in(SystemCall::kAccept4, std::move(script));
}
Fault& Fault::connect(Script script) {
  return in(SystemCall::kConnect, std::move(script));
}
Fault& Fault::epoll_wait(Script script) {
  return in(SystemCall::kEpollWait, std::move(script));
}
Fault& Fault::eventfd(Script script) {
  return in(SystemCall::kEventfd, std::move(script));
}
Fault& Fault::getaddrinfo(Script script) {
  return in(SystemCall::kGetaddrinfo, std::move(script));
}
Fault& Fault::open(Script script) {
  return in(SystemCall::kOpen, std::move(script));
}
Fault& Fault::pselect(Script script) {
  return in(SystemCall::kPselect, std::move(script));
}
Fault& Fault::read(Script script) {
  return in(SystemCall::kRead, std::move(script));
}
Fault& Fault::recv(Script script) {
  return in(SystemCall::kRecv, std::move(script));
}
Fault& Fault::recvfrom(Script script) {
  return in(SystemCall::kRecvfrom, std::move(script));
}
Fault& Fault::send(Script script) {
  return in(SystemCall::kSend, std::move(script));
}
Fault& Fault::sendto(Script script) {
  return in(SystemCall::kSendto, std::move(script));
}
Fault& Fault::socket(Script script) {
  return in(SystemCall::kSocket, std::move(script));
}
Fault& Fault::write(Script script) {
  return in(SystemCall::kWrite, std::move(script));
}

namespace {

// Makes the call with as much as the step allows, or fails.
template <class Real>
auto faulted(SystemCall call, int fd, Real real) -> decltype(real(SIZE_MAX)) {
  const Fault::Step step = Fault::next(call, fd);
  if (step.number == 0) return real(step.most);
  errno = step.number;
  return -1;
}

}  // namespace
}  // namespace rp

using rp::Fault;
using rp::faulted;
using rp::SystemCall;

extern "C" {

int __real_accept4(int fd, sockaddr* peer, socklen_t* length, int flags);
int __real_connect(int fd, const sockaddr* address, socklen_t length);
int __real_epoll_wait(int fd, epoll_event* events, int most, int timeout);
int __real_eventfd(unsigned value, int flags);
int __real_getaddrinfo(const char* node, const char* service,
                       const addrinfo* hints, addrinfo** result);
int __real_open(const char* path, int flags, ...);
int __real_pselect(int end, fd_set* reading, fd_set* writing, fd_set* other,
                   const timespec* timeout, const sigset_t* mask);
ssize_t __real_read(int fd, void* bytes, std::size_t size);
ssize_t __real_recv(int fd, void* bytes, std::size_t size, int flags);
ssize_t __real_recvfrom(int fd, void* bytes, std::size_t size, int flags,
                        sockaddr* from, socklen_t* length);
ssize_t __real_send(int fd, const void* bytes, std::size_t size, int flags);
ssize_t __real_sendto(int fd, const void* bytes, std::size_t size, int flags,
                      const sockaddr* to, socklen_t length);
int __real_socket(int family, int type, int protocol);
ssize_t __real_write(int fd, const void* bytes, std::size_t size);

int __wrap_accept4(int fd, sockaddr* peer, socklen_t* length, int flags) {
  return faulted(SystemCall::kAccept4, fd, [&](std::size_t) {
    return __real_accept4(fd, peer, length, flags);
  });
}

int __wrap_connect(int fd, const sockaddr* address, socklen_t length) {
  return faulted(SystemCall::kConnect, fd, [&](std::size_t) {
    return __real_connect(fd, address, length);
  });
}

int __wrap_epoll_wait(int fd, epoll_event* events, int most, int timeout) {
  return faulted(SystemCall::kEpollWait, fd, [&](std::size_t limit) {
    const auto fewer = std::min(static_cast<std::size_t>(most), limit);
    return __real_epoll_wait(fd, events, static_cast<int>(fewer), timeout);
  });
}

int __wrap_eventfd(unsigned value, int flags) {
  return faulted(SystemCall::kEventfd, rp::kAny,
                 [&](std::size_t) { return __real_eventfd(value, flags); });
}

int __wrap_getaddrinfo(const char* node, const char* service,
                       const addrinfo* hints, addrinfo** result) {
  const Fault::Step step = Fault::next(SystemCall::kGetaddrinfo, rp::kAny);
  if (step.number == 0) {
    return __real_getaddrinfo(node, service, hints, result);
  }
  errno = step.number;
  return step.number < 0 ? step.number : EAI_SYSTEM;
}

int __wrap_open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const bool creates = (flags & (O_CREAT | __O_TMPFILE)) != 0;
  const mode_t mode = creates ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return faulted(SystemCall::kOpen, rp::kAny,
                 [&](std::size_t) { return __real_open(path, flags, mode); });
}

int __wrap_pselect(int end, fd_set* reading, fd_set* writing, fd_set* other,
                   const timespec* timeout, const sigset_t* mask) {
  return faulted(SystemCall::kPselect, rp::kAny, [&](std::size_t) {
    return __real_pselect(end, reading, writing, other, timeout, mask);
  });
}

ssize_t __wrap_read(int fd, void* bytes, std::size_t size) {
  return faulted(SystemCall::kRead, fd, [&](std::size_t most) {
    return __real_read(fd, bytes, std::min(size, most));
  });
}

ssize_t __wrap_recv(int fd, void* bytes, std::size_t size, int flags) {
  return faulted(SystemCall::kRecv, fd, [&](std::size_t most) {
    return __real_recv(fd, bytes, std::min(size, most), flags);
  });
}

ssize_t __wrap_recvfrom(int fd, void* bytes, std::size_t size, int flags,
                        sockaddr* from, socklen_t* length) {
  return faulted(SystemCall::kRecvfrom, fd, [&](std::size_t most) {
    const std::size_t fewer = std::min(size, most);
    return __real_recvfrom(fd, bytes, fewer, flags, from, length);
  });
}

ssize_t __wrap_send(int fd, const void* bytes, std::size_t size, int flags) {
  return faulted(SystemCall::kSend, fd, [&](std::size_t most) {
    return __real_send(fd, bytes, std::min(size, most), flags);
  });
}

ssize_t __wrap_sendto(int fd, const void* bytes, std::size_t size, int flags,
                      const sockaddr* to, socklen_t length) {
  return faulted(SystemCall::kSendto, fd, [&](std::size_t most) {
    const std::size_t fewer = std::min(size, most);
    return __real_sendto(fd, bytes, fewer, flags, to, length);
  });
}

int __wrap_socket(int family, int type, int protocol) {
  return faulted(SystemCall::kSocket, rp::kAny, [&](std::size_t) {
    return __real_socket(family, type, protocol);
  });
}

ssize_t __wrap_write(int fd, const void* bytes, std::size_t size) {
  return faulted(SystemCall::kWrite, fd, [&](std::size_t most) {
    return __real_write(fd, bytes, std::min(size, most));
  });
}

}  // extern "C"
