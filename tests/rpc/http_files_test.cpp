#include "rpc/http_files.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/http_served.h"

namespace rp {
namespace {

using Statuses = std::vector<int>;

class HttpFilesTest : public HttpTest {
 protected:
  void serve_pages() {
    serve_files(open(), {{"/", "text/html; charset=utf-8", "<p>hello"},
                         {"/style.css", "text/css", "p {}"},
                         {"/empty", "text/plain", ""}});
    connect();
  }

  std::string field(std::size_t answer, std::string_view name) {
    const std::string* value = peer_.answers().at(answer).field(name);
    return value ? *value : "(none)";
  }
};
RP_ON_BOTH_POLLERS(HttpFilesTest);

TEST_P(HttpFilesTest, AreServedFromTheirTableOnly) {
  serve_pages();
  peer_.send(get("/") + get("/style.css") + get("/empty") +
             get("/../http_files_test.cpp") + get("//style.css"));
  ASSERT_TRUE(wait_for(5));
  EXPECT_EQ(statuses(), (Statuses{200, 200, 200, 404, 404}));
  EXPECT_EQ(peer_.answers()[0].body, "<p>hello");
  EXPECT_EQ(field(0, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(peer_.answers()[1].body, "p {}");
}

TEST_P(HttpFilesTest, SayWhatTheirPageMayDo) {
  serve_pages();
  peer_.send(get("/"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(field(0, "Content-Security-Policy"), kOwnContentOnly);
  EXPECT_EQ(field(0, "X-Content-Type-Options"), "nosniff");
}

TEST_P(HttpFilesTest, AreNotSentAgainToWhoHasThem) {
  serve_pages();
  peer_.send(get("/") + get("/style.css"));
  steps_.until(peer_.has(2)).then([&] {
    const std::string tag = field(0, "ETag");
    EXPECT_NE(tag, field(1, "ETag"));
    for (const std::string& known :
         {tag, "\"other\", W/" + tag, std::string("*")}) {
      peer_.send(get("/", {{"If-None-Match", known}}));
    }
    peer_.send(get("/", {{"If-None-Match", field(1, "ETag")}}));
  });
  steps_.until(peer_.has(6));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 200, 304, 304, 304, 200}));
  EXPECT_EQ(peer_.answers()[2].body, "");
  EXPECT_EQ(field(2, "ETag"), field(0, "ETag"));
}

TEST_P(HttpFilesTest, HaveAHead) {
  serve_pages();
  peer_.expect("HEAD");
  peer_.send(http_request("HEAD", "/"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(field(0, "Content-Length"), "8");
  EXPECT_EQ(peer_.answers()[0].body, "");
}

TEST(ReadFile, TakesTheBytesAndTheTypeOfTheName) {
  const Directory directory;
  const std::string bytes("a\0\r\nb", 5);
  std::ofstream(directory / "page.html", std::ios::binary) << bytes;
  std::ofstream(directory / "empty.txt");
  const HttpFile page = read_file("/page", directory / "page.html");
  EXPECT_EQ(page.url, "/page");
  EXPECT_EQ(page.type, "text/html; charset=utf-8");
  EXPECT_EQ(page.bytes, bytes);
  EXPECT_EQ(read_file("/", directory / "empty.txt").bytes, "");
}

TEST(ReadFile, SaysWhatCannotBeRead) {
  const Directory directory;
  for (const std::string& path : {directory / "nothing.txt", directory / ""}) {
    try {
      read_file("/", path);
      ADD_FAILURE() << path;
    } catch (const std::system_error& error) {
      EXPECT_EQ(std::string(error.what()).rfind("read " + path + ": ", 0), 0u)
          << error.what();
    }
  }
}

TEST(MediaType, FollowsFromTheEndOfTheName) {
  EXPECT_EQ(media_type("a.b/page.css"), "text/css; charset=utf-8");
  EXPECT_EQ(media_type("x.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(media_type("x.js.gz"), "application/octet-stream");
  EXPECT_EQ(media_type("js"), "application/octet-stream");
}

}  // namespace
}  // namespace rp
