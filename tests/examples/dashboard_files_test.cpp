#include "examples/dashboard_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace rp {
namespace {

const std::filesystem::path kFolder = "examples/dashboard";

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(DashboardFiles, AreThoseOfTheFolderByteForByte) {
  for (const HttpFile& file : dashboard_files()) {
    const std::string name =
        file.url == "/" ? "index.html" : file.url.substr(1);
    EXPECT_EQ(file.bytes, contents(kFolder / name)) << name;
    EXPECT_FALSE(file.bytes.empty()) << name;
  }
}

TEST(DashboardFiles, AreAllThatABrowserNeeds) {
  std::set<std::string> served;
  for (const HttpFile& file : dashboard_files()) served.insert(file.url);
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename().string();
    // For node, in the tests.
    if (name == "package.json") continue;
    EXPECT_TRUE(served.contains(name == "index.html" ? "/" : "/" + name))
        << name;
  }
}

TEST(DashboardFiles, HaveTypesThatABrowserTakes) {
  for (const HttpFile& file : dashboard_files()) {
    EXPECT_NE(file.type, "application/octet-stream") << file.url;
  }
}

}  // namespace
}  // namespace rp
