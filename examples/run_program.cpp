#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>

#include "examples/flags.h"

namespace rp {
namespace {

// Else what is opened next takes its number, and is written to by those who
// complain. Reading a closed input and writing a closed output still fails.
void occupy_if_closed(int fd, int mode) {
  if (::fcntl(fd, F_GETFD) >= 0) return;
  if (::open("/dev/null", mode) == fd) return;
  throw std::system_error(errno, std::generic_category(), "open /dev/null");
}

void occupy_standard_descriptors() {
  occupy_if_closed(STDIN_FILENO, O_WRONLY);
  occupy_if_closed(STDOUT_FILENO, O_RDONLY);
  occupy_if_closed(STDERR_FILENO, O_RDONLY);
}

void flush_output() {
  if (std::fflush(stdout) != 0) {
    throw std::system_error(errno, std::generic_category(),
                            "write standard output");
  }
  if (std::ferror(stdout) != 0) {  // nothing remembers why
    throw std::runtime_error("standard output has not taken all that was said");
  }
}

int complain(const std::string& program, const char* what, const char* hint) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s%s\n", program.c_str(), what, hint);
  return 1;
}

}  // namespace

void leave(const Flags& given, int status) {
  try {
    if (status == 0) flush_output();
  } catch (const std::exception& error) {
    status = complain(given.program(), error.what(), "");
  }
  std::fflush(nullptr);
  std::quick_exit(status);
}

int run_program(Flags& flags, int argc, const char* const* argv,
                Function<int(const Flags&)> body) {
  try {
    occupy_standard_descriptors();
    int status = 0;
    if (flags.parse(argc, argv)) {
      status = body(flags);
    } else {
      std::fputs(flags.help().c_str(), stdout);
    }
    if (status == 0) flush_output();
    return status;
  } catch (const UsageError& error) {
    complain(flags.program(), error.what(), " (try --help)");
    return 2;
  } catch (const std::exception& error) {
    return complain(flags.program(), error.what(), "");
  } catch (...) {
    return complain(flags.program(), "failed for a reason unknown", "");
  }
}

}  // namespace rp
