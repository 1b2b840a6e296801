#include "reactor/socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "tests/support/directory.h"
#include "tests/support/faults.h"

namespace rp {
namespace {

std::string failure(const Address& address) {
  try {
    listen_on(address);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "listens";
}

bool has_flag(int fd, int query, int flag) {
  return (::fcntl(fd, query) & flag) != 0;
}

int option(int fd, int level, int name) {
  int value = 0;
  socklen_t length = sizeof value;
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &length), 0);
  return value;
}

void await(int fd, short events) {
  pollfd waiting{fd, events, 0};
  while (::poll(&waiting, 1, -1) < 0 && errno == EINTR) {
  }
}

bool machine_has_ipv6() {
  try {
    listen_on(Address::parse("[::1]:0"));
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

// A port on which nobody listens: it was given to us, and is not given to
// another soon.
Address deserted() {
  const UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
  return local_address(listening.get());
}

struct Family {
  const char* name;
  const char* address;
};

class StreamSocket : public testing::TestWithParam<Family> {
 protected:
  void SetUp() override {
    if (std::string(GetParam().name) == "Ipv6" && !machine_has_ipv6()) {
      GTEST_SKIP() << "this machine has no ::1";
    }
    listening_ = listen_on(here());
  }

  Address here() const {
    const std::string text = GetParam().address;
    if (!text.empty()) return Address::parse(text);
    return Address::unix_path(directory_ / "here.sock");
  }

  // A loopback connect is complete when it returns, so nobody need wait.
  UniqueFd connect() { return connect_blocking(local_address(listening())); }
  UniqueFd accept(Address* peer = nullptr) {
    return accept_from(listening(), peer);
  }
  int listening() const { return listening_.get(); }

  Directory directory_;
  UniqueFd listening_;
};

INSTANTIATE_TEST_SUITE_P(Families, StreamSocket,
                         testing::Values(Family{"Ipv4", "127.0.0.1:0"},
                                         Family{"Ipv6", "[::1]:0"},
                                         Family{"Unix", ""}),
                         [](const auto& chosen) { return chosen.param.name; });

TEST_P(StreamSocket, CarriesBytesBothWays) {
  const UniqueFd client = connect();
  const UniqueFd server = accept();
  char bytes[4];
  ASSERT_EQ(::send(client.get(), "ping", 4, 0), 4);
  EXPECT_EQ(::recv(server.get(), bytes, 4, MSG_WAITALL), 4);
  EXPECT_EQ(std::string(bytes, 4), "ping");
  ASSERT_EQ(::send(server.get(), "pong", 4, 0), 4);
  EXPECT_EQ(::recv(client.get(), bytes, 4, MSG_WAITALL), 4);
  EXPECT_EQ(std::string(bytes, 4), "pong");
}

TEST_P(StreamSocket, TellsTheServerWhoCame) {
  const UniqueFd client = connect();
  Address peer;
  const UniqueFd server = accept(&peer);
  EXPECT_EQ(peer.to_string(), local_address(client.get()).to_string());
  EXPECT_EQ(peer.family(), here().family());
  EXPECT_EQ(peer_address(client.get()).to_string(),
            local_address(server.get()).to_string());
}

TEST_P(StreamSocket, ClosesOnExecAndBlocksOnlyWithoutALoop) {
  const UniqueFd client = connect();
  const UniqueFd server = accept();
  const UniqueFd raw = stream_socket(here());
  for (const int fd : {listening(), client.get(), server.get(), raw.get()}) {
    EXPECT_TRUE(has_flag(fd, F_GETFD, FD_CLOEXEC));
    EXPECT_EQ(has_flag(fd, F_GETFL, O_NONBLOCK), fd != client.get());
  }
}

TEST_P(StreamSocket, ConnectsWithoutWaiting) {
  const UniqueFd client = stream_socket(here());
  const int began = start_connect(client.get(), local_address(listening()));
  EXPECT_TRUE(began == 0 || began == EINPROGRESS) << began;
  await(client.get(), POLLOUT);
  EXPECT_EQ(connect_result(client.get()), 0);
  EXPECT_TRUE(accept());
}

TEST_P(StreamSocket, SaysThatNobodyIsWaiting) {
  errno = 0;
  EXPECT_FALSE(accept());
  EXPECT_EQ(errno, EAGAIN);
}

TEST_P(StreamSocket, AcceptsAgainAfterASignal) {
  const UniqueFd client = connect();
  Fault fault = Fault::on(listening())
                    .accept4({Fault::error(EINTR), Fault::error(EINTR)});
  EXPECT_TRUE(accept());
  EXPECT_EQ(fault.left(), 0U);
}

TEST_P(StreamSocket, SaysWhyItCouldNotAccept) {
  const UniqueFd client = connect();
  for (const int reason : {EMFILE, ENFILE, ECONNABORTED}) {
    const Fault fault = Fault::on(listening()).accept4({Fault::error(reason)});
    EXPECT_FALSE(accept());
    EXPECT_EQ(errno, reason);
  }
  EXPECT_TRUE(accept());
}

TEST_P(StreamSocket, ConnectsThroughSignals) {
  Fault fault = Fault::on_any().connect({Fault::error(EINTR)});
  EXPECT_TRUE(connect());
  EXPECT_EQ(fault.calls(SystemCall::kConnect), 2U);
}

TEST_P(StreamSocket, TakesAConnectThatASignalInterruptedAsInProgress) {
  const UniqueFd client = stream_socket(here());
  const Fault fault = Fault::on(client.get()).connect({Fault::error(EINTR)});
  EXPECT_EQ(start_connect(client.get(), here()), EINPROGRESS);
}

TEST_P(StreamSocket, SaysWhatItWasDoingWhenDescriptorsRunOut) {
  const Fault fault = Fault::on_any().socket({Fault::error(EMFILE).always()});
  const std::string name = here().to_string();
  EXPECT_EQ(failure(here()), "listen on " + name + ": Too many open files");
  EXPECT_THROW(stream_socket(here()), std::system_error);
}

TEST(Socket, SendsSmallAnswersAtOnceOnBothEnds) {
  const UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
  const UniqueFd client = connect_blocking(local_address(listening.get()));
  const UniqueFd server = accept_from(listening.get(), nullptr);
  EXPECT_EQ(option(client.get(), IPPROTO_TCP, TCP_NODELAY), 0);
  send_without_delay(client.get());
  EXPECT_EQ(option(client.get(), IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(option(server.get(), IPPROTO_TCP, TCP_NODELAY), 1);
}

TEST(Socket, NamesTheAddressThatIsTaken) {
  const UniqueFd first = listen_on(Address::parse("127.0.0.1:0"));
  const Address taken = local_address(first.get());
  EXPECT_EQ(failure(taken),
            "listen on " + taken.to_string() + ": Address already in use");
}

TEST(Socket, NamesTheAddressThatIsNotOurs) {
  EXPECT_EQ(failure(Address::parse("192.0.2.1:0")),
            "listen on 192.0.2.1:0: Cannot assign requested address");
}

TEST(Socket, ListensAgainOnAPortThatWasJustLeft) {
  Address address;
  {
    const UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
    address = local_address(listening.get());
    const UniqueFd client = connect_blocking(address);
    accept_from(listening.get(), nullptr);
  }
  EXPECT_EQ(failure(address), "listens");
}

TEST(Socket, SaysWhomItCouldNotReach) {
  const Address nobody = deserted();
  try {
    connect_blocking(nobody);
    FAIL() << "connected to nobody";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ECONNREFUSED);
    EXPECT_EQ(std::string(error.what()),
              "connect to " + nobody.to_string() + ": Connection refused");
  }
}

TEST(Socket, TellsTheOutcomeOfAConnectThatWasRefused) {
  const Address nobody = deserted();
  const UniqueFd client = stream_socket(nobody);
  const int began = start_connect(client.get(), nobody);
  await(client.get(), POLLOUT);
  const int result =
      began == EINPROGRESS ? connect_result(client.get()) : began;
  EXPECT_EQ(result, ECONNREFUSED);
}

TEST(Socket, TellsThatADescriptorIsNoSocket) {
  const UniqueFd null{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  EXPECT_EQ(connect_result(null.get()), ENOTSOCK);
  EXPECT_THROW(local_address(null.get()), std::system_error);
  EXPECT_THROW(peer_address(null.get()), std::system_error);
}

TEST(Socket, BlocksOrNotAsItIsTold) {
  const UniqueFd fd = stream_socket(Address::parse("127.0.0.1:0"));
  set_blocking(fd.get(), true);
  EXPECT_FALSE(has_flag(fd.get(), F_GETFL, O_NONBLOCK));
  set_blocking(fd.get(), false);
  EXPECT_TRUE(has_flag(fd.get(), F_GETFL, O_NONBLOCK));
  EXPECT_THROW(set_blocking(-1, true), std::system_error);
}

TEST(Socket, LeavesIpv4ToOthersWhenItListensOnIpv6) {
  if (!machine_has_ipv6()) GTEST_SKIP() << "this machine has no ::1";
  const UniqueFd six = listen_on(Address::parse("[::]:0"));
  const std::uint16_t port = local_address(six.get()).port();
  EXPECT_EQ(failure(Address::ip("0.0.0.0", port)), "listens");
}

}  // namespace
}  // namespace rp
