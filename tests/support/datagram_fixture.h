#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/datagram.h"
#include "reactor/socket.h"
#include "tests/support/pollers.h"

namespace rp {

/// What became of a datagram socket; it may outlive it.
struct DatagramRecord {
  std::vector<std::string> received;
  std::vector<std::string> from;
  std::vector<std::size_t> lengths;  ///< as they were sent
  std::vector<bool> truncated;
  std::vector<int> errors;
  std::vector<CloseReason> closed;
};

/// A datagram socket that records what happens to it, and may do more.
///
///     auto made = std::make_unique<DatagramRecorder>(std::move(fd), limits,
///                                                    record);
///     made->arrived = [](auto& me, auto& it) { me.send(it.bytes, it.from); };
///
/// Thread rule: the loop's thread. The record must outlive it.
class DatagramRecorder : public DatagramSocket {
 public:
  DatagramRecorder(UniqueFd fd, DatagramLimits limits, DatagramRecord& record)
      : DatagramSocket(std::move(fd), limits), record_(record) {}

  Function<void(DatagramRecorder&, const Datagram&)> arrived;

  void on_closed(CloseReason reason) override {
    record_.closed.push_back(reason);
  }

 protected:
  void on_datagram(const Datagram& datagram) override {
    record_.received.emplace_back(datagram.bytes);
    record_.from.push_back(datagram.from.to_string());
    record_.lengths.push_back(datagram.length);
    record_.truncated.push_back(datagram.truncated());
    if (arrived) arrived(*this, datagram);
  }
  void on_error(int error_number) override {
    record_.errors.push_back(error_number);
  }

 private:
  DatagramRecord& record_;
};

/// The record comes before the reactor and so outlives it.
struct DatagramRecorded {
  DatagramRecord record_;
};

/// A test with one datagram socket on its reactor, on both pollers. It is one
/// of a Unix pair, whose other end is `peer_`: what one sends the other can
/// receive at once, and the kernel's room for what is not received is small.
///
///     TEST_P(OneDatagramSocket, ...) {
///       DatagramRecorder& socket = open();
///       peer_sends("hello");
class OneDatagramSocket : private DatagramRecorded, public OnBothPollers {
 protected:
  using DatagramRecorded::record_;

  DatagramRecorder& open() {
    int ends[2];
    const int type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    if (::socketpair(AF_UNIX, type, 0, ends) != 0) throw_errno("socketpair");
    peer_.reset(ends[1]);
    return open(UniqueFd(ends[0]));
  }

  DatagramRecorder& open(UniqueFd fd) {
    auto made =
        std::make_unique<DatagramRecorder>(std::move(fd), limits_, record_);
    DatagramRecorder& socket = *made;
    id_ = reactor_.add(std::move(made), Interest::reading());
    return socket;
  }

  void after(Duration time, Task task) {
    reactor_.run_after(time, std::move(task));
  }

  bool is_open() { return reactor_.find(id_) != nullptr; }

  bool peer_sends(std::string_view bytes) {
    return ::send(peer_.get(), bytes.data(), bytes.size(), 0) >= 0;
  }

  /// All that the peer can receive now.
  std::vector<std::string> peer_receives() {
    std::vector<std::string> got;
    std::string room(65536, '\0');
    for (;;) {
      const ssize_t count = ::recv(peer_.get(), room.data(), room.size(), 0);
      if (count < 0) return got;
      got.push_back(room.substr(0, static_cast<std::size_t>(count)));
    }
  }

  DatagramLimits limits_;
  UniqueFd peer_;
  HandleId id_;
};

}  // namespace rp
