#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/unique_fd.h"

namespace rp {

/// Connections that send one line again and again and count the lines that
/// come back, each with so many on their way.
///
///     Driver driver(port, 50);
///     driver.drive("ping", 16, 100'000);
///
/// Throws std::runtime_error when a server closes a connection. Thread rule:
/// one thread, which drive() occupies.
class Driver {
 public:
  Driver(std::uint16_t port, std::size_t connections);

  /// Sends `count` lines in all, rounded up to whole rounds of all
  /// connections, and reads as many.
  void drive(std::string_view line, std::size_t in_flight, std::size_t count);

  /// Sends one line on the first connection and returns the one that comes
  /// back, without its end.
  std::string ask(std::string_view line);

 private:
  std::vector<UniqueFd> connections_;
};

}  // namespace rp
