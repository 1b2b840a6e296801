#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pool/executor.h"
#include "pool/new_file.h"
#include "pool/outcome.h"
#include "reactor/function.h"

namespace rp {

/// Writes a stream of any length to a new file, and never on the loop: the
/// boss takes the bytes, the pool waits for the disk.
///
///     FileWriter writer{pool.executor(), {.folder = "uploads"}};
///     writer.on_room([&] { source.resume(); });
///     writer.write(bytes);
///     if (writer.full()) source.pause();
///     ...
///     writer.publish("3f2a97", [](const Outcome<void>& end) { ... });
///
/// What comes while a job writes is gathered for the next job, so the file has
/// one job at a time, however fast its bytes come, and they stay in order.
/// Who heeds full() keeps at most `pause_at` bytes and one piece here.
///
/// The file has its name when all of it is on the disk (NewFile). Destroyed
/// before that the writer leaves nothing that is not whole; a name that the
/// pool gives at that very moment is taken away again, unless run() ends first.
///
/// Thread rule: the loop's thread. The executor must outlive it. Its callbacks
/// are called on the loop, never inside a call of its own, and may destroy it.
///
/// Errors: what NewFile threw, or JobLost when the pool has no room for its
/// job or ends. After an error it takes no more.
class FileWriter {
 public:
  struct Options {
    std::string folder;
    /// With more bytes than these on their way to the disk it is full; there
    /// is room again at half.
    std::size_t pause_at = 512 * 1024;
  };
  using Ended = Function<void(const Outcome<void>&)>;

  FileWriter(Executor& pool, Options options);
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  ~FileWriter();

  /// Adds bytes at the end.
  void write(std::string_view bytes);

  /// How many bytes it was given.
  std::uint64_t size() const { return size_; }

  bool full() const { return full_; }

  /// Called each time when there is room again after full().
  void on_room(Task task) { room_ = std::move(task); }

  /// Called once, when an error comes before publish().
  void on_failed(Ended failed) { failed_ = std::move(failed); }

  /// All was given: gives the file its name. `ended` is called once, with the
  /// error when one came before. A second publish() is a bug and stops the
  /// program.
  void publish(std::string name, Ended ended);

 private:
  struct Disk;

  void go_on();
  void write_what_waits();
  void give_name();
  void written(const Outcome<void>& end);
  void named(const Outcome<void>& end);
  void fail(const Outcome<void>& end);
  void tell_failure();
  std::size_t unwritten() const { return waiting_.size() + writing_; }

  Executor& pool_;
  const std::size_t pause_at_;
  std::shared_ptr<Disk> disk_;         // shared with the job that runs
  std::shared_ptr<FileWriter*> self_;  // gone when this object is
  std::string waiting_;                // for the next job
  std::size_t writing_ = 0;            // bytes in the job that runs
  std::uint64_t size_ = 0;
  bool busy_ = false;
  bool full_ = false;
  bool over_ = false;
  Outcome<void> failure_;  // ok() until there is one
  std::optional<std::string> name_;
  Task room_;
  Ended failed_;
  Ended ended_;
};

}  // namespace rp
