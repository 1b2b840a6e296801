#include "rpc/stdio.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "reactor/buffer.h"
#include "reactor/socket.h"
#include "rpc/wire/content_length.h"

namespace rp {

namespace {

UniqueFd duplicate(int fd, const std::string& name) {
  UniqueFd copy(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!copy) throw_errno(name);
  return copy;
}

bool takes_bytes(int fd) {
  pollfd looked{.fd = fd, .events = POLLOUT, .revents = 0};
  return ::poll(&looked, 1, 0) == 1 && (looked.revents & POLLOUT) != 0;
}

// Names the direction, for the poller knows descriptors only.
HandleId watch(Reactor& reactor, std::unique_ptr<EventHandler> handler,
               Interest interest, const char* name) {
  try {
    return reactor.add(std::move(handler), interest);
  } catch (const std::system_error& error) {
    throw_errno("this poller cannot watch the " + std::string(name),
                error.code().value());
  }
}

bool is_passing(int error_number) {
  return error_number == EINTR || error_number == EAGAIN;
}

std::unique_ptr<Framer> framer(const Stdio::Options& options) {
  const std::size_t longest = options.limits.line;
  if (options.framing == Stdio::Framing::content_length) {
    return std::make_unique<ContentLengthFramer>(longest);
  }
  return std::make_unique<LineFramer>(longest);
}

}  // namespace

// The other direction, a handle of its own.
class Stdio::Output : public EventHandler {
 public:
  explicit Output(UniqueFd fd) : fd_(std::move(fd)) {}

  void belongs_to(HandleId owner) { owner_ = owner; }
  std::size_t unsent() const { return bytes_.size(); }

  void put(std::string_view bytes) {
    bytes_.append(bytes);
    reactor().set_interest(id(), Interest{.read = false, .write = true});
  }

  int fd() const override { return fd_.get(); }

  void on_writable() override {
    const bool good = write_some();
    auto* owner = static_cast<Stdio*>(reactor().find(owner_));
    if (!good) return reactor().close(owner_, CloseReason::reset);
    if (bytes_.empty()) reactor().set_interest(id(), Interest::none());
    if (owner != nullptr) owner->written(bytes_.size());
  }

  void on_drain() override {}

  void on_closed(CloseReason reason) override {
    if (reason != CloseReason::shutdown) return;
    while (!bytes_.empty() && takes_bytes(fd()) && write_some()) {
    }
  }

 private:
  // As much as never blocks on what the poller calls writable (pipe(7)).
  bool write_some() {
    const std::string_view bytes = bytes_.front().substr(0, PIPE_BUF);
    const ssize_t count = ::write(fd(), bytes.data(), bytes.size());
    if (count < 0) return is_passing(errno);
    bytes_.consume(static_cast<std::size_t>(count));
    return true;
  }

  UniqueFd fd_;
  HandleId owner_;
  Buffer bytes_;
};

HandleId Stdio::start(Dispatcher& service, Ended ended, Options options) {
  return start(service, duplicate(STDIN_FILENO, "standard input"),
               duplicate(STDOUT_FILENO, "standard output"), std::move(ended),
               options);
}

// The output is watched for a moment, so that what the poller cannot watch is
// known now.
HandleId Stdio::start(Dispatcher& service, UniqueFd input, UniqueFd output,
                      Ended ended, Options options) {
  Reactor& reactor = service.reactor();
  const HandleId out =
      watch(reactor, std::make_unique<Output>(std::move(output)),
            Interest{.read = false, .write = true}, "output");
  reactor.set_interest(out, Interest::none());
  std::unique_ptr<Stdio> stdio(
      new Stdio(service, std::move(input), out, std::move(ended), options));
  try {
    const HandleId id =
        watch(reactor, std::move(stdio), Interest::reading(), "input");
    static_cast<Output*>(reactor.find(out))->belongs_to(id);
    return id;
  } catch (...) {
    reactor.close(out);
    throw;
  }
}

Stdio::Stdio(Dispatcher& service, UniqueFd input, HandleId output, Ended ended,
             const Options& options)
    : LineWire(
          std::make_unique<Session>(service, "stdio", options.limits.session,
                                    Headers(), options.can_be_asked),
          options.limits, framer(options)),
      input_(std::move(input)),
      output_(output),
      tell_end_(std::move(ended)),
      limits_(options.limits.connection) {}

Stdio::~Stdio() = default;

void Stdio::on_readable() {
  const auto buffer = reactor().read_buffer();
  const ssize_t count = ::read(fd(), buffer.data(), buffer.size());
  if (count < 0) {
    if (!is_passing(errno)) end_now(CloseReason::reset);
    return;
  }
  if (count > 0) return take({buffer.data(), static_cast<std::size_t>(count)});
  ended_ = true;
  update_interest();
  take_end();
}

void Stdio::put(std::string_view bytes) {
  Output* out = output();
  if (out == nullptr || ending_ || !is_open()) return;
  out->put(bytes);
  if (out->unsent() > limits_.close_at) return end_now(CloseReason::overflow);
  if (out->unsent() > limits_.pause_at) choked_ = true;
  update_interest();
}

void Stdio::written(std::size_t unsent) {
  if (unsent == 0 && ending_) return end_now(*ending_);
  if (!choked_ || unsent > limits_.pause_at / 2) return;
  choked_ = false;
  update_interest();
  go_on();
}

void Stdio::read_on(bool wanted) {
  reading_ = wanted;
  update_interest();
}

void Stdio::update_interest() {
  const bool reads = reading_ && !choked_ && !ended_ && !ending_;
  reactor().set_interest(id(), reads ? Interest::reading() : Interest::none());
}

bool Stdio::is_open() const { return reactor().find(id()) != nullptr; }

void Stdio::end_after_sending(CloseReason reason) {
  const Output* out = output();
  if (out == nullptr || out->unsent() == 0) return end_now(reason);
  ending_ = reason;
  update_interest();
}

void Stdio::end_now(CloseReason reason) { reactor().close(id(), reason); }

void Stdio::on_closed(CloseReason reason) {
  lost(reason);
  reactor().close(output_, reason);
  tell_end_(reason);
}

Stdio::Output* Stdio::output() const {
  return static_cast<Output*>(reactor().find(output_));
}

}  // namespace rp
