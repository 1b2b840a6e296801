#include "reactor/address.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace rp {
namespace {

std::string refusal(std::string_view text) {
  try {
    Address::parse(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

bool loopback(std::string_view text) {
  return Address::parse(text).is_loopback();
}

Address as_the_kernel_gives(const Address& address) {
  return Address::from(address.data(), address.size());
}

TEST(Address, ReadsIpv4) {
  const Address address = Address::parse("127.0.0.1:7000");
  EXPECT_EQ(address.family(), AF_INET);
  EXPECT_EQ(address.port(), 7000);
  EXPECT_EQ(address.size(), sizeof(sockaddr_in));
  EXPECT_EQ(address.to_string(), "127.0.0.1:7000");
}

TEST(Address, ReadsIpv6InBrackets) {
  const Address address = Address::parse("[2001:db8:0:0::1]:80");
  EXPECT_EQ(address.family(), AF_INET6);
  EXPECT_EQ(address.port(), 80);
  EXPECT_EQ(address.size(), sizeof(sockaddr_in6));
  EXPECT_EQ(address.to_string(), "[2001:db8::1]:80");
}

TEST(Address, ReadsUnixPaths) {
  const Address address = Address::parse("unix:build/rpc.sock");
  EXPECT_EQ(address.family(), AF_UNIX);
  EXPECT_EQ(address.path(), "build/rpc.sock");
  EXPECT_EQ(address.port(), 0);
  EXPECT_EQ(address.to_string(), "unix:build/rpc.sock");
}

TEST(Address, TakesPortsFromZeroTo65535) {
  EXPECT_EQ(Address::parse("0.0.0.0:0").port(), 0);
  EXPECT_EQ(Address::parse("0.0.0.0:65535").port(), 65535);
  for (const char* port : {"65536", "-1", "+1", "", "8o", "80 ", " 80"}) {
    EXPECT_NE(refusal("0.0.0.0:" + std::string(port))
                  .find("the port is not a number from 0 to 65535"),
              std::string::npos)
        << port;
  }
}

TEST(Address, RefusesWhatHasNoPort) {
  EXPECT_EQ(refusal("localhost"),
            "address \"localhost\": expected HOST:PORT or unix:PATH");
  EXPECT_EQ(refusal(""), "address \"\": expected HOST:PORT or unix:PATH");
}

TEST(Address, RefusesNamesSinceTheyAreResolvedElsewhere) {
  for (const char* host : {"localhost", "", "1.2.3", "256.0.0.1", "[::g]"}) {
    EXPECT_NE(refusal(std::string(host) + ":80").find("numeric"),
              std::string::npos)
        << host;
  }
}

TEST(Address, WantsBracketsAroundIpv6AndNothingElse) {
  for (const char* text : {"::1:80", "[127.0.0.1]:80", "[::1:80", "[]:80"}) {
    EXPECT_NE(refusal(text).find("stands in brackets"), std::string::npos)
        << text;
  }
}

TEST(Address, TakesPathsOfUpTo107Bytes) {
  const std::string longest(107, 'p');
  const Address address = Address::unix_path(longest);
  EXPECT_EQ(address.path(), longest);
  EXPECT_EQ(as_the_kernel_gives(address).path(), longest);
  EXPECT_THROW(Address::unix_path(std::string(108, 'p')),
               std::invalid_argument);
}

TEST(Address, RefusesEmptyPathsAndPathsWithAZeroByte) {
  EXPECT_THROW(Address::unix_path(""), std::invalid_argument);
  EXPECT_THROW(Address::unix_path(std::string_view("a\0b", 3)),
               std::invalid_argument);
}

TEST(Address, IsNoAddressUntilItIsGivenOne) {
  const Address none;
  EXPECT_EQ(none.family(), AF_UNSPEC);
  EXPECT_EQ(none.port(), 0);
  EXPECT_FALSE(none.is_loopback());
  EXPECT_EQ(none.to_string(), "none");
}

TEST(Address, KnowsLoopback) {
  EXPECT_TRUE(loopback("127.0.0.1:1"));
  EXPECT_TRUE(loopback("127.255.255.254:1"));
  EXPECT_TRUE(loopback("[::1]:1"));
  EXPECT_TRUE(loopback("unix:x"));
}

TEST(Address, KnowsWhatIsNotLoopback) {
  EXPECT_FALSE(loopback("126.255.255.255:1"));
  EXPECT_FALSE(loopback("128.0.0.1:1"));
  EXPECT_FALSE(loopback("0.0.0.0:1"));
  EXPECT_FALSE(loopback("[::]:1"));
  EXPECT_FALSE(loopback("[::2]:1"));
}

TEST(Address, IsTheSameWhenTheKernelGivesItBack) {
  for (const char* text : {"10.1.2.3:4", "[fe80::1]:65535", "unix:/run/x"}) {
    EXPECT_EQ(as_the_kernel_gives(Address::parse(text)).to_string(), text);
  }
}

TEST(Address, NamesAUnixPeerThatHasNoName) {
  sockaddr_un unnamed{};
  unnamed.sun_family = AF_UNIX;
  const auto* generic = reinterpret_cast<const sockaddr*>(&unnamed);
  const Address peer = Address::from(generic, sizeof(sa_family_t));
  EXPECT_EQ(peer.family(), AF_UNIX);
  EXPECT_EQ(peer.to_string(), "unix:");
}

TEST(Address, RefusesAnAddressLongerThanAnyItKnows) {
  const sockaddr_storage storage{};
  const auto* generic = reinterpret_cast<const sockaddr*>(&storage);
  EXPECT_THROW(Address::from(generic, sizeof storage), std::invalid_argument);
}

}  // namespace
}  // namespace rp
