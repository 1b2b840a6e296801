#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "reactor/socket.h"

namespace rp {

/// One of the chapter's own programs, run as a child: what it prints is read
/// here, and it is ended with this object. The environment variable
/// RP_PROGRAMS names the folder it lies in.
///
///     Program server("echo_server", {"--port", "0"});
///     EXPECT_EQ(server.line(), "listening on tcp 127.0.0.1:41234");
///     EXPECT_EQ(Program("riddle").rest(), "...");
class Program {
 public:
  explicit Program(const std::string& name,
                   std::vector<std::string> arguments = {}) {
    const char* folder = std::getenv("RP_PROGRAMS");
    path_ = std::string(folder != nullptr ? folder : ".") + "/" + name;
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe for " + name);
    output_ = ends[0];
    std::vector<char*> words{path_.data()};
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    child_ = ::fork();
    if (child_ < 0) throw_errno("fork for " + name);
    if (child_ == 0) become(ends[1], words);
    ::close(ends[1]);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(output_);
  }

  /// What it prints up to the end of the line, without it.
  std::string line() {
    std::string text;
    char byte = 0;
    while (::read(output_, &byte, 1) == 1 && byte != '\n') text += byte;
    return text;
  }

  /// All that it prints until it ends; it ends after five seconds at most.
  std::string rest() {
    std::string text;
    char byte = 0;
    while (::read(output_, &byte, 1) == 1) text += byte;
    return text;
  }

 private:
  // A child that hangs must not hang the test: its alarm ends it.
  [[noreturn]] void become(int output, const std::vector<char*>& words) {
    ::dup2(output, STDOUT_FILENO);
    ::alarm(kLongestSeconds);
    ::execv(path_.c_str(), words.data());
    ::perror(path_.c_str());
    ::_exit(127);
  }

  static constexpr unsigned kLongestSeconds = 5;

  std::string path_;
  int output_ = -1;
  pid_t child_ = -1;
};

}  // namespace rp
