#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/clock.h"
#include "reactor/function.h"
#include "reactor/recent.h"
#include "rpc/dispatcher.h"

namespace rp {

/// Counts the calls of each method, their errors, and how long answers take: a
/// place around each method's place.
///
///     Dispatcher service{reactor};
///     register_methods(service);
///     MethodWatch watch{service};     // of all that is registered by now
///     reactor.run();
///
/// A call takes from the moment when it reaches its place until its answer is
/// on the loop, waiting included. What never reaches a place (an unknown
/// method, parameters that do not fit) is not seen here. It costs a call two
/// looks at the clock and an allocation.
///
/// Methods that begin with "rpc." belong to who looks: they are counted by
/// themselves, but not in the sums of all, so that looking changes nothing.
///
/// Thread rule: the loop's thread. The reactor's clock must outlive the calls;
/// the watch may end before the dispatcher.
class MethodWatch {
 public:
  /// One method. `calls` is in flight or answered.
  struct Numbers {
    std::string name;
    std::string where;
    std::uint64_t calls = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t errors = 0;
    RecentDurations recent;
    Histogram all;  ///< since the beginning
  };

  /// A call that was answered.
  struct Answered {
    std::string_view method;     ///< as it was registered
    const std::string& address;  ///< the caller's
    int code = 0;                ///< of the error; 0: a result
    Duration duration{};
  };

  explicit MethodWatch(Dispatcher& service);
  MethodWatch(const MethodWatch&) = delete;
  MethodWatch& operator=(const MethodWatch&) = delete;
  ~MethodWatch();

  /// In the order of their registration.
  std::vector<const Numbers*> methods() const;

  /// Of all that do not begin with "rpc.".
  std::uint64_t total() const;
  std::uint64_t per_second() const;

  /// How often which error was the answer. Of codes, which a peer may choose,
  /// 32 are told apart; what comes on top stands under 0.
  const std::map<int, std::uint64_t>& errors() const;

  /// The method that was called last: in the callback in which it runs, and
  /// when that has just ended, its name.
  const std::string& last() const;

  /// Told of each answer, before it is sent; must not throw. There is one: the
  /// next takes its place.
  void on_answered(Function<void(const Answered&)> observer);

 private:
  struct Book;
  class WatchedPlace;

  std::shared_ptr<Book> book_;  ///< shared with the places and what they owe
};

}  // namespace rp
