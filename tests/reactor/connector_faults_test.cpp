#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "reactor/connector.h"
#include "reactor/socket.h"
#include "tests/support/directory.h"
#include "tests/support/faults.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Over TCP an answer takes its time, so these reactors have the machine's.
class TcpConnector : public ::testing::TestWithParam<std::string> {
 protected:
  ConnectResult connect(std::vector<Address> addresses) {
    Reactor reactor(make_poller(GetParam()));
    ConnectResult result;
    Connector::start(reactor, std::move(addresses), 1h, [&](ConnectResult r) {
      result = std::move(r);
      reactor.stop();
    });
    reactor.run();
    return result;
  }

  // An address that was in use a moment ago and is no more.
  static Address nobody() {
    return local_address(listen_on(Address::parse("127.0.0.1:0")).get());
  }

  UniqueFd listening_ = listen_on(Address::parse("127.0.0.1:0"));
  Address here_ = local_address(listening_.get());
};

RP_ON_BOTH_POLLERS(TcpConnector);

TEST_P(TcpConnector, ConnectsAndSendsWithoutDelay) {
  const ConnectResult result = connect({here_});
  EXPECT_EQ(peer_address(result.fd.get()).to_string(), here_.to_string());
  int on = 0;
  socklen_t length = sizeof on;
  ::getsockopt(result.fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, &length);
  EXPECT_EQ(on, 1);
}

TEST_P(TcpConnector, SaysWhoRefused) {
  const Address refuses = nobody();
  const ConnectResult result = connect({refuses});
  EXPECT_FALSE(result.fd);
  EXPECT_EQ(result.message(),
            "connect to " + refuses.to_string() + ": Connection refused");
}

TEST_P(TcpConnector, TriesTheNextAddressWhenOneRefuses) {
  const ConnectResult result = connect({nobody(), here_});
  EXPECT_TRUE(result.fd);
  EXPECT_EQ(result.peer.to_string(), here_.to_string());
}

TEST_P(TcpConnector, TriesTheNextAddressThoughItIsOfAnotherFamily) {
  const Directory directory;
  const Address path = Address::unix_path(directory / "socket");
  const UniqueFd listening = listen_on(path);
  connect({nobody(), path});
  EXPECT_TRUE(accept_from(listening.get(), nullptr));
}

TEST_P(TcpConnector, TriesTheNextAddressWhenOneFailsAtOnce) {
  const Fault fault = Fault::on_any().connect({Fault::error(ENETUNREACH)});
  const ConnectResult result = connect({nobody(), here_});
  EXPECT_TRUE(result.fd);
  EXPECT_EQ(fault.left(), 0u);
}

TEST_P(TcpConnector, SaysWhyTheOnlyAddressFailedAtOnce) {
  const Fault fault = Fault::on_any().connect({Fault::error(ENETUNREACH)});
  EXPECT_EQ(connect({here_}).error.value(), ENETUNREACH);
}

TEST_P(TcpConnector, PassesOverAnAddressThatCanHaveNoSocket) {
  const Fault fault = Fault::on_any().socket({Fault::error(EAFNOSUPPORT)});
  const ConnectResult result = connect({Address::parse("[::1]:1"), here_});
  EXPECT_TRUE(result.fd);
}

TEST_P(TcpConnector, ThrowsWhenThereIsNoSocketToBeHad) {
  const Fault fault = Fault::on_any().socket({Fault::error(EMFILE).always()});
  EXPECT_THROW(connect({here_, here_}), std::system_error);
}

TEST_P(TcpConnector, SaysWhyThereIsNoSocketForTheNextAddress) {
  const Address refuses = nobody();
  const Fault fault =
      Fault::on_any().socket({Fault::pass(), Fault::error(EMFILE)});
  const ConnectResult result = connect({refuses, here_});
  EXPECT_FALSE(result.fd);
  EXPECT_EQ(result.error.value(), EMFILE);
}

TEST_P(TcpConnector, DoesNotBeginAgainAfterASignal) {
  // Linux goes on with a connect that a signal interrupted.
  const Fault fault = Fault::on_any().connect({Fault::error(EINTR)});
  connect({here_});
  EXPECT_EQ(fault.left(), 0u);
  EXPECT_EQ(fault.calls(SystemCall::kConnect), 1u);
}

}  // namespace
}  // namespace rp
