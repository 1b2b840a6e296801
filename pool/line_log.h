#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

#include "pool/blocking_queue.h"
#include "reactor/clock.h"
#include "reactor/unique_fd.h"

namespace rp {

/// Writes lines to a file, a pipe or a terminal, on a thread of its own, so
/// that a slow disk or a reader who has stopped never holds up the loop.
///
///     LineLog log{LineLog::open("trace.txt"), {.capacity = 4096}};
///     log.write("127.0.0.1:51234 GET /healthz 200 41us\n");
///
/// What does not fit into its queue is lost, and counted; as soon as there is
/// room again the log itself tells how much, by the line that `tell_lost`
/// makes. What cannot be written (a full disk) is lost, too; when that happens
/// within a line, the next begins on a line of its own.
///
/// The end writes what waits, but from the moment when a reader makes it wait
/// it goes on no longer than `patience`; the rest is lost.
///
/// Thread rule: any thread, but one for the end; write() never waits.
class LineLog {
 public:
  struct Options {
    const char* name = "log";     ///< for who tells of its losses
    std::size_t capacity = 4096;  ///< texts that wait
    Duration patience = std::chrono::seconds(1);
    /// A line, with its newline, that says how many were lost.
    std::string (*tell_lost)(std::uint64_t lost) = nullptr;
  };

  /// Starts the thread; throws std::system_error when it cannot. Without `own`
  /// the descriptor is left open at the end: standard output.
  LineLog(int fd, Options options);
  LineLog(UniqueFd own, Options options);
  LineLog(const LineLog&) = delete;
  LineLog& operator=(const LineLog&) = delete;
  ~LineLog();

  /// An empty file, made anew; throws std::system_error, also for a FIFO that
  /// nobody reads.
  static UniqueFd open(const std::string& path);

  /// Takes whole lines, one or several. False: no room, they are lost.
  bool write(std::string lines);

  /// As the destructor: lost() is then known. What is written later is lost.
  void end();

  /// How many lines were lost, in the queue or on the way to the file; of a
  /// text that was written in part, those of the rest.
  std::uint64_t lost() const { return lost_; }

  /// Why the last of them were, in words: "No space left on device", "nobody
  /// took them in time".
  std::string why_lost() const;

  const char* name() const { return options_.name; }

 private:
  void serve();
  void drop_waiting();
  // What could not be written of it.
  std::string_view put(std::string_view lines);
  std::string_view put_bytes(std::string_view bytes);
  bool wait_for_room();

  const UniqueFd own_;
  const int fd_;
  const Options options_;
  BlockingQueue<std::string> queue_;
  std::atomic<std::uint64_t> lost_ = 0;
  std::atomic<int> error_ = 0;  // of the last loss; 0: there was no room
  std::atomic<bool> ending_ = false;
  TimePoint patience_ends_ = TimePoint::max();  // the thread's
  bool torn_ = false;                           // within a line; the thread's
  std::thread thread_;
};

}  // namespace rp
