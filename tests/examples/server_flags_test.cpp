#include "examples/server_flags.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "examples/listening.h"
#include "tests/support/descriptor_limit.h"

namespace rp {
namespace {

using Strings = std::vector<std::string>;

Flags given(std::vector<const char*> words) {
  Flags flags = server_flags();
  words.insert(words.begin(), "rpc_server");
  flags.parse(static_cast<int>(words.size()), words.data());
  return flags;
}

TEST(ServerFlags, DivideTheDescriptorsAmongTheWires) {
  const DescriptorLimit restored;
  const auto share = [](std::vector<const char*> wires) {
    wires.insert(wires.end(), {"--poller", "select"});
    return connection_limits(given(wires)).connections;
  };
  const std::size_t all = share({"--tcp", "127.0.0.1:0"});
  EXPECT_EQ(share({}), all);
  EXPECT_EQ(share({"--tcp", "127.0.0.1:0", "--unix", "a"}), all / 2);
  EXPECT_EQ(share({"--tcp", "127.0.0.1:0", "--unix", "a", "--http", "b"}),
            all / 3);
}

TEST(ServerFlags, LeaveEachWireOneConnectionAtLeast) {
  const DescriptorLimit restored;
  const Flags many = given({"--processes", "1024", "--poller", "select",
                            "--tcp", "127.0.0.1:0", "--unix", "a"});
  EXPECT_EQ(connection_limits(many).connections, 1u);
}

TEST(HostFlag, AllowsANameWithAndWithoutThePortOfHttps) {
  for (const char* name : {"rpc.example.com", "rpc.example.com:443"}) {
    const HttpOptions options = options_of_hosts(given({"--host", name}));
    EXPECT_EQ(options.hosts,
              (Strings{"rpc.example.com", "rpc.example.com:443"}));
    EXPECT_EQ(options.origins, Strings{"https://rpc.example.com"});
  }
}

TEST(HostFlag, AllowsANameWithAnotherPortOnlyWithThat) {
  const HttpOptions options =
      options_of_hosts(given({"--host", "a:1", "--host", "b:65535"}));
  EXPECT_EQ(options.hosts, (Strings{"a:1", "b:65535"}));
  EXPECT_EQ(options.origins, (Strings{"https://a:1", "https://b:65535"}));
}

TEST(HostFlag, AllowsAnAddressOfEitherKind) {
  const HttpOptions options =
      options_of_hosts(given({"--host", "127.0.0.1:8080", "--host",
                              "[::1]:8080", "--host", "[2001:db8::1]"}));
  EXPECT_EQ(options.hosts, (Strings{"127.0.0.1:8080", "[::1]:8080",
                                    "[2001:db8::1]", "[2001:db8::1]:443"}));
  EXPECT_EQ(options.origins[1], "https://[::1]:8080");
}

TEST(HostFlag, RefusesWhatNoHostFieldCanHold) {
  for (const char* wrong :
       {"http://a", "http://a/", "a/", "a b", "*.a", ":1", "a:", "a:0",
        "a:65536", "a:1:2", "a:x", "::1", "[::1", "[::1]:", "[::1]:1:2",
        "[::1]x", "[a]", "[]"}) {
    const Flags flags = given({"--host", wrong});
    EXPECT_THROW(options_of_hosts(flags), UsageError) << wrong;
  }
}

}  // namespace
}  // namespace rp
