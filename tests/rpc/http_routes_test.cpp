#include "rpc/http_routes.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace rp {
namespace {

/// Routes that answer with a word of their own.
class HttpRoutesTest : public ::testing::Test {
 protected:
  void add(std::string_view method, std::string_view path,
           const std::string& word) {
    routes_.add(method, path, HttpHandler([this, word](HttpRequest, HttpReply) {
                  served_ = word;
                }));
  }

  /// The word of the handler, or the status of the refusal.
  std::string find(std::string method, std::string target) {
    auto found = routes_.find(
        {.method = std::move(method), .target = std::move(target)});
    if (auto* handler = std::get_if<HttpHandler*>(&found)) {
      (*handler)->serve({}, {});
      return served_;
    }
    const auto& answer = std::get<HttpResponse>(found);
    allow_ = answer.field("Allow") ? *answer.field("Allow") : "";
    return std::to_string(answer.status);
  }

  HttpRoutes routes_;
  std::string served_;
  std::string allow_;
};

TEST_F(HttpRoutesTest, APathIsExact) {
  add("GET", "/a", "a");
  EXPECT_EQ(find("GET", "/a?x=/b"), "a");
  EXPECT_EQ(find("GET", "http://localhost/a"), "a");
  for (const char* other :
       {"/", "/a/", "/ab", "/A", "//a", "/%61", "/a/../a"}) {
    EXPECT_EQ(find("GET", other), "404") << other;
  }
}

TEST_F(HttpRoutesTest, AStarStandsForAllThatBeginsSo) {
  add("GET", "/files/*", "files");
  EXPECT_EQ(find("GET", "/files/"), "files");
  EXPECT_EQ(find("GET", "/files/a/b"), "files");
  EXPECT_EQ(find("GET", "/files"), "404");
  EXPECT_EQ(find("GET", "/filesystem"), "404");
}

TEST_F(HttpRoutesTest, TheExactPathWinsThenTheLongest) {
  add("GET", "/*", "all");
  add("GET", "/a/*", "short");
  add("GET", "/a/b/*", "long");
  add("GET", "/a/b/c", "exact");
  EXPECT_EQ(find("GET", "/a/b/c"), "exact");
  EXPECT_EQ(find("GET", "/a/b/d"), "long");
  EXPECT_EQ(find("GET", "/a/c"), "short");
  EXPECT_EQ(find("GET", "/a"), "all");
  EXPECT_EQ(find("GET", "/"), "all");
}

TEST_F(HttpRoutesTest, AnotherMethodIsToldWhichThereAre) {
  add("GET", "/a", "get");
  add("PUT", "/a", "put");
  EXPECT_EQ(find("HEAD", "/a"), "get");
  EXPECT_EQ(find("PUT", "/a"), "put");
  EXPECT_EQ(find("DELETE", "/a"), "405");
  EXPECT_EQ(allow_, "GET, HEAD, OPTIONS, PUT");
  EXPECT_EQ(find("OPTIONS", "/a"), "204");
  EXPECT_EQ(allow_, "GET, HEAD, OPTIONS, PUT");
}

TEST_F(HttpRoutesTest, NoMethodIsToldTwice) {
  add("GET", "/a", "get");
  add("OPTIONS", "/a", "options");
  EXPECT_EQ(find("OPTIONS", "/a"), "options");
  EXPECT_EQ(find("PUT", "/a"), "405");
  EXPECT_EQ(allow_, "GET, HEAD, OPTIONS");
}

TEST_F(HttpRoutesTest, WhereAnUpgradeIsGetLeadsOn) {
  routes_.add_upgrade("/a", {"parrot", {}});
  EXPECT_EQ(find("POST", "/a"), "405");
  EXPECT_EQ(allow_, "GET, OPTIONS");
  EXPECT_EQ(find("GET", "/a"), "426");
  add("GET", "/a", "get");
  EXPECT_EQ(find("POST", "/a"), "405");
  EXPECT_EQ(allow_, "GET, HEAD, OPTIONS");
}

TEST_F(HttpRoutesTest, AMethodThatNeverComesIsRefused) {
  for (const char* method : {"HEAD", "CONNECT", "get", "Get", "", "G ET"}) {
    EXPECT_THROW(add(method, "/a", "a"), std::invalid_argument) << method;
  }
  EXPECT_EQ(find("GET", "/a"), "404") << "nothing is left of it";
  EXPECT_NO_THROW(add("M-SEARCH", "/a", "a"));
}

TEST_F(HttpRoutesTest, WhatNobodyServesIsNotImplemented) {
  add("GET", "/a", "get");
  for (const char* method : {"TRACE", "BREW", "get"}) {
    EXPECT_EQ(find(method, "/a"), "501") << method;
    EXPECT_EQ(find(method, "/b"), "501") << method;
  }
}

TEST_F(HttpRoutesTest, WhatOthersServeIsMissingHere) {
  add("BREW", "/a", "coffee");
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}) {
    EXPECT_EQ(find(method, "/a"), "405") << method;
    EXPECT_EQ(find(method, "/b"), "404") << method;
  }
}

TEST_F(HttpRoutesTest, OptionsMayAskAboutTheServer) {
  EXPECT_EQ(find("OPTIONS", "*"), "204");
  EXPECT_NE(allow_.find("GET"), std::string::npos);
  EXPECT_EQ(find("OPTIONS", "/a"), "404");
}

TEST_F(HttpRoutesTest, AMethodOfOnesOwnIsServedWhereItIs) {
  add("BREW", "/pot", "coffee");
  EXPECT_EQ(find("BREW", "/pot"), "coffee");
}

TEST_F(HttpRoutesTest, APathBeginsWithASlash) {
  EXPECT_THROW(add("GET", "", "a"), std::invalid_argument);
  EXPECT_THROW(add("GET", "a", "a"), std::invalid_argument);
  EXPECT_THROW(add("GET", "*", "a"), std::invalid_argument);
}

TEST_F(HttpRoutesTest, AMethodIsServedOnceOnAPath) {
  add("GET", "/a", "a");
  add("GET", "/a/*", "other");
  EXPECT_THROW(add("GET", "/a", "b"), std::invalid_argument);
  EXPECT_THROW(add("GET", "/a/*", "b"), std::invalid_argument);
}

}  // namespace
}  // namespace rp
