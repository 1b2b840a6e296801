// Writes JSON in one form, or says where it is none.

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "examples/flags.h"
#include "reactor/signals.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

constexpr const char* kAbout =
    "Writes JSON from standard input to standard output, in one form: one "
    "line, no spaces, the members of each object sorted by the bytes of their "
    "names, only the escapes that JSON requires. Integers from -2^63 to 2^64-1 "
    "are exact, other numbers are the shortest that read back as the same "
    "double. Of members with one name the last one counts.";

std::string help_on_status() {
  return R"(
Exit status: 0 if the input is JSON (RFC 8259); 1 if it is not, with
"line:column: what is wrong" on standard error, or if reading or writing
fails; 2 for a wrong argument.
)";
}

std::system_error failure(const char* what) {
  return {errno, std::generic_category(), what};
}

std::string read_all(std::FILE* file) {
  std::string text;
  std::size_t used = 0;
  do {
    text.resize(used + 64 * 1024);
    used += std::fread(text.data() + used, 1, text.size() - used, file);
  } while (used == text.size());
  if (std::ferror(file) != 0) throw failure("read standard input");
  text.resize(used);
  return text;
}

int convert(const Flags& given) {
  Signals::ignore_broken_pipes();
  Arena arena;
  const Parsed parsed = parse_json(read_all(stdin), arena);
  if (!parsed) {
    const JsonError& error = *parsed.error;
    std::fprintf(stderr, "%zu:%zu: %s\n", error.line, error.column,
                 error.message.c_str());
    return 1;
  }
  if (given.has("check")) return 0;
  std::string line;
  write_json(parsed.value, line, MemberOrder::kByName);
  line += '\n';
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) {
    throw failure("write standard output");
  }
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("json_tool", rp::kAbout);
  flags.toggle("check", "write nothing, only judge");
  flags.help_ends_with(rp::help_on_status);
  return rp::run_program(flags, argc, argv, rp::convert);
}
