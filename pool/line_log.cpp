#include "pool/line_log.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace rp {

namespace {

constexpr int kGlanceMs = 50;

std::uint64_t lines_in(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

LineLog::LineLog(UniqueFd own, Options options)
    : own_(std::move(own)),
      fd_(own_.get()),
      options_(options),
      queue_(options.capacity),
      thread_([this] { serve(); }) {}

LineLog::LineLog(int fd, Options options)
    : fd_(fd),
      options_(options),
      queue_(options.capacity),
      thread_([this] { serve(); }) {}

LineLog::~LineLog() { end(); }

void LineLog::end() {
  if (!thread_.joinable()) return;
  ending_ = true;
  queue_.poison();
  thread_.join();
}

UniqueFd LineLog::open(const std::string& path) {
  constexpr int kAnew = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  UniqueFd fd(::open(path.c_str(), kAnew | O_NONBLOCK,
                     S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH));
  if (!fd) {
    const char* reader = errno == ENXIO ? ", which nobody reads" : "";
    throw std::system_error(errno, std::generic_category(),
                            "write " + path + reader);
  }
  return fd;
}

bool LineLog::write(std::string lines) {
  const std::uint64_t count = lines_in(lines);
  if (queue_.try_push(std::move(lines))) return true;
  error_ = 0;
  lost_ += count;
  return false;
}

std::string LineLog::why_lost() const {
  const int error = error_;
  return error == 0 ? "nobody took them in time"
                    : std::generic_category().message(error);
}

void LineLog::serve() {
  std::uint64_t told = 0;
  while (auto lines = queue_.pop()) {
    if (const auto rest = put(*lines); !rest.empty()) {
      lost_ += lines_in(rest);
      if (ending_) {
        drop_waiting();
        continue;
      }
    }
    const std::uint64_t lost = lost_;
    if (lost == told || options_.tell_lost == nullptr) continue;
    if (put(options_.tell_lost(lost - told)).empty()) told = lost;
  }
}

void LineLog::drop_waiting() {
  for (const std::string& lines : queue_.take_all()) lost_ += lines_in(lines);
}

std::string_view LineLog::put(std::string_view lines) {
  const bool whole = !torn_ || put_bytes("\n").empty();
  return whole ? put_bytes(lines) : lines;
}

// A pipe or a terminal that can be written takes PIPE_BUF bytes at once, also
// if others write to it, so that write() does not wait.
std::string_view LineLog::put_bytes(std::string_view bytes) {
  while (!bytes.empty() && wait_for_room()) {
    const std::size_t some = std::min<std::size_t>(bytes.size(), PIPE_BUF);
    const ssize_t written = ::write(fd_, bytes.data(), some);
    if (written >= 0) {
      const auto size = static_cast<std::size_t>(written);
      torn_ = !bytes.substr(0, size).ends_with('\n');
      bytes.remove_prefix(size);
    } else if (errno != EINTR && errno != EAGAIN) {
      error_ = errno;
      break;
    }
  }
  return bytes;
}

bool LineLog::wait_for_room() {
  SteadyClock clock;
  while (clock.now() < patience_ends_) {
    pollfd room{.fd = fd_, .events = POLLOUT, .revents = 0};
    if (::poll(&room, 1, kGlanceMs) > 0) return true;
    if (ending_ && patience_ends_ == TimePoint::max()) {
      patience_ends_ = clock.now() + options_.patience;
    }
  }
  return false;
}

}  // namespace rp
