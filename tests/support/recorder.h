#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/connection.h"
#include "reactor/function.h"

namespace rp {

/// What became of a connection; it may outlive it.
struct Record {
  std::string received;
  std::vector<CloseReason> closed;  ///< one, if all is well
  int ends = 0;                     ///< how often the peer's end was told
  int unchoked = 0;
  int error_number = 0;
};

/// A base for test fixtures that comes before the reactor and so outlives it:
/// the reactor's end is recorded too.
struct Recorded {
  Record record_;
};

/// A connection that records what happens to it, and may do something more.
///
///     Record record;
///     auto made = std::make_unique<Recorder>(std::move(fd), limits, record);
///     made->data = [](Recorder& me, std::string_view b) { me.send(b); };
///     reactor.add(std::move(made), Interest::reading());
///
/// Thread rule: the loop's thread. The record must outlive it.
class Recorder : public Connection {
 public:
  Recorder(UniqueFd fd, ConnectionLimits limits, Record& record)
      : Connection(std::move(fd), Address(), limits), record_(record) {}

  Function<void(Recorder&, std::string_view)> data;
  Function<void(Recorder&)> end;  ///< instead of what Connection does
  bool idle = true;

 protected:
  void on_data(std::string_view bytes) override {
    record_.received += bytes;
    if (data) data(*this, bytes);
  }
  void on_end() override {
    ++record_.ends;
    end ? end(*this) : Connection::on_end();
  }
  void on_unchoked() override { ++record_.unchoked; }
  bool is_idle() const override { return idle; }
  void on_disconnect(CloseReason reason) override {
    record_.closed.push_back(reason);
    record_.error_number = error_number();
  }

 private:
  Record& record_;
};

}  // namespace rp
