#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rpc/wire/lent_bytes.h"

namespace rp {

/// Takes the lines of heads, trailers and chunk sizes from a stream: each ends
/// with CR LF and nothing else (RFC 9112, 2.2). One thread at a time.
///
///     std::string_view line;
///     while (lines.take(bytes, left, line) == HttpLines::kLine) {
///       left -= line.size() + 2;
///     }
///
/// A line that lies whole in the bytes is a view of them; only one whose end
/// has not come is copied, and no byte is searched twice.
///
/// Refused with an HttpRefusal of 400: a LF without its CR, a CR within a
/// line, NUL and all other controls but the tab: recipients that differ about
/// where a line ends are how one request is smuggled inside another.
class HttpLines {
 public:
  enum Found { kNothingYet, kLine, kTooLong };

  /// Takes the next line, without its end, from `bytes`. It is kTooLong when
  /// it has more than `limit` bytes, its end among them. `line` is valid
  /// until the next call and as long as what `bytes` holds.
  Found take(LentBytes& bytes, std::size_t limit, std::string_view& line);

  /// True when a line has begun and its end has not come.
  bool partial() const { return !begun_.empty() && !delivered_; }

  std::size_t held() const { return begun_.size(); }  ///< bytes

  void drop();  ///< what it holds; the line that was taken goes, too

 private:
  std::string begun_;       ///< a line, up to where the bytes go on
  bool delivered_ = false;  ///< begun_ is whole and was handed out
};

}  // namespace rp
