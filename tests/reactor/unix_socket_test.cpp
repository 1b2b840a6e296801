#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "reactor/socket.h"
#include "tests/support/directory.h"

namespace rp {
namespace {

namespace fs = std::filesystem;

std::string failure(const Address& address) {
  try {
    listen_on(address);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "listens";
}

class UnixSocket : public testing::Test {
 protected:
  static Address at(const std::string& path) {
    return Address::unix_path(path);
  }

  // A path whose server has died without removing it.
  void leave_stale() { listen_on(at(path_)); }

  Directory directory_;
  const std::string path_ = directory_ / "server.sock";
};

TEST_F(UnixSocket, IsForItsOwnerOnly) {
  const mode_t before = ::umask(0);
  const UniqueFd listening = listen_on(at(path_));
  ::umask(before);
  EXPECT_EQ(fs::status(path_).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(UnixSocket, TakesOverAStalePath) {
  leave_stale();
  ASSERT_TRUE(fs::is_socket(path_));
  const UniqueFd listening = listen_on(at(path_));
  EXPECT_TRUE(connect_blocking(at(path_)));
  EXPECT_EQ(fs::status(path_).permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(UnixSocket, RefusesThePathOfALiveServer) {
  const UniqueFd live = listen_on(at(path_));
  EXPECT_EQ(failure(at(path_)),
            "listen on unix:" + path_ + ": Address already in use");
  EXPECT_TRUE(connect_blocking(at(path_)));
}

TEST_F(UnixSocket, RefusesThePathOfALiveServerWhoseBacklogIsFull) {
  const UniqueFd live = listen_on(at(path_), 0);
  const UniqueFd waiting = connect_blocking(at(path_));
  EXPECT_NE(failure(at(path_)), "listens");
  EXPECT_TRUE(fs::is_socket(path_));
}

TEST_F(UnixSocket, NeverRemovesAFile) {
  std::ofstream(path_) << "precious";
  EXPECT_EQ(failure(at(path_)),
            "listen on unix:" + path_ + ": Address already in use");
  std::ifstream file(path_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "precious");
}

TEST_F(UnixSocket, NeverRemovesALinkToAStaleSocket) {
  leave_stale();
  const std::string link = directory_ / "link.sock";
  fs::create_symlink(path_, link);
  EXPECT_NE(failure(at(link)), "listens");
  EXPECT_TRUE(fs::is_symlink(link));
}

TEST_F(UnixSocket, NeverRemovesASocketOfAnotherType) {
  const UniqueFd datagrams{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const Address address = at(path_);
  ASSERT_EQ(::bind(datagrams.get(), address.data(), address.size()), 0);
  EXPECT_NE(failure(address), "listens");
  EXPECT_TRUE(fs::is_socket(path_));
}

TEST_F(UnixSocket, NamesTheDirectoryThatIsMissing) {
  const std::string path = directory_ / "missing/server.sock";
  EXPECT_EQ(failure(at(path)),
            "listen on unix:" + path + ": No such file or directory");
}

}  // namespace
}  // namespace rp
