#include "pool/process_worker.h"

#include <chrono>
#include <csignal>
#include <utility>

#include "pool/error_lines.h"
#include "reactor/connection.h"

namespace rp {

namespace {

constexpr std::chrono::seconds kPatience{1};
constexpr int kMostReadsAtTheEnd = 32;  // a socket holds less

// A worker may take and answer as slowly as its deadline allows.
ConnectionLimits no_limits() {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  return {.pause_at = kNone,
          .close_at = kNone,
          .idle = Duration::zero(),
          .linger = Duration::zero()};
}

std::string text_of(const std::string& name, pid_t pid, const ChildExit& exit,
                    const std::string& why) {
  const std::string who = "worker " + name + " (pid " + std::to_string(pid);
  return who + ") " + (why.empty() ? exit.text() : "was ended: " + why);
}

}  // namespace

WorkerLost::WorkerLost(const std::string& name, pid_t pid,
                       const ChildExit& exit, const std::string& why)
    : std::runtime_error(text_of(name, pid, exit, why)),
      signal_(exit.signal),
      status_(exit.status),
      start_error_(exit.start_error) {}

WorkerLost::WorkerLost(const std::string& name, const std::system_error& error)
    : std::runtime_error("worker " + name +
                         " cannot be started: " + error.what()),
      start_error_(error.code().value()) {}

class ProcessWorker::Stream : public Connection {
 public:
  Stream(UniqueFd fd, std::shared_ptr<ProcessWorker*> worker)
      : Connection(std::move(fd), Address(), no_limits()),
        worker_(std::move(worker)) {}

  // The child is dead, and what it had written is all there.
  void read_rest() {
    for (int i = 0; i < kMostReadsAtTheEnd && !ended(); ++i) on_readable();
  }

 protected:
  void on_data(std::string_view bytes) override {
    if (*worker_ != nullptr) (*worker_)->take_bytes(bytes);
  }
  void on_end() override { tell_end(); }
  void on_disconnect(CloseReason) override { tell_end(); }

 private:
  void tell_end() {
    if (*worker_ != nullptr) (*worker_)->stream_ended();
  }

  std::shared_ptr<ProcessWorker*> worker_;
};

ProcessWorker::ProcessWorker(Reactor& reactor, const Options& options,
                             Events events)
    : reactor_(reactor),
      name_(options.name),
      longest_answer_(options.longest_answer),
      events_(std::move(events)),
      self_(std::make_shared<ProcessWorker*>(this)) {
  try {
    start(options.command);
  } catch (...) {
    close();
    throw;
  }
}

ProcessWorker::~ProcessWorker() { close(); }

void ProcessWorker::start(const std::vector<std::string>& command) {
  auto child = std::make_unique<ChildProcess>(
      command, [self = self_](const ChildExit& exit) {
        if (*self != nullptr) (*self)->child_ended(exit);
      });
  pid_ = child->pid();
  auto stream = std::make_unique<Stream>(child->take_stream(), self_);
  auto errors = std::make_unique<ErrorLines>(
      child->take_errors(), name_ + "[" + std::to_string(pid_) + "] ",
      [self = self_,
       pass_on = std::move(events_.error_line)](std::string_view line) mutable {
        if (*self != nullptr) pass_on(line);
      });
  child_ = add(std::move(child));
  stream_ = add(std::move(stream));
  errors_ = add(std::move(errors));
}

HandleId ProcessWorker::add(std::unique_ptr<EventHandler> handler) {
  return reactor_.add(std::move(handler), Interest::reading(),
                      Lifetime::background);
}

template <class Handler>
Handler* ProcessWorker::find(HandleId id) const {
  return static_cast<Handler*>(reactor_.find(id));
}

void ProcessWorker::close() {
  *self_ = nullptr;
  reactor_.cancel(patience_);
  if (auto* child = find<ChildProcess>(child_)) child->end();
  for (const HandleId id : {child_, stream_, errors_}) reactor_.close(id);
}

void ProcessWorker::ask(std::string_view line) {
  asked_ = true;
  auto* stream = find<Stream>(stream_);
  stream->send(line);
  stream->send("\n");
}

void ProcessWorker::take_bytes(std::string_view bytes) {
  if (ending_) return;
  if (!asked_) return end_for("it wrote what nobody had asked for");
  const auto newline = bytes.find('\n');
  const std::string_view piece = bytes.substr(0, newline);
  if (piece.size() > longest_answer_ - answer_.size()) {
    return end_for("its answer is longer than " +
                   std::to_string(longest_answer_) + " bytes");
  }
  answer_ += piece;
  if (newline == std::string_view::npos) return;
  // Known before the answer is told: it must not be asked again.
  if (newline + 1 < bytes.size()) end_for("it answered more than one line");
  asked_ = false;
  events_.answered(std::exchange(answer_, {}));
}

// Most often the child is about to end, and its exit says more than we can.
void ProcessWorker::stream_ended() {
  if (std::exchange(ending_, true)) return;
  patience_ends_ = reactor_.now() + kPatience;
  renew_timer();
}

void ProcessWorker::renew_timer() {
  if (!ending_ || killed_) return;
  reactor_.cancel(patience_);
  patience_ = reactor_.run_at(patience_ends_, [this] {
    end_for("it closed its standard input and output");
  });
}

void ProcessWorker::end_for(const std::string& why) {
  if (why_.empty()) why_ = why;
  kill();
}

void ProcessWorker::kill() {
  ending_ = true;
  auto* child = find<ChildProcess>(child_);
  if (child == nullptr) return;
  child->kill();
  killed_ = true;
}

void ProcessWorker::child_ended(const ChildExit& exit) {
  child_ = {};
  if (auto* stream = find<Stream>(stream_)) stream->read_rest();
  const auto self = self_;
  if (auto* errors = find<ErrorLines>(errors_)) errors->finish();
  if (*self == nullptr) return;
  const WorkerLost lost(name_, pid_, exit, exit.signal == SIGKILL ? why_ : "");
  close();
  auto ended = std::move(events_.ended);
  ended(lost);
}

}  // namespace rp
