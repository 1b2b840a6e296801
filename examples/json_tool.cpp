#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace {

constexpr std::string_view kHelp =
    R"(json_tool - JSON from standard input, in one form, to standard output

  json_tool [--check]

Reads all of standard input, then writes it as one line: no spaces, the members
of each object sorted by the bytes of their names, only the escapes that JSON
requires. Integers from -2^63 to 2^64-1 are exact, other numbers are the
shortest that read back as the same double. Of members with one name the last
one counts.

  --check  write nothing, only judge
  --help   this text

Exit status: 0 if the input is JSON (RFC 8259); 1 if it is not, with
"line:column: what is wrong" on standard error, or if reading or writing
fails; 2 for a wrong argument.
)";

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

void write_all(std::string_view text, std::FILE* file) {
  if (std::fwrite(text.data(), 1, text.size(), file) != text.size() ||
      std::fflush(file) != 0) {
    throw failure("write standard output");
  }
}

int run(bool check) {
  rp::Arena arena;
  const rp::Parsed parsed = rp::parse_json(read_all(stdin), arena);
  if (!parsed) {
    const rp::JsonError& error = *parsed.error;
    std::fprintf(stderr, "%zu:%zu: %s\n", error.line, error.column,
                 error.message.c_str());
    return 1;
  }
  if (check) return 0;
  std::string line;
  rp::write_json(parsed.value, line, rp::MemberOrder::kByName);
  write_all(line += '\n', stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  // A closed pipe is an error like any other, not the end by a signal.
  std::signal(SIGPIPE, SIG_IGN);
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "--help") {
    write_all(kHelp, stdout);
    return 0;
  }
  if (argc > 2 || (argc == 2 && argument != "--check")) {
    std::fprintf(stderr, "json_tool: unknown argument '%s'; see --help\n",
                 argc > 2 ? argv[2] : argv[1]);
    return 2;
  }
  return run(argument == "--check");
} catch (const std::bad_alloc&) {
  std::fputs("json_tool: out of memory\n", stderr);
  return 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "json_tool: %s\n", error.what());
  return 1;
}
