#include "rpc/local.h"

#include <deque>
#include <string>
#include <utility>

namespace rp {

/// What one end has sent and the other has not taken. Tasks of the reactor
/// share it, since they may run when both ends have gone.
struct LocalClient::Pipe {
  Session* receiver = nullptr;
  std::deque<std::string> messages = {};
  bool staged = false;

  void hand_over() {
    staged = false;
    while (receiver != nullptr && receiver->takes_more() && !messages.empty()) {
      const std::string json = std::move(messages.front());
      messages.pop_front();
      receiver->receive(json);
    }
  }
};

/// One end: a session and the pipes to and from the other.
class LocalClient::End : public Wire {
 public:
  End(Dispatcher& service, SessionLimits limits, std::shared_ptr<Pipe> in,
      std::shared_ptr<Pipe> out)
      : reactor_(service.reactor()),
        session_(service, "local", limits),
        in_(std::move(in)),
        out_(std::move(out)) {
    in_->receiver = &session_;
    session_.attach(*this);
  }

  ~End() override {
    in_->receiver = nullptr;
    session_.lost("the local client has gone");
  }

  Session& session() { return session_; }

  void send(std::string_view json) override {
    out_->messages.emplace_back(json);
    stage(out_);
  }

  void set_reading(bool wanted) override {
    if (wanted && !in_->messages.empty()) stage(in_);
  }

  void finish() override {}

 private:
  void stage(const std::shared_ptr<Pipe>& pipe) {
    if (std::exchange(pipe->staged, true)) return;
    reactor_.at_phase_end([pipe] { pipe->hand_over(); });
  }

  Reactor& reactor_;
  Session session_;
  std::shared_ptr<Pipe> in_;
  std::shared_ptr<Pipe> out_;
};

LocalClient::LocalClient(Dispatcher& service, Dispatcher& own,
                         SessionLimits limits) {
  const auto to_server = std::make_shared<Pipe>();
  const auto to_client = std::make_shared<Pipe>();
  server_ = std::make_unique<End>(service, limits, to_server, to_client);
  client_ = std::make_unique<End>(own, limits, to_client, to_server);
}

LocalClient::~LocalClient() = default;

void LocalClient::ask(std::string_view method, const Value& params, Done done,
                      Duration timeout) {
  client_->session().ask(method, params, std::move(done), timeout);
}

void LocalClient::notify(std::string_view method, const Value& params) {
  client_->session().notify(method, params);
}

}  // namespace rp
