// Walks a JSON document and prints it, a member or an item a line.
// Usage: pretty < FILE

#include <iostream>
#include <iterator>
#include <span>
#include <string>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace {

class Printer {
 public:
  void print(const rp::Value& value) {
    if (value.is_array() && value.size() > 0) {
      items(value.items());
    } else if (value.is_object() && value.size() > 0) {
      members(value.members());
    } else {
      rp::write_json(value, out_);
    }
  }

  const std::string& text() const { return out_; }

 private:
  void items(std::span<const rp::Value> items) {
    char before = '[';
    ++level_;
    for (const rp::Value& item : items) {
      next_line(before);
      print(item);
      before = ',';
    }
    end(']');
  }

  void members(std::span<const rp::Member> members) {
    char before = '{';
    ++level_;
    for (const rp::Member& member : members) {
      next_line(before);
      rp::write_json_string(member.name, out_);
      out_ += ": ";
      print(member.value);
      before = ',';
    }
    end('}');
  }

  void next_line(char before) {
    out_ += before + ('\n' + std::string(2 * level_, ' '));
  }

  void end(char closing) {
    --level_;
    out_ += '\n' + std::string(2 * level_, ' ') + closing;
  }

  std::string out_;
  std::size_t level_ = 0;
};

}  // namespace

int main() {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  rp::Arena arena;
  const rp::Parsed parsed = rp::parse_json(text, arena);
  if (!parsed) {
    std::cerr << parsed.error->line << ':' << parsed.error->column << ": "
              << parsed.error->message << '\n';
    return 1;
  }
  Printer printer;
  printer.print(parsed.value);
  std::cout << printer.text() << '\n';
}
