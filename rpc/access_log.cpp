#include "rpc/access_log.h"

#include <cstdio>
#include <ctime>
#include <utility>

#include "rpc/wire/json_value.h"
#include "rpc/wire/json_writer.h"

namespace rp {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongest = 256;

std::int64_t microseconds_of(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration)
      .count();
}

// From `least` on characters stand as they are, but for the backslash.
std::string escaped(std::string_view text, char least) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (const char c : text.substr(0, kLongest)) {
    if (c >= least && c <= '~' && c != '\\') {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append("\\x").push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
  return out;
}

}  // namespace

AccessLog::AccessLog(LineLog& lines, Form form, WallClock clock)
    : lines_(lines), form_(form), clock_(std::move(clock)) {}

void AccessLog::http(const HttpExchange& exchange) {
  const std::string peer = exchange.peer.to_string();
  const std::string method = visible(exchange.method);
  const std::string path = visible(exchange.path);
  const std::string thrown = escaped(exchange.error, ' ');
  const std::int64_t us = microseconds_of(exchange.duration);
  if (form_ == Form::text) {
    lines_.write(now() + " http " + visible(peer) + " " + method + " " + path +
                 " " + std::to_string(exchange.status) + " " +
                 std::to_string(exchange.bytes) + " " + std::to_string(us) +
                 (exchange.cut ? "us cut" : "us") +
                 (thrown.empty() ? "" : " threw " + thrown) + "\n");
    return;
  }
  Arena arena;
  ObjectBuilder line(arena);
  line.add("time", text(arena, now()))
      .add("kind", "http")
      .add("peer", text(arena, visible(peer)))
      .add("method", std::string_view(method))
      .add("path", std::string_view(path))
      .add("status", exchange.status)
      .add("bytes", exchange.bytes)
      .add("us", us)
      .add("cut", exchange.cut);
  if (!thrown.empty()) line.add("threw", std::string_view(thrown));
  lines_.write(to_json(line.build()) + "\n");
}

void AccessLog::rpc(const MethodWatch::Answered& call) {
  const std::string peer = visible(call.address);
  const std::int64_t us = microseconds_of(call.duration);
  if (form_ == Form::text) {
    lines_.write(now() + " rpc " + peer + " " + visible(call.method) + " " +
                 (call.code == 0 ? "ok" : std::to_string(call.code)) + " " +
                 std::to_string(us) + "us\n");
    return;
  }
  Arena arena;
  lines_.write(to_json(ObjectBuilder(arena)
                           .add("time", text(arena, now()))
                           .add("kind", "rpc")
                           .add("peer", std::string_view(peer))
                           .add("method", text(arena, visible(call.method)))
                           .add("code", call.code)
                           .add("us", us)
                           .build()) +
               "\n");
}

std::string AccessLog::now() const {
  const auto time = std::chrono::floor<milliseconds>(clock_());
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  const auto rest = time.time_since_epoch() % std::chrono::seconds(1);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char date[32];
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
  char fraction[8];
  std::snprintf(fraction, sizeof fraction, ".%03dZ",
                static_cast<int>(rest / milliseconds(1)));
  return std::string(date) + fraction;
}

std::string AccessLog::lost_as_text(std::uint64_t lost) {
  return "- lost " + std::to_string(lost) + "\n";
}

std::string AccessLog::lost_as_json(std::uint64_t lost) {
  return "{\"kind\":\"lost\",\"lines\":" + std::to_string(lost) + "}\n";
}

std::string visible(std::string_view text) {
  return text.empty() ? "-" : escaped(text, '!');
}

}  // namespace rp
