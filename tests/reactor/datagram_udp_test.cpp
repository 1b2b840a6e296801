#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "reactor/datagram.h"
#include "reactor/socket.h"
#include "tests/support/datagram_fixture.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using Texts = std::vector<std::string>;
using Way = std::tuple<std::string, const char*>;  // poller, host

std::string why(const Address& here) {
  try {
    datagram_socket(here);
    return "bound";
  } catch (const std::system_error& error) {
    return error.what();
  }
}

// Over UDP an answer takes its time, so these reactors have the machine's.
class Udp : public ::testing::TestWithParam<Way> {
 protected:
  Address any_port() const { return Address::ip(std::get<1>(GetParam()), 0); }

  // An address at which nobody listens.
  Address nobody() const {
    return local_address(datagram_socket(any_port()).get());
  }

  DatagramRecorder& add(UniqueFd fd, DatagramRecord& record) {
    auto made = std::make_unique<DatagramRecorder>(std::move(fd),
                                                   DatagramLimits{}, record);
    DatagramRecorder& socket = *made;
    reactor_.add(std::move(made), Interest::reading());
    return socket;
  }

  // A server that sends back what it gets.
  Address add_server(UniqueFd fd) {
    const Address here = local_address(fd.get());
    add(std::move(fd), served_).arrived = [](auto& me, auto& it) {
      me.send(it.bytes, it.from);
    };
    return here;
  }

  bool wait_for_answers(std::size_t count) {
    return run_until(reactor_, [this, count] {
      return got_.received.size() + got_.errors.size() >= count;
    });
  }

  DatagramRecord served_;
  DatagramRecord got_;
  Reactor reactor_{make_poller(std::get<0>(GetParam()))};
};

INSTANTIATE_TEST_SUITE_P(
    Ways, Udp,
    ::testing::Combine(::testing::Values("Epoll", "Select"),
                       ::testing::Values("127.0.0.1", "::1")),
    [](const auto& test) {
      const bool v4 = std::get<1>(test.param) == std::string("127.0.0.1");
      return std::get<0>(test.param) + (v4 ? "IPv4" : "IPv6");
    });

TEST_P(Udp, AnswersWhoSentIt) {
  const Address server = add_server(datagram_socket(any_port()));
  UniqueFd fd = datagram_socket(any_port());
  const Address client = local_address(fd.get());
  add(std::move(fd), got_).send("hello", server);
  ASSERT_TRUE(wait_for_answers(1));
  EXPECT_EQ(served_.from, Texts{client.to_string()});
  EXPECT_EQ(got_.received, Texts{"hello"});
  EXPECT_EQ(got_.from, Texts{server.to_string()});
}

TEST_P(Udp, HearsOnlyItsPeerWhenItHasOne) {
  const Address server = add_server(datagram_socket(any_port()));
  UniqueFd fd = datagram_socket_to(server);
  const Address client = local_address(fd.get());
  DatagramRecord unheard;
  add(datagram_socket(any_port()), unheard).send("from a stranger", client);
  add(std::move(fd), got_).send("hello");
  ASSERT_TRUE(wait_for_answers(1));
  EXPECT_EQ(got_.received, Texts{"hello"});
}

TEST_P(Udp, IsNotEndedByAPeerThatIsNotThere) {
  const Address peer = nobody();
  add(datagram_socket_to(peer), got_).send("lost");
  ASSERT_TRUE(wait_for_answers(1));
  EXPECT_EQ(got_.errors, std::vector<int>{ECONNREFUSED});

  DatagramRecorder& client = add(datagram_socket_to(peer), got_);
  client.send("lost");
  add_server(datagram_socket(peer));
  EXPECT_TRUE(client.send("found"));
  ASSERT_TRUE(run_until(reactor_, [&] { return !got_.received.empty(); }));
  EXPECT_EQ(got_.received, Texts{"found"});
}

TEST_P(Udp, CarriesTheLongestAndRefusesWhatIsLonger) {
  const Address server = add_server(datagram_socket(any_port()));
  const std::size_t longest = server.family() == AF_INET ? 65'507 : 65'527;
  DatagramRecorder& client = add(datagram_socket(any_port()), got_);
  EXPECT_FALSE(client.send(std::string(longest + 1, 'x'), server));
  EXPECT_TRUE(client.send(std::string(longest, 'x'), server));
  ASSERT_TRUE(run_until(reactor_, [&] { return !got_.received.empty(); }));
  EXPECT_EQ(got_.received.front().size(), longest);
  EXPECT_EQ(got_.errors, std::vector<int>{EMSGSIZE});
}

TEST_P(Udp, SaysWhichAddressIsTaken) {
  const UniqueFd first = datagram_socket(any_port());
  const Address here = local_address(first.get());
  EXPECT_EQ(why(here),
            "bind udp " + here.to_string() + ": Address already in use");
}

TEST(UdpAddress, OfIPv6TakesIPv6Only) {
  const UniqueFd six = datagram_socket(Address::parse("[::]:0"));
  const auto port = local_address(six.get()).port();
  EXPECT_EQ(why(Address::ip("127.0.0.1", port)), "bound");
}

TEST(UdpAddress, IsNoUnixPath) {
  EXPECT_EQ(why(Address::unix_path("udp.sock")),
            "bind udp unix:udp.sock: Address family not supported by protocol");
  EXPECT_THROW(datagram_socket_to(Address::unix_path("udp.sock")),
               std::system_error);
}

}  // namespace
}  // namespace rp
