#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "reactor/acceptor.h"
#include "reactor/proxy.h"
#include "reactor/socket.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

// Resets are TCP's alone, and TCP takes its time: this reactor has the
// machine's.
class TcpProxy : public ::testing::TestWithParam<std::string> {
 protected:
  // A client of a proxy to `server`.
  void connect_by_proxy_to(const Address& server) {
    UniqueFd here = listen_on(Address::parse("127.0.0.1:0"));
    const Address proxy = local_address(here.get());
    auto make = [this, server](UniqueFd fd, const Address& peer) {
      return ProxyEnd::dialing(
          std::move(fd), peer, {server}, {},
          [this](const std::string& why) { complaint_ = why; });
    };
    Acceptor::start(reactor_, std::move(here), make);
    client_ = connect_blocking(proxy);
    set_blocking(client_.get(), false);
  }

  Function<bool()> server_is_reached() {
    return [this] {
      server_ = accept_from(listening_.get(), nullptr);
      return static_cast<bool>(server_);
    };
  }

  // Holds when reading fails otherwise than for want of bytes.
  static Function<bool()> is_reset(const UniqueFd& fd) {
    return [&fd] {
      char byte = 0;
      return ::recv(fd.get(), &byte, 1, 0) < 0 && errno == ECONNRESET;
    };
  }

  UniqueFd listening_ = listen_on(Address::parse("127.0.0.1:0"));
  Address server_address_ = local_address(listening_.get());
  UniqueFd client_;
  UniqueFd server_;
  std::string complaint_;
  Reactor reactor_{make_poller(GetParam())};
  Steps steps_{reactor_};
};

RP_ON_BOTH_POLLERS(TcpProxy);

TEST_P(TcpProxy, CarriesWhatWasSentBeforeTheServerWasReached) {
  connect_by_proxy_to(server_address_);
  write_all(client_.get(), "hello");
  ::shutdown(client_.get(), SHUT_WR);
  std::string got;
  steps_.until(server_is_reached()).until([&] {
    got += read_available(server_.get());
    return at_end(server_.get());
  });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(got, "hello");
}

TEST_P(TcpProxy, CarriesMuchInBothDirectionsAtOnce) {
  connect_by_proxy_to(server_address_);
  std::size_t sent[2] = {};
  std::size_t got[2] = {};
  constexpr std::size_t kEnough = 5'000'000;
  steps_.until(server_is_reached()).until([&] {
    if (sent[0] < kEnough) sent[0] += fill(client_.get());
    if (sent[1] < kEnough) sent[1] += fill(server_.get());
    got[0] += read_available(server_.get()).size();
    got[1] += read_available(client_.get()).size();
    return got[0] >= kEnough && got[1] >= kEnough && got[0] == sent[0] &&
           got[1] == sent[1];
  });
  EXPECT_TRUE(steps_.run())
      << got[0] << " of " << sent[0] << ", " << got[1] << " of " << sent[1];
}

TEST_P(TcpProxy, TellsTheServerOfTheClientsReset) {
  connect_by_proxy_to(server_address_);
  steps_.until(server_is_reached())
      .then([&] { reset_connection(std::move(client_)); })
      .until(is_reset(server_));
  EXPECT_TRUE(steps_.run());
}

TEST_P(TcpProxy, TellsTheClientOfTheServersReset) {
  connect_by_proxy_to(server_address_);
  steps_.until(server_is_reached())
      .then([&] { reset_connection(std::move(server_)); })
      .until(is_reset(client_));
  EXPECT_TRUE(steps_.run());
}

TEST_P(TcpProxy, ResetsAClientWhoseServerIsNotThere) {
  listening_.reset();
  connect_by_proxy_to(server_address_);
  steps_.until(is_reset(client_));
  EXPECT_TRUE(steps_.run());
  EXPECT_EQ(complaint_, "connect to " + server_address_.to_string() +
                            ": Connection refused");
}

}  // namespace
}  // namespace rp
