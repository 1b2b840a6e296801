#pragma once

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

#include "pool/defer.h"
#include "reactor/address.h"

namespace rp {

/// Turns names into addresses off the loop: getaddrinfo() blocks, for seconds
/// when a name server is silent.
///
///     Resolver resolver{pool.executor()};
///     resolver.resolve("localhost", 7000, [&](auto found) {
///       connect_to(found.value().front()); }, {.deadline = 2s});
///
/// The addresses stand in the order in which they should be tried (RFC 6724);
/// there is at least one. Numeric hosts work too, IPv6 without brackets.
///
/// It never fails and never calls `done` inside itself. value() throws
///   - std::system_error: `resolve "nosuch.invalid": Name or service not known`
///   - std::invalid_argument, and nobody was asked, for a name that is empty,
///     has a NUL in it or more than 255 characters (RFC 1123, section 2.1)
///   - JobLost when the executor expired, refused or dropped it.
///
/// getaddrinfo() heeds no stop token: where deadlines pass, workers are
/// retired. Lanes can keep its jobs, of kind "resolve", to a few workers.
///
/// Thread rule: the loop's thread. The executor must outlive it.
class Resolver {
 public:
  static constexpr std::size_t kLongestName = 255;

  explicit Resolver(Executor& executor) : executor_(executor) {}

  using Done = Function<void(Outcome<std::vector<Address>>)>;

  JobId resolve(std::string name, std::uint16_t port, Done done,
                DeferOptions options = {});

  Cancelled cancel(JobId id) { return executor_.cancel(id); }

 private:
  Executor& executor_;
};

/// The same on this thread, which waits: for what is done before the loop runs.
std::vector<Address> resolve_blocking(const std::string& name,
                                      std::uint16_t port);

/// Of the errors whose codes are getaddrinfo()'s EAI_ numbers.
const std::error_category& resolver_category();

}  // namespace rp
