#include "pool/new_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/faults.h"

namespace rp {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// On a file system with files that have no name, and on one without.
class NewFileOn : public ::testing::TestWithParam<const char*> {
 protected:
  NewFile& open() {
    Fault::Script script;
    if (GetParam() == std::string("Named")) {
      script.push_back(Fault::error(EOPNOTSUPP));
    }
    const Fault fault = Fault::on_any().open(std::move(script));
    return file_.emplace(folder_);
  }

  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& file :
         std::filesystem::directory_iterator(folder_)) {
      ++count;
    }
    return count;
  }

  // The errno of what an action throws.
  template <class Act>
  static int error_of(Act act) {
    try {
      act();
    } catch (const std::system_error& error) {
      return error.code().value();
    }
    return 0;
  }

  Directory directory_;
  std::string folder_ = directory_ / ".";
  std::optional<NewFile> file_;
};

INSTANTIATE_TEST_SUITE_P(FileSystems, NewFileOn,
                         ::testing::Values("Unnamed", "Named"),
                         [](const auto& test) { return test.param; });

TEST_P(NewFileOn, HasItsNameWhenItIsWholeAndNotBefore) {
  NewFile& file = open();
  file.write("hello, ");
  file.write("world");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "name"));
  file.publish("name");
  EXPECT_EQ(content_of(directory_ / "name"), "hello, world");
}

TEST_P(NewFileOn, IsAloneWithItsNameInTheEnd) {
  open().publish("name");
  file_.reset();
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(content_of(directory_ / "name"), "");
}

TEST_P(NewFileOn, LeavesNothingWhenItIsNotPublished) {
  open().write("a part");
  file_.reset();
  EXPECT_EQ(files(), 0u);
}

TEST_P(NewFileOn, NeverReplacesAnotherFile) {
  std::ofstream(directory_ / "name") << "older";
  NewFile& file = open();
  file.write("newer");
  EXPECT_EQ(error_of([&] { file.publish("name"); }), EEXIST);
  file_.reset();
  EXPECT_EQ(content_of(directory_ / "name"), "older");
  EXPECT_EQ(files(), 1u);
}

TEST_P(NewFileOn, LosesNothingToShortWritesAndSignals) {
  NewFile& file = open();
  const Fault faults = Fault::on_any().write(
      {Fault::at_most(1), Fault::error(EINTR), Fault::at_most(2)});
  file.write("hello");
  EXPECT_EQ(faults.left(), 0u);
  file.publish("name");
  EXPECT_EQ(content_of(directory_ / "name"), "hello");
}

TEST_P(NewFileOn, SaysThatTheDiskIsFullAndLeavesNothing) {
  NewFile& file = open();
  const Fault full =
      Fault::on_any().write({Fault::at_most(2), Fault::error(ENOSPC)});
  EXPECT_EQ(error_of([&] { file.write("hello"); }), ENOSPC);
  file_.reset();
  EXPECT_EQ(files(), 0u);
}

TEST_P(NewFileOn, IsForItsOwnerOnly) {
  open().publish("name");
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "name").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_P(NewFileOn, HasNoPathForAName) {
  NewFile& file = open();
  EXPECT_THROW(file.publish("../name"), std::invalid_argument);
  EXPECT_THROW(file.publish(""), std::invalid_argument);
  EXPECT_THROW(file.publish(std::string("name\0x", 6)), std::invalid_argument);
}

TEST(NewFile, SaysWhichFolderIsNotThere) {
  try {
    NewFile file{"/nowhere/at/all"};
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_STREQ(error.what(),
                 "new file in /nowhere/at/all: No such file or directory");
  }
}

}  // namespace
}  // namespace rp
