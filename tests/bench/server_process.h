#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>

#include "reactor/unique_fd.h"

namespace rp {

/// A server in a process of its own, so that its processor time can be told
/// from its clients'.
///
///     ServerProcess server([](int listening) { serve_for_ever(listening); });
///     auto before = server.cpu_time();
///     drive(server.port());
///     std::cout << (server.cpu_time() - before).count() << " ns\n";
///
/// It is killed by the destructor. Thread rule: one thread, in a program that
/// has no other.
class ServerProcess {
 public:
  /// Forks; the child calls `serve` with a listening socket and exits.
  explicit ServerProcess(const std::function<void(int listening)>& serve);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  std::uint16_t port() const { return port_; }

  /// Processor time of the whole process so far, user and system.
  std::chrono::nanoseconds cpu_time() const;

 private:
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace rp
