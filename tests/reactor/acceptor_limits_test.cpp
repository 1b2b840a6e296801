#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "reactor/acceptor.h"
#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"
#include "tests/support/descriptor_limit.h"
#include "tests/support/faults.h"
#include "tests/support/handlers.h"
#include "tests/support/listening.h"
#include "tests/support/numbered_fd.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// At 1 ms there is no descriptor left and one more client waits.
class ExhaustedAcceptor : public Listening {
 protected:
  void exhaust_at_1ms() {
    listen();
    connect(1);
    reactor_.run_after(1ms, [this] {
      connect(1);
      limit_.exhaust();
    });
  }

  DescriptorLimit limit_;
};

RP_ON_BOTH_POLLERS(ExhaustedAcceptor);

TEST_P(ExhaustedAcceptor, TellsThoseWhoWaitAtOnce) {
  exhaust_at_1ms();
  reactor_.run_after(2ms, [&] {
    EXPECT_TRUE(at_end(clients_[1].get()));
    EXPECT_EQ(stats().accepted, 1u);
    EXPECT_EQ(stats().shed, 1u);
  });
  run_for(3ms);
}

TEST_P(ExhaustedAcceptor, DoesNotSpin) {
  exhaust_at_1ms();
  run_for(10s);
  EXPECT_LE(poller_->waits(), 10u);
}

TEST_P(ExhaustedAcceptor, StillServesLiveConnections) {
  exhaust_at_1ms();
  reactor_.run_after(2ms, [&] { write_all(clients_[0].get(), "still here?"); });
  run_for(3ms);
  EXPECT_EQ(read_available(clients_[0].get()), "still here?");
}

TEST_P(ExhaustedAcceptor, AcceptsAgainWhenADescriptorIsFree) {
  exhaust_at_1ms();
  reactor_.run_after(5ms, [&] {
    limit_.give_back();
    connect(1);
    write_all(clients_[2].get(), "hello");
  });
  reactor_.run_after(101ms, [&] { EXPECT_EQ(stats().accepted, 1u); });
  reactor_.run_after(102ms, [&] { EXPECT_EQ(stats().accepted, 2u); });
  run_for(103ms);
  EXPECT_EQ(read_available(clients_[2].get()), "hello");
}

TEST_P(ExhaustedAcceptor, RestsAgainWhileThereIsStillNone) {
  exhaust_at_1ms();
  reactor_.run_after(5ms, [&] {
    limit_.give_back();
    connect(1);
    limit_.exhaust();
  });
  reactor_.run_after(102ms, [&] { EXPECT_EQ(stats().shed, 2u); });
  run_for(10s);
  EXPECT_LE(poller_->waits(), 20u);
}

TEST_P(ExhaustedAcceptor, ForgetsToTryAgainWhenItIsClosed) {
  exhaust_at_1ms();
  reactor_.run_after(2ms, [&] { reactor_.close(id_); });
  reactor_.run_after(3ms, [&] {
    clients_.clear();
    reactor_.run_after(1ms, [&] {
      EXPECT_TRUE(reactor_.timers().empty());
      reactor_.stop();
    });
  });
  reactor_.run();
}

class FailingAccept : public Listening {};

RP_ON_BOTH_POLLERS(FailingAccept);

// Not even the reserve helps: another thread was quicker, or the machine has
// run out of descriptors or memory.
TEST_P(FailingAccept, RestsWhateverHasRunOut) {
  for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM}) {
    listen();
    connect(1);
    const std::size_t before = poller_->waits();
    const Fault none =
        Fault::on(listening_).accept4({Fault::error(error).always()});
    run_for(1s);
    EXPECT_GE(none.calls(SystemCall::kAccept4), 20u) << error;
    EXPECT_LE(poller_->waits() - before, 40u) << error;
  }
}

TEST_P(FailingAccept, LivesWithoutAReserve) {
  Fault none = Fault::on_any().open({Fault::error(EMFILE).always()});
  listen();
  none.accept4({Fault::error(EMFILE), Fault::error(EMFILE)});
  connect(1);
  run_for(1s);
  EXPECT_EQ(accepted_in_.size(), 1u);
}

// Accepts one client whose descriptor is beyond what select() can hold.
Acceptor::Stats accept_beyond_set_size(std::unique_ptr<Poller> poller) {
  raise_descriptor_limit();
  Reactor reactor(std::move(poller));
  Record record;
  const auto make = [&](UniqueFd fd, const Address&) {
    UniqueFd high(::fcntl(fd.get(), F_DUPFD_CLOEXEC, FD_SETSIZE));
    return std::make_unique<Recorder>(std::move(high), ConnectionLimits{},
                                      record);
  };
  const Directory directory;
  const Address here = Address::unix_path(directory / "socket");
  const HandleId id = Acceptor::start(reactor, listen_on(here), make);
  const UniqueFd client = connect_blocking(here);
  Acceptor::Stats stats;
  reactor.run_after(0ms, [&] {
    reactor.run_after(0ms, [&] {
      stats = static_cast<Acceptor*>(reactor.find(id))->stats();
      reactor.stop();
    });
  });
  reactor.run();
  return stats;
}

TEST(HighDescriptors, AreRefusedByAnAcceptorOverSelect) {
  const auto stats = accept_beyond_set_size(std::make_unique<SelectPoller>());
  EXPECT_EQ(stats.refused, 1u);
  EXPECT_EQ(stats.accepted, 0u);
}

TEST(HighDescriptors, AreServedByAnAcceptorOverEpoll) {
  const auto stats = accept_beyond_set_size(std::make_unique<EpollPoller>());
  EXPECT_EQ(stats.refused, 0u);
  EXPECT_EQ(stats.accepted, 1u);
}

}  // namespace
}  // namespace rp
