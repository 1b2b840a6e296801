#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace rp {

/// A new directory for files and sockets; it goes, with all it holds, when
/// this object does.
///
///     Directory directory;
///     listen_on(Address::unix_path(directory / "server.sock"));
class Directory {
 public:
  Directory() {
    const auto parent = std::filesystem::temp_directory_path();
    std::string name = (parent / "rp-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), "make " + name);
    }
    path_ = name;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { std::filesystem::remove_all(path_); }

  std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace rp
