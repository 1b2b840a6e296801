#include "reactor/launch.h"

#include <spawn.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <string_view>

#include "reactor/socket.h"

namespace rp {

namespace {

std::string own_folder(const std::string& what) {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  if (size < 0) throw_errno(what + ": read /proc/self/exe");
  const std::string_view whole(path, static_cast<std::size_t>(size));
  return std::string(whole.substr(0, whole.rfind('/')));
}

std::string find_launcher(const std::string& what) {
  const std::string folder = own_folder(what);
  std::string beside = folder + "/rp_launcher";
  if (::access(beside.c_str(), X_OK) == 0) return beside;
  const std::string above = folder.substr(0, folder.rfind('/'));
  std::string in_libexec = above + "/libexec/rp_launcher";
  if (::access(in_libexec.c_str(), X_OK) == 0) return in_libexec;
  throw_errno(what + ": launcher: looked for " + beside + " and " + in_libexec);
}

// How the launcher is started. The program becomes what it is by the launcher.
class SpawnSettings {
 public:
  explicit SpawnSettings(LaunchEnds ends) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawnattr_init(&attributes_);
    try {
      give(ends);
      set_attributes();
    } catch (...) {
      destroy();
      throw;
    }
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() { destroy(); }

  int spawn(pid_t& pid, const char* program, char* const* words) const {
    return ::posix_spawn(&pid, program, &files_, &attributes_, words, environ);
  }

 private:
  void give(LaunchEnds ends) {
    dup(ends.stream, STDIN_FILENO);
    dup(ends.stream, STDOUT_FILENO);
    dup(ends.errors, STDERR_FILENO);
    dup(ends.status, kLaunchStatus);
    // Ours are close-on-exec; those of other people's code need not be.
    check(
        ::posix_spawn_file_actions_addclosefrom_np(&files_, kLaunchStatus + 1));
  }

  // The group is not left to the launcher: a kill may come before its first
  // step.
  void set_attributes() {
    sigset_t none, defaults;
    ::sigemptyset(&none);
    ::sigemptyset(&defaults);
    ::sigaddset(&defaults, SIGPIPE);
    ::sigaddset(&defaults, SIGXFSZ);
    check(::posix_spawnattr_setsigmask(&attributes_, &none));
    check(::posix_spawnattr_setsigdefault(&attributes_, &defaults));
    check(::posix_spawnattr_setpgroup(&attributes_, 0));
    check(::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK |
                                                       POSIX_SPAWN_SETSIGDEF |
                                                       POSIX_SPAWN_SETPGROUP));
  }

  void dup(int from, int to) {
    check(::posix_spawn_file_actions_adddup2(&files_, from, to));
  }
  static void check(int number) {
    if (number != 0) throw_errno("prepare a child", number);
  }
  void destroy() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

}  // namespace

pid_t launch(const std::vector<std::string>& command, LaunchEnds ends) {
  const std::string what = "start " + command.front();
  std::string launcher = find_launcher(what);
  std::string parent = std::to_string(::getpid());
  std::vector<std::string> arguments = command;
  std::vector<char*> words{launcher.data(), parent.data()};
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);

  const SpawnSettings settings(ends);
  pid_t pid = 0;
  const int number = settings.spawn(pid, launcher.c_str(), words.data());
  if (number != 0) throw_errno(what, number);
  return pid;
}

}  // namespace rp
