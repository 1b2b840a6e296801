// JSON: what is read and written is read again as the same value.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/fuzz/must.h"
#include "tests/fuzz/utf8_model.h"

namespace rp {
namespace {

void check_error(std::string_view text, const JsonError& error) {
  must(error.offset <= text.size(), "an error lies within the text");
  const auto before = text.substr(0, error.offset);
  const auto feeds = std::count(before.begin(), before.end(), '\n');
  must(error.line == static_cast<std::size_t>(feeds) + 1,
       "an error names its line");
  must(error.column >= 1, "columns count from 1");
  must(!error.message.empty(), "an error has a message");
}

void check_written(const Value& value, MemberOrder order) {
  std::string written;
  write_json(value, written, order);
  must(is_utf8(written), "UTF-8 is written");

  Arena arena;
  const Parsed again = parse_json(written, arena);
  must(!again.error, "what is written can be read");
  must(again.value == value, "what is written reads as the same value");
  std::string rewritten;
  write_json(again.value, rewritten, order);
  must(rewritten == written, "the same value is written the same");
}

void check_shallow(std::string_view text, const Value& value) {
  Arena arena;
  const Parsed shallow = parse_json(text, arena, {.depth = 3});
  if (shallow) return must(shallow.value == value, "a limit changes no value");
  must(value.size() > 0, "only what is deep is too deep");
}

void check(std::string_view text) {
  Arena arena;
  const Parsed parsed = parse_json(text, arena);
  if (!parsed) return check_error(text, *parsed.error);
  check_written(parsed.value, MemberOrder::kAsTheyStand);
  check_written(parsed.value, MemberOrder::kByName);
  check_shallow(text, parsed.value);
  Arena other;
  must(copy(parsed.value, other) == parsed.value, "a copy is the same");
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  rp::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
