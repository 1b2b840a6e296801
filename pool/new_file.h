#pragma once

#include <string>
#include <string_view>

#include "reactor/unique_fd.h"

namespace rp {

/// A file that gets its name when it is whole, and not before: who finds the
/// name finds all of it, whatever happened on the way.
///
///     NewFile file{"uploads"};
///     file.write(bytes);
///     file.publish("3f2a97");  // now there is uploads/3f2a97
///
/// Destroyed unpublished it leaves nothing. Where the file system knows files
/// without a name (O_TMPFILE), that holds for a crash, too; elsewhere a crash
/// leaves a file ".new-PID-NUMBER", which nobody mistakes for a whole one.
///
/// Thread rule: one thread at a time, the destructor too, and one that may
/// wait for the disk: a worker's. Errors: std::system_error, which says what
/// was tried ("write in uploads: No space left on device").
class NewFile {
 public:
  /// An empty file, for its owner only (0600), in a folder that is there.
  explicit NewFile(std::string folder);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  /// Adds all of it at the end.
  void write(std::string_view bytes);

  /// Waits until the disk has all, then gives the file this name in its
  /// folder. Never replaces another file. A name with a slash or a NUL is a
  /// bug and throws std::invalid_argument.
  void publish(const std::string& name);

 private:
  void open_with_a_name();

  std::string folder_;
  std::string interim_;  // its name until it is whole; empty: none
  UniqueFd fd_;
};

}  // namespace rp
