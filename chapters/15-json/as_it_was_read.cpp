#include <cstdio>
#include <string_view>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace {

constexpr std::string_view kTexts[] = {
    R"([ 1.0, 1.50, 100000, 100000.0 ])",
    R"([9223372036854775808, 1e400])",
    R"([-0, 0.0, -1e-400])",
    R"({"b": 1, "a": 2, "b": 3})",
    R"(["\u0041\/\u000a", "\u001F"])",
    "[\"\xc3\xa9\" 1]",  // an e with an accent: two bytes
    R"({"a": 1,})",
    R"(["\ud83d\ude00", "\ud83d"])",
    R"([1] // one)",
    R"("\u00e9" )",
};

}  // namespace

// Reads texts and writes each back in our own way; or says where it stopped.
int main() {
  rp::Arena arena;
  for (const std::string_view text : kTexts) {
    const rp::Parsed parsed = rp::parse_json(text, arena);
    if (parsed) {
      std::printf("%s\n", rp::to_json(parsed.value).c_str());
    } else {
      std::printf("refused at column %zu\n", parsed.error->column);
    }
    arena.reset();
  }
}
