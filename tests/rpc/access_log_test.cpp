#include "rpc/access_log.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <string>

#include "rpc/wire/json_parser.h"
#include "tests/support/directory.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// 2026-11-21T20:04:05.678Z
constexpr auto kTime =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 21) + 20h + 4min +
    5678ms;

class AccessLogTest : public testing::Test {
 protected:
  AccessLog log(AccessLog::Form form) {
    return {*lines, form, [] { return kTime; }};
  }

  static HttpExchange exchange(std::string_view path, const Address& peer) {
    return {.method = "GET",
            .path = path,
            .status = 200,
            .bytes = 3,
            .duration = 41us,
            .peer = peer,
            .cut = false,
            .error = ""};
  }

  std::string written() {
    lines.reset();
    std::ifstream file(directory / "log");
    std::string line, more;
    std::getline(file, line);
    EXPECT_FALSE(std::getline(file, more)) << more;
    return line;
  }

  Directory directory;
  std::optional<LineLog> lines{std::in_place, LineLog::open(directory / "log"),
                               LineLog::Options()};
  const Address peer = Address::parse("127.0.0.1:5000");
};

TEST_F(AccessLogTest, WritesALineForAnExchange) {
  log(AccessLog::Form::text).http(exchange("/healthz", peer));
  EXPECT_EQ(written(),
            "2026-11-21T20:04:05.678Z http 127.0.0.1:5000 GET /healthz 200 3 "
            "41us");
}

TEST_F(AccessLogTest, SaysOfAnAnswerThatItDidNotComeToItsEnd) {
  HttpExchange cut = exchange("/file", peer);
  cut.cut = true;
  log(AccessLog::Form::text).http(cut);
  EXPECT_TRUE(written().ends_with(" /file 200 3 41us cut"));
}

TEST_F(AccessLogTest, SaysWhatAHandlerThrew) {
  HttpExchange failed = exchange("/x", peer);
  failed.error = "no table\nfor \x1b[2J";
  log(AccessLog::Form::text).http(failed);
  EXPECT_TRUE(
      written().ends_with(R"( /x 200 3 41us threw no table\x0afor \x1b[2J)"));
}

TEST_F(AccessLogTest, SaysInJsonWhatAHandlerThrew) {
  HttpExchange failed = exchange("/x", peer);
  failed.error = "no \"table\"";
  log(AccessLog::Form::json).http(failed);
  EXPECT_TRUE(written().ends_with(R"("cut":false,"threw":"no \"table\""})"));
}

TEST_F(AccessLogTest, WhatWasNoCallHasNoMethod) {
  log(AccessLog::Form::text)
      .rpc({.method = {}, .address = "unix:", .code = -32700});
  EXPECT_TRUE(written().ends_with(" rpc unix: - -32700 0us"));
}

TEST_F(AccessLogTest, WritesALineForACall) {
  log(AccessLog::Form::text)
      .rpc({.method = "add", .address = "10.0.0.1:7", .duration = 12us});
  EXPECT_EQ(written(), "2026-11-21T20:04:05.678Z rpc 10.0.0.1:7 add ok 12us");
}

TEST_F(AccessLogTest, SaysWithWhichErrorACallWasAnswered) {
  log(AccessLog::Form::text)
      .rpc({.method = "spin", .address = "unix:", .code = -32001});
  EXPECT_TRUE(written().ends_with(" rpc unix: spin -32001 0us"));
}

TEST_F(AccessLogTest, NoPathBreaksALineOrMovesACursor) {
  log(AccessLog::Form::text).http(exchange("/a b\r\n\x1b[2J\\\xff", peer));
  EXPECT_TRUE(
      written().ends_with(R"( GET /a\x20b\x0d\x0a\x1b[2J\x5c\xff 200 3 41us)"));
}

TEST_F(AccessLogTest, WritesAnExchangeAsJson) {
  log(AccessLog::Form::json).http(exchange("/\"\n", peer));
  EXPECT_EQ(written(),
            R"({"time":"2026-11-21T20:04:05.678Z","kind":"http",)"
            R"("peer":"127.0.0.1:5000","method":"GET","path":"/\"\\x0a",)"
            R"("status":200,"bytes":3,"us":41,"cut":false})");
}

TEST_F(AccessLogTest, WritesACallAsJson) {
  log(AccessLog::Form::json)
      .rpc({.method = "spin",
            .address = "unix:",
            .code = -32001,
            .duration = 1s});
  EXPECT_EQ(written(),
            R"({"time":"2026-11-21T20:04:05.678Z","kind":"rpc",)"
            R"("peer":"unix:","method":"spin","code":-32001,"us":1000000})");
}

TEST(AccessLogLosses, AreTellableInBothForms) {
  EXPECT_EQ(AccessLog::lost_as_text(3), "- lost 3\n");
  Arena arena;
  EXPECT_TRUE(parse_json(AccessLog::lost_as_json(3), arena));
}

TEST(Visible, KeepsTwoHundredAndFiftySixBytesOfWhatAStrangerChose) {
  EXPECT_EQ(visible(std::string(256, 'x')).size(), 256U);
  EXPECT_EQ(visible(std::string(257, 'x')).size(), 256U);
  EXPECT_EQ(visible(""), "-");
}

TEST(Visible, LeavesNoByteThatIsNotVisibleAscii) {
  for (int byte = 0; byte < 256; ++byte) {
    for (const char c : visible(std::string(1, static_cast<char>(byte)))) {
      EXPECT_TRUE(c > ' ' && c <= '~') << byte;
    }
  }
}

}  // namespace
}  // namespace rp
