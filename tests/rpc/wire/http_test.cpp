#include "rpc/wire/http.h"

#include <gtest/gtest.h>

#include <string>

namespace rp {
namespace {

HttpRequest to(const std::string& target, const HttpFields& fields = {}) {
  return {.method = "GET", .target = target, .fields = fields};
}

TEST(HttpRequest, TellsPathAndQuery) {
  EXPECT_EQ(to("/").path(), "/");
  EXPECT_EQ(to("/a/b").path(), "/a/b");
  EXPECT_EQ(to("/a/b").query(), "");
  EXPECT_EQ(to("/a?x=1&y=?").path(), "/a");
  EXPECT_EQ(to("/a?x=1&y=?").query(), "x=1&y=?");
  EXPECT_EQ(to("/?").path(), "/");
  EXPECT_EQ(to("*").path(), "*");
}

TEST(HttpRequest, TellsPathAndQueryOfAnAbsoluteTarget) {
  EXPECT_EQ(to("http://a:80/x?y").path(), "/x");
  EXPECT_EQ(to("http://a:80/x?y").query(), "y");
  EXPECT_EQ(to("http://a").path(), "/");
  EXPECT_EQ(to("http://a?y").path(), "/");
  EXPECT_EQ(to("http://a?y").query(), "y");
  EXPECT_EQ(to("/x?to=http://a/b").path(), "/x");
}

TEST(HttpRequest, TellsItsHost) {
  EXPECT_EQ(to("/", {{"host", "a:80"}}).host(), "a:80");
  EXPECT_EQ(to("http://b/", {{"Host", "a"}}).host(), "b");
  EXPECT_EQ(to("/").host(), "");
}

TEST(HttpFields, AreFoundWhateverTheirCase) {
  const HttpFields fields = {{"X-One", "1"}, {"x-ONE", "2"}, {"Y", "3"}};
  ASSERT_NE(find_field(fields, "x-one"), nullptr);
  EXPECT_EQ(*find_field(fields, "x-one"), "1");
  EXPECT_EQ(find_field(fields, "x-on"), nullptr);
  EXPECT_EQ(find_field(fields, "x-one "), nullptr);
  EXPECT_EQ(HttpResponse{.fields = fields}.field("y")->size(), 1u);
}

TEST(HttpFields, KnowAToken) {
  const HttpFields fields = {
      {"Connection", "a ,\tClose"}, {"X", "y"}, {"connection", ",upgrade,"}};
  EXPECT_TRUE(has_token(fields, "Connection", "close"));
  EXPECT_TRUE(has_token(fields, "Connection", "Upgrade"));
  EXPECT_FALSE(has_token(fields, "Connection", "clos"));
  EXPECT_FALSE(has_token(fields, "Connection", "y"));
  EXPECT_FALSE(has_token(fields, "Z", "close"));
}

TEST(HttpBody, GoesWithSomeMethods) {
  for (const char* method : {"POST", "PUT", "PATCH"}) {
    EXPECT_TRUE(wants_body(method)) << method;
  }
  for (const char* method : {"GET", "DELETE", "post", ""}) {
    EXPECT_FALSE(wants_body(method)) << method;
  }
}

TEST(HttpBody, GoesWithMostStatuses) {
  for (const int status : {200, 203, 205, 303, 305, 404, 500}) {
    EXPECT_TRUE(may_have_body(status)) << status;
  }
  for (const int status : {100, 101, 199, 204, 304}) {
    EXPECT_FALSE(may_have_body(status)) << status;
  }
}

TEST(HttpReason, KnowsTheStatusesThatServersUse) {
  EXPECT_EQ(http_reason(200), "OK");
  EXPECT_EQ(http_reason(413), "Content Too Large");
  EXPECT_EQ(http_reason(431), "Request Header Fields Too Large");
  EXPECT_EQ(http_reason(299), "");
}

TEST(HttpFields, AreCountedByTheirNameWhateverItsCase) {
  const HttpFields fields = {{"Host", "a"}, {"X", "1"}, {"hOST", "a"}};
  EXPECT_EQ(count_fields(fields, "host"), 2u);
  EXPECT_EQ(count_fields(fields, "X"), 1u);
  EXPECT_EQ(count_fields(fields, "Hos"), 0u);
}

TEST(HttpFields, UpgradeWithTheProtocolAndTheOption) {
  const HttpFields both = {{"Connection", "x, upgrade"},
                           {"Upgrade", "h2c, WebSocket"}};
  EXPECT_TRUE(upgrades_to(both, "websocket"));
  EXPECT_FALSE(upgrades_to(both, "socket"));
  EXPECT_FALSE(upgrades_to({{"Upgrade", "websocket"}}, "websocket"));
  EXPECT_FALSE(upgrades_to({{"Connection", "upgrade"}}, "websocket"));
}

}  // namespace
}  // namespace rp
