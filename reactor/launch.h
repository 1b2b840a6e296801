#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace rp {

/// The launcher's descriptor for what went wrong: the number of an errno, or
/// nothing if the program was started. The first that a child does not get.
constexpr int kLaunchStatus = 3;

/// What the child gets; the caller keeps and closes them.
struct LaunchEnds {
  int stream;  ///< becomes its descriptors 0 and 1
  int errors;  ///< becomes 2; is not 0 or 1 itself
  int status;  ///< the launcher's; is not 0, 1 or 2 itself
};

/// Starts `rp_launcher` with a command, in a process group of its own, which
/// exists when this returns.
///
///     pid_t child = launch({"awk", "{ print }"}, {stream, errors, status});
///
/// Safe in a program with threads (posix_spawn). Thread rule: any thread; the
/// child dies when that thread ends. Throws std::system_error when there is no
/// launcher or no process can be made: "start awk: launcher: looked for ...".
pid_t launch(const std::vector<std::string>& command, LaunchEnds ends);

}  // namespace rp
