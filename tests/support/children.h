#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "reactor/unique_fd.h"

namespace rp {

using Command = std::vector<std::string>;

/// A child that runs this script of the shell.
Command shell(const std::string& script);

/// Whether this process has children, dead ones that were not reaped included.
bool has_children();

/// How many descriptors this process has.
std::size_t open_descriptors();

/// A process to be waited for, whoever its parent is.
///
///     const Watched grandchild(pid);
///     child.kill();
///     EXPECT_TRUE(grandchild.ends());
class Watched {
 public:
  /// The process must exist.
  explicit Watched(pid_t pid);

  /// Waits for its end, at most half a minute.
  bool ends() const;

 private:
  UniqueFd pidfd_;
};

}  // namespace rp
