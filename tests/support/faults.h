#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace rp {

/// The system calls that tests can make fail: the linker's `--wrap` leads
/// them here first (each `__wrap_` function in faults.cpp is one).
enum class SystemCall {
  kAccept4,
  kConnect,
  kEpollWait,
  kEventfd,
  kGetaddrinfo,
  kOpen,
  kPselect,
  kRead,
  kRecv,
  kRecvfrom,
  kSend,
  kSendto,
  kSocket,
  kWrite,
};

/// Makes system calls fail, or transfer less than was asked for, under the
/// very objects that are tested. A call that nobody has scripted passes
/// through, and so does each one after the last step of its script.
///
///     Fault fault = Fault::on(fd).recv({Fault::at_most(1),
///                                       Fault::error(EINTR)});
///     Fault full = Fault::on_any().accept4({Fault::error(EMFILE).always()});
///
/// It holds while the Fault (or a copy of it) lives. It counts what it sees,
/// so one without a script is a counter of calls.
///
/// Thread rule: any thread; the calls may come from any thread, but not from
/// a signal handler while a Fault lives.
class Fault {
 public:
  /// What happens to one call (or, with always(), to all that follow).
  struct Step {
    int number = 0;               ///< errno; 0: the call is made
    std::size_t most = SIZE_MAX;  ///< bytes (events, for epoll_wait)
    bool repeats = false;

    Step always() const { return {number, most, true}; }
  };
  using Script = std::vector<Step>;

  static Step pass() { return {}; }
  static Step error(int number) { return {number, 0, false}; }
  static Step at_most(std::size_t bytes) { return {0, bytes, false}; }

  /// For calls on this descriptor only (of accept4: the listening one; of
  /// epoll_wait: the epoll's own).
  static Fault on(int fd);

  /// For calls on any descriptor. The calls that make one (eventfd, open,
  /// socket) or take none (getaddrinfo), and pselect, which takes many, are
  /// met by this kind only.
  static Fault on_any();

  Fault& accept4(Script script);
  Fault& connect(Script script);
  Fault& epoll_wait(Script script);
  Fault& eventfd(Script script);
  /// An error below zero is an EAI_ number; others come with EAI_SYSTEM.
  Fault& getaddrinfo(Script script);
  Fault& open(Script script);
  Fault& pselect(Script script);
  Fault& read(Script script);
  Fault& recv(Script script);
  Fault& recvfrom(Script script);
  Fault& send(Script script);
  Fault& sendto(Script script);
  Fault& socket(Script script);
  Fault& write(Script script);

  /// The same, for a test that has the call in a variable.
  Fault& in(SystemCall call, Script script);

  /// How many such calls it has seen, scripted or not.
  std::size_t calls(SystemCall call) const;

  /// How many steps of all scripts are left; one that repeats stays.
  std::size_t left() const;

  /// What the next such call is to do; used by the wraps.
  static Step next(SystemCall call, int fd);

 private:
  struct Plan;

  explicit Fault(int fd);

  std::shared_ptr<Plan> plan_;
};

}  // namespace rp
