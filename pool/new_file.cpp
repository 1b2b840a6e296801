#include "pool/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "reactor/socket.h"

namespace rp {
namespace {

constexpr mode_t kForItsOwner = S_IRUSR | S_IWUSR;

bool knows_no_unnamed_files(int error) {
  return error == EOPNOTSUPP || error == EISDIR || error == EINVAL;
}

std::string interim_name() {
  static std::atomic<std::uint64_t> number{0};
  return ".new-" + std::to_string(::getpid()) + "-" + std::to_string(++number);
}

}  // namespace

NewFile::NewFile(std::string folder) : folder_(std::move(folder)) {
  constexpr int unnamed = O_TMPFILE | O_WRONLY | O_CLOEXEC;
  fd_.reset(::open(folder_.c_str(), unnamed, kForItsOwner));
  if (!fd_ && knows_no_unnamed_files(errno)) open_with_a_name();
  if (!fd_) throw_errno("new file in " + folder_);
}

void NewFile::open_with_a_name() {
  const std::string path = folder_ + "/" + interim_name();
  constexpr int named = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC;
  fd_.reset(::open(path.c_str(), named, kForItsOwner));
  if (fd_) interim_ = path;
}

NewFile::~NewFile() {
  if (!interim_.empty()) ::unlink(interim_.c_str());
}

void NewFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw_errno("write in " + folder_);
    }
  }
}

void NewFile::publish(const std::string& name) {
  const bool is_name =
      name.find_first_of(std::string_view("/\0", 2)) == name.npos;
  if (name.empty() || !is_name) {
    throw std::invalid_argument("a file's name is not \"" + name + "\"");
  }
  const std::string path = folder_ + "/" + name;
  // A name on the disk before its bytes would, after a loss of power, be that
  // of a part.
  if (::fsync(fd_.get()) != 0) throw_errno("write in " + folder_);
  const std::string unnamed = "/proc/self/fd/" + std::to_string(fd_.get());
  const std::string& now = interim_.empty() ? unnamed : interim_;
  // rename() would replace what has the name; a link does not.
  if (::linkat(AT_FDCWD, now.c_str(), AT_FDCWD, path.c_str(),
               AT_SYMLINK_FOLLOW) != 0) {
    throw_errno("name " + path);
  }
}

}  // namespace rp
