// Adds the numbers that stand on standard input, a JSON array a line, and
// answers each line with one. All lines share an arena: after the first few it
// takes no more memory, which the last column shows.

#include <iostream>
#include <stdexcept>
#include <string>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace {

rp::Value sum(const rp::Value& numbers) {
  double total = 0;
  for (const rp::Value& number : numbers.items()) total += number.as_double();
  return total;
}

rp::Value answer(const std::string& line, rp::Arena& arena) try {
  const rp::Parsed parsed = rp::parse_json(line, arena);
  rp::ObjectBuilder answer(arena);
  if (parsed) {
    answer.add("sum", sum(parsed.value));
  } else {
    answer.add("column", parsed.error->column);
    answer.add("error", rp::text(arena, parsed.error->message));
  }
  return answer.build();
} catch (const std::domain_error& error) {
  return rp::ObjectBuilder(arena)
      .add("error", rp::text(arena, error.what()))
      .build();
}

}  // namespace

int main() {
  rp::Arena arena;
  for (std::string line; std::getline(std::cin, line); arena.reset()) {
    std::cout << rp::to_json(answer(line, arena)) << '\t' << arena.bytes()
              << '\n';
  }
}
