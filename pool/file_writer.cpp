#include "pool/file_writer.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "pool/defer.h"

namespace rp {

// One job at a time touches it.
struct FileWriter::Disk {
  explicit Disk(std::string path) : folder(std::move(path)) {}

  // The folder is looked at by a worker, too.
  NewFile& open() {
    if (!file) file.emplace(folder);
    return *file;
  }

  const std::string folder;
  std::optional<NewFile> file;
};

FileWriter::FileWriter(Executor& pool, Options options)
    : pool_(pool),
      pause_at_(options.pause_at),
      disk_(std::make_shared<Disk>(std::move(options.folder))),
      self_(std::make_shared<FileWriter*>(this)) {}

// To free what a large file takes is work for the pool as well: for the job
// that runs, or for one of its own.
FileWriter::~FileWriter() {
  if (busy_ || !disk_->file) return;
  defer(pool_, [disk = std::move(disk_)]() mutable { disk.reset(); });
}

void FileWriter::write(std::string_view bytes) {
  if (over_ || bytes.empty()) return;
  size_ += bytes.size();
  waiting_.append(bytes);
  if (unwritten() > pause_at_) full_ = true;
  go_on();
}

void FileWriter::publish(std::string name, Ended ended) {
  if (name_) {
    std::fprintf(stderr, "FileWriter::publish(): it has a name already\n");
    std::abort();
  }
  name_ = std::move(name);
  ended_ = std::move(ended);
  failure_.ok() ? go_on() : tell_failure();
}

// By a job that does nothing: `ended` is not called inside publish().
void FileWriter::tell_failure() {
  defer(
      pool_, [] {},
      [self = std::weak_ptr(self_), failure = failure_](const OutcomeBase&) {
        if (const auto writer = self.lock()) (*writer)->named(failure);
      });
}

void FileWriter::go_on() {
  if (busy_ || over_) return;
  if (!waiting_.empty()) return write_what_waits();
  if (name_) give_name();
}

void FileWriter::write_what_waits() {
  busy_ = true;
  writing_ = waiting_.size();
  defer(
      pool_,
      [disk = disk_, bytes = std::exchange(waiting_, {})] {
        disk->open().write(bytes);
      },
      [self = std::weak_ptr(self_)](const Outcome<void>& end) {
        if (const auto writer = self.lock()) (*writer)->written(end);
      });
}

void FileWriter::written(const Outcome<void>& end) {
  busy_ = false;
  writing_ = 0;
  if (!end.ok()) return fail(end);
  go_on();
  if (!full_ || unwritten() > pause_at_ / 2) return;
  full_ = false;
  if (room_) room_();
}

void FileWriter::fail(const Outcome<void>& end) {
  over_ = true;
  failure_ = end;
  waiting_.clear();
  Ended told = std::move(name_ ? ended_ : failed_);
  if (told) told(end);
}

void FileWriter::named(const Outcome<void>& end) {
  Ended told = std::move(ended_);
  if (told) told(end);
}

void FileWriter::give_name() {
  busy_ = true;
  over_ = true;
  defer(
      pool_,
      [disk = disk_, name = *name_] {
        disk->open().publish(name);
        disk->file.reset();
      },
      [self = std::weak_ptr(self_), &pool = pool_,
       path = disk_->folder + "/" + *name_](const Outcome<void>& end) {
        if (const auto writer = self.lock()) return (*writer)->named(end);
        if (end.ok()) defer(pool, [path] { ::unlink(path.c_str()); });
      });
}

}  // namespace rp
