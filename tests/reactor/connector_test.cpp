#include "reactor/connector.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "reactor/socket.h"
#include "tests/support/directory.h"
#include "tests/support/faults.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

// A listening TCP socket whose backlog is full: who connects gets no answer.
class Silent {
 public:
  Silent() : first_(connect_blocking(address())) {}
  Address address() const { return local_address(listening_.get()); }

 private:
  UniqueFd listening_ = listen_on(Address::parse("127.0.0.1:0"), 0);
  UniqueFd first_;
};

class ConnectorOn : public OnBothPollers {
 protected:
  HandleId connect(std::vector<Address> addresses) {
    return Connector::start(
        reactor_, std::move(addresses), 10s, [this](ConnectResult result) {
          log_.push_back(result.fd ? "connected" : result.message());
          result_ = std::move(result);
        });
  }

  Address path(const std::string& name) {
    return Address::unix_path(directory_ / name);
  }
  std::string refused(const std::string& name) {
    return "connect to " + path(name).to_string() +
           ": No such file or directory";
  }

  Directory directory_;
  ConnectResult result_;
};

RP_ON_BOTH_POLLERS(ConnectorOn);

TEST_P(ConnectorOn, HandsOverAConnectedDescriptor) {
  const UniqueFd listening = listen_on(path("socket"));
  connect({path("socket")});
  EXPECT_EQ(log_, Strings{});
  run_for(1ms);
  EXPECT_EQ(log_, Strings{"connected"});
  const UniqueFd accepted = accept_from(listening.get(), nullptr);
  write_all(result_.fd.get(), "hello");
  EXPECT_EQ(read_available(accepted.get()), "hello");
  EXPECT_EQ(result_.peer.to_string(), path("socket").to_string());
}

TEST_P(ConnectorOn, SaysWhyItCouldNotConnect) {
  connect({path("nobody")});
  EXPECT_EQ(log_, Strings{});
  run_for(1ms);
  EXPECT_EQ(log_, Strings{refused("nobody")});
  EXPECT_EQ(result_.error, std::errc::no_such_file_or_directory);
}

TEST_P(ConnectorOn, TriesItsAddressesInTurn) {
  const UniqueFd listening = listen_on(path("third"));
  connect({path("first"), path("second"), path("third"), path("fourth")});
  run_for(1ms);
  EXPECT_EQ(log_, Strings{"connected"});
  EXPECT_EQ(result_.peer.to_string(), path("third").to_string());
  EXPECT_TRUE(accept_from(listening.get(), nullptr));
}

TEST_P(ConnectorOn, SaysWhyTheLastAddressFailed) {
  connect({path("first"), path("last")});
  run_for(1ms);
  EXPECT_EQ(log_, Strings{refused("last")});
}

TEST_P(ConnectorOn, TimesOutWithinATickOfItsDeadline) {
  const Silent silent;
  connect({silent.address()});
  reactor_.run_after(10s - 1ns, [&] { EXPECT_EQ(log_, Strings{}); });
  run_for(10s + 1ns);
  EXPECT_EQ(log_, Strings{"connect to " + silent.address().to_string() +
                          ": Connection timed out"});
  EXPECT_EQ(result_.error, std::errc::timed_out);
  EXPECT_FALSE(result_.fd);
}

TEST_P(ConnectorOn, HasOneTimeOutForAllItsAddresses) {
  const Silent silent;
  connect({path("nobody"), silent.address()});
  run_for(10s + 1ns);
  EXPECT_EQ(result_.error, std::errc::timed_out);
}

TEST_P(ConnectorOn, SaysThatItWasCancelledWhenTheReactorStops) {
  const Silent silent;
  connect({silent.address()});
  run_for(1s);
  EXPECT_EQ(result_.error, std::errc::operation_canceled);
  EXPECT_EQ(log_.size(), 1u);
}

TEST_P(ConnectorOn, SaysNothingOnceItIsClosed) {
  const Silent silent;
  const HandleId id = connect({silent.address()});
  reactor_.run_after(1s, [&, id] { reactor_.close(id); });
  run_for(20s);
  EXPECT_EQ(log_, Strings{});
}

TEST_P(ConnectorOn, SaysNothingWhenItIsClosedInThePassOfItsTimeOut) {
  const Silent silent;
  HandleId id;
  reactor_.run_after(10s, [&] { reactor_.close(id); });
  id = connect({silent.address()});
  run_for(20s);
  EXPECT_EQ(log_, Strings{});
}

TEST_P(ConnectorOn, LeavesNoTimer) {
  connect({path("nobody")});
  reactor_.run_after(1ms, [&] {
    EXPECT_TRUE(reactor_.timers().empty());
    reactor_.stop();
  });
  reactor_.run();
}

TEST_P(ConnectorOn, DemandsAnAddress) {
  EXPECT_THROW(connect({}), std::invalid_argument);
}

}  // namespace
}  // namespace rp
