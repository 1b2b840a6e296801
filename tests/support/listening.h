#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reactor/acceptor.h"
#include "reactor/socket.h"
#include "tests/support/directory.h"
#include "tests/support/pollers.h"
#include "tests/support/recorder.h"

namespace rp {

/// A test with an acceptor on its reactor, on both pollers, whose
/// connections send back what they get. It listens on a Unix path, so that
/// who has connected waits there at once.
///
///     TEST_P(Listening, ...) {
///       listen();
///       const UniqueFd client = connect();
class Listening : private Recorded, public OnBothPollers {
 protected:
  using Recorded::record_;

  void listen() {
    UniqueFd listening = listen_on(address_);
    listening_ = listening.get();
    auto make = [this](UniqueFd fd, const Address&) {
      accepted_in_.push_back(reactor_.stats().ticks);
      auto made = std::make_unique<Recorder>(std::move(fd), ConnectionLimits{},
                                             record_);
      made->data = [](Recorder& me, std::string_view b) { me.send(b); };
      return made;
    };
    id_ = Acceptor::start(reactor_, std::move(listening), make, limits_);
  }

  UniqueFd connect() {
    UniqueFd client = connect_blocking(address_);
    set_blocking(client.get(), false);
    return client;
  }

  /// Keeps so many clients, so that they stay connected.
  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) clients_.push_back(connect());
  }

  /// Nobody's when the acceptor has gone.
  Acceptor::Stats stats() {
    auto* handler = reactor_.find(id_);
    return handler ? static_cast<Acceptor*>(handler)->stats()
                   : Acceptor::Stats{};
  }

  Directory directory_;
  Address address_ = Address::unix_path(directory_ / "socket");
  AcceptorLimits limits_;
  HandleId id_;
  int listening_ = -1;
  std::vector<UniqueFd> clients_;
  std::vector<std::uint64_t> accepted_in_;  ///< the tick of each
};

}  // namespace rp
