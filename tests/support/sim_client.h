#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/json_rpc.h"
#include "tests/support/sim_ledger.h"
#include "tests/support/sim_network.h"

namespace rp {

/// A method of the simulated service, and how its calls may end.
struct SimMethod {
  std::string_view name;
  unsigned share;        ///< how often it is called, beside the others
  bool value;            ///< may be answered with its parameters
  bool pooled = false;   ///< may expire, and may be refused
  int error = 0;         ///< with which it may fail
  bool expires = false;  ///< although it is not pooled
  bool ordered = false;  ///< one after another, for one client
};

/// A client with a mind of its own, decided by the network's seed: it calls,
/// notifies, sends batches and nonsense, thinks, and leaves in one of several
/// ways. What it is told it checks: each request is answered once, under its
/// id, with its own parameters or with an error that its method allows, or
/// the connection ends and it is told of that, and only when it may.
///
///     network.connect(std::make_unique<SimClient>(ledger, 1), address);
///
/// Thread rule: the loop's thread. The ledger must outlive it.
class SimClient : public SimPeer {
 public:
  /// What the server must take; a longer line is refused.
  static constexpr std::size_t kLongestLine = 4096;

  SimClient(SimLedger& ledger, std::uint64_t number);
  ~SimClient() override;

 private:
  enum class Leaving : std::uint8_t {
    orderly,     // ends its direction, waits for all answers
    silent,      // says nothing more, until it is idle
    resets,      // breaks off
    vanishes,    // is heard of no more
    unfinished,  // leaves a line without its end
    too_long,    // sends a line beyond the limit
  };
  struct Pending {
    const SimMethod* method = nullptr;
    std::uint64_t number = 0;
    std::string id;  // as JSON
    std::string params = {};
    std::uint64_t batch = 0;  // 0: a request by itself
    TimePoint sent{};
  };

  void on_connected() override;
  void on_data(std::string_view bytes) override;
  void on_end(SimEnd end) override;

  void say_something();
  std::string request(std::uint64_t batch);
  std::string notification();
  std::string batch();
  std::string nonsense();
  void leave();
  void lose_patience();
  void tell(const std::string& line, const char* what);

  void read(std::string_view line);
  void read_batch(const Value& answers);
  Pending take_pending(const Response& response);
  void read_refusal(const Response& response);
  void judge(const Pending& pending, const Response& response);
  bool allows(const SimMethod& method, int code) const;
  void answer(const Request& question);
  void say_late(const std::string& answer);
  void check_nothing_is_owed();
  void fail(const std::string& what) const;

  SimLedger& ledger_;
  const std::uint64_t number_;
  Leaving leaving_ = Leaving::orderly;
  std::uint64_t left_to_say_ = 0;
  std::map<std::string, Pending> pending_;        // by the id's JSON text
  std::map<std::uint64_t, std::size_t> batches_;  // answers expected
  std::map<int, std::size_t> refusals_;           // expected, without an id
  std::vector<std::uint64_t> notes_;
  std::string line_;
  std::uint64_t last_ordered_ = 0;
  bool left_ = false;   // has said all
  bool asked_ = false;  // by the server
  std::vector<TimerId> answers_;
  TimerId next_;
  TimerId patience_;
};

}  // namespace rp
