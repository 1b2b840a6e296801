#include "reactor/acceptor.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "tests/support/faults.h"
#include "tests/support/handlers.h"
#include "tests/support/listening.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Ticks = std::vector<std::uint64_t>;

class AcceptorOn : public Listening {};

RP_ON_BOTH_POLLERS(AcceptorOn);

TEST_P(AcceptorOn, MakesConnectionsOfThoseWhoCome) {
  listen();
  connect(2);
  write_all(clients_[0].get(), "a");
  write_all(clients_[1].get(), "b");
  run_for(1ms);
  EXPECT_EQ(read_available(clients_[0].get()), "a");
  EXPECT_EQ(read_available(clients_[1].get()), "b");
}

TEST_P(AcceptorOn, TellsWhoHasCome) {
  UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
  const int number = listening.get();
  const Address here = local_address(number);
  Address came;
  const auto make = [&](UniqueFd fd, const Address& peer) {
    came = peer;
    return std::make_unique<Recorder>(std::move(fd), ConnectionLimits{},
                                      record_);
  };
  Acceptor::start(reactor_, std::move(listening), make);
  const UniqueFd client = connect_blocking(here);
  wait_until_readable(number);
  run_for(1ms);
  EXPECT_EQ(came.to_string(), local_address(client.get()).to_string());
}

TEST_P(AcceptorOn, ClosesWhatNothingIsMadeOf) {
  const auto make = [](UniqueFd, const Address&) {
    return std::unique_ptr<Connection>();
  };
  const HandleId id = Acceptor::start(reactor_, listen_on(address_), make);
  const UniqueFd client = connect();
  run_for(1ms);
  EXPECT_TRUE(at_end(client.get()));
  EXPECT_EQ(reactor_.find(id), nullptr);
}

TEST_P(AcceptorOn, TakesUpTo64ATick) {
  listen();
  connect(65);
  run_for(1ms);
  Ticks expected(64, 1);
  expected.push_back(2);
  EXPECT_EQ(accepted_in_, expected);
}

TEST_P(AcceptorOn, TakesAsManyAsItsLimitAndRefusesOneBeyond) {
  limits_.connections = 2;
  listen();
  connect(3);
  reactor_.run_after(1ms, [&] {
    EXPECT_EQ(stats().accepted, 2u);
    EXPECT_EQ(stats().refused, 1u);
    EXPECT_FALSE(at_end(clients_[1].get()));
    EXPECT_TRUE(at_end(clients_[2].get()));
  });
  run_for(2ms);
}

TEST_P(AcceptorOn, TakesAnotherWhenOneHasGone) {
  limits_.connections = 2;
  listen();
  connect(2);
  reactor_.run_after(1ms, [&] { clients_.front().reset(); });
  reactor_.run_after(2ms, [&] { connect(1); });
  reactor_.run_after(3ms, [&] {
    EXPECT_EQ(stats().accepted, 3u);
    EXPECT_EQ(stats().refused, 0u);
  });
  run_for(4ms);
}

TEST_P(AcceptorOn, PassesOverThoseWhoWereGoneBeforeItCame) {
  listen();
  const Fault gone =
      Fault::on(listening_)
          .accept4({Fault::error(ECONNABORTED), Fault::error(EPROTO)});
  connect(1);
  run_for(1ms);
  EXPECT_EQ(accepted_in_, Ticks{1});
  EXPECT_EQ(gone.left(), 0u);
}

TEST_P(AcceptorOn, AcceptsAgainAfterASignal) {
  listen();
  const Fault signals =
      Fault::on(listening_).accept4({Fault::error(EINTR), Fault::error(EINTR)});
  connect(1);
  run_for(1ms);
  EXPECT_EQ(accepted_in_, Ticks{1});
  EXPECT_EQ(signals.left(), 0u);
}

TEST_P(AcceptorOn, ClosesWhenTheReactorDrains) {
  listen();
  connect(1);
  reactor_.run_after(1ms, [&] { reactor_.drain(10s); });
  reactor_.run_after(2ms, [&] {
    EXPECT_THROW(connect(), std::system_error);
    EXPECT_TRUE(at_end(clients_.front().get()));
    clients_.clear();
  });
  reactor_.run();
  EXPECT_EQ(record_.closed, std::vector{CloseReason::drained});
}

}  // namespace
}  // namespace rp
