#include "rpc/wire/http_lines.h"

#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

std::string_view without_its_end(std::string_view line) {
  if (!line.ends_with("\r\n")) throw HttpRefusal(400, "a LF without its CR");
  line.remove_suffix(2);
  if (!is_field_value(line)) {
    throw HttpRefusal(400, "a control character within a line");
  }
  return line;
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
