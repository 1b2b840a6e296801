#include "rpc/wire/http_lines.h"

#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

// Exercise 18.2: refuse a line that ends in anything but CR LF, and one that
// holds a control character before that, by an HttpRefusal of 400.
std::string_view without_its_end(std::string_view line) {
  return line.substr(0, line.find_last_not_of("\r\n") + 1);
}

}  // namespace

HttpLines::Found HttpLines::take(LentBytes& bytes, std::size_t limit,
                                 std::string_view& line) {
  if (delivered_) drop();
  const std::string_view rest = bytes.rest();
  const std::size_t end = rest.find('\n');
  const bool whole = end != rest.npos;
  const std::string_view piece = whole ? rest.substr(0, end + 1) : rest;
  if (begun_.size() + piece.size() > limit) return kTooLong;

  bytes.skip(piece.size());
  if (whole && begun_.empty()) {
    line = without_its_end(piece);
    return kLine;
  }
  begun_.append(piece);
  if (!whole) return kNothingYet;
  delivered_ = true;
  line = without_its_end(begun_);
  return kLine;
}

void HttpLines::drop() {
  delivered_ = false;
  std::string().swap(begun_);
}

}  // namespace rp
