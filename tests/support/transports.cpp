#include "tests/support/transports.h"

#include <utility>

#include "reactor/socket.h"
#include "rpc/session.h"
#include "rpc/stdio.h"
#include "rpc/tcp_server.h"
#include "tests/support/directory.h"
#include "tests/support/line_peer.h"
#include "tests/support/stdio_peer.h"

namespace rp {
namespace {

/// No wire at all: texts go into a session and come out of it.
class LocalTransport : public Transport {
 public:
  explicit LocalTransport(Dispatcher& service)
      : out_(*this), session_(service, "local") {
    session_.attach(out_);
  }

  void send(std::string_view json) override {
    waiting_.emplace_back(json);
    hand_over();
  }
  const std::vector<std::string>& received() override { return received_; }

 private:
  class Out : public Wire {
   public:
    explicit Out(LocalTransport& owner) : owner_(owner) {}
    void send(std::string_view json) override {
      owner_.received_.emplace_back(json);
    }
    void set_reading(bool) override { owner_.hand_over(); }
    void finish() override {}

   private:
    LocalTransport& owner_;
  };

  void hand_over() {
    if (std::exchange(handing_over_, true)) return;
    while (taken_ < waiting_.size() && session_.takes_more()) {
      session_.receive(waiting_[taken_++]);
    }
    handing_over_ = false;
  }

  std::vector<std::string> waiting_;
  std::vector<std::string> received_;
  std::size_t taken_ = 0;
  bool handing_over_ = false;
  Out out_;
  Session session_;
};

/// A server, and a raw socket that is connected to it.
class StreamTransport : public Transport {
 public:
  StreamTransport(Dispatcher& service, const Address& address)
      : server_(service, address), peer_(connect_blocking(server_.address())) {}

  void send(std::string_view json) override { peer_.send_line(json); }
  const std::vector<std::string>& received() override { return peer_.lines(); }

 private:
  TcpServer server_;
  LinePeer peer_;
};

class TcpTransport : public StreamTransport {
 public:
  explicit TcpTransport(Dispatcher& service)
      : StreamTransport(service, Address::parse("127.0.0.1:0")) {}
};

class UnixTransport : private Directory, public StreamTransport {
 public:
  explicit UnixTransport(Dispatcher& service)
      : StreamTransport(service,
                        Address::unix_path(*this / std::string("rpc.sock"))) {}
};

/// Two pipes, as between a program and what started it.
class StdioTransport : public Transport {
 public:
  StdioTransport(Dispatcher& service, Stdio::Framing framing) {
    StdioEnds ends = stdio_pipes();
    peer_ = std::move(ends.peer);
    peer_.speak(framer_of(framing));
    Stdio::start(service, std::move(ends.input), std::move(ends.output),
                 [](CloseReason) {}, {.framing = framing});
  }

  void send(std::string_view json) override { peer_.send_message(json); }
  const std::vector<std::string>& received() override {
    return peer_.messages();
  }

 private:
  StdioPeer peer_;
};

template <Stdio::Framing framing>
std::unique_ptr<Transport> stdio(Dispatcher& service) {
  return std::make_unique<StdioTransport>(service, framing);
}

template <typename Kind>
std::unique_ptr<Transport> make(Dispatcher& service) {
  return std::make_unique<Kind>(service);
}

}  // namespace

std::vector<TransportKind> basic_transports() {
  return {{"Local", make<LocalTransport>},
          {"Tcp", make<TcpTransport>},
          {"Unix", make<UnixTransport>},
          {"Stdio", stdio<Stdio::Framing::lines>},
          {"ContentLength", stdio<Stdio::Framing::content_length>}};
}

}  // namespace rp
