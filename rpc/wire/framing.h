#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rp {

/// What a framer has to say: a message, nothing yet, or a protocol error.
struct Frame {
  enum Kind { kNothingYet, kMessage, kTooLong };

  Kind kind = kNothingYet;
  std::string_view line = {};  ///< the message; see LineFramer::next()
};

/// Cuts a stream of bytes into lines: one JSON text a line, ended by '\n' or
/// "\r\n". Lines that are empty are skipped.
///
///     LineFramer framer(1024 * 1024);
///     framer.feed(bytes);
///     for (Frame frame; (frame = framer.next()).kind == Frame::kMessage;) {
///       handle(frame.line);
///     }
///
/// The bytes are lent: a line that lies whole in them is a view of them, and
/// only a line whose end has not come is copied. No byte is searched twice,
/// and a framer that holds no beginning of a line holds no heap memory.
///
/// A line longer than `max_line` is a protocol error, known as soon as a byte
/// too many has come and final: from then on next() says nothing else.
///
/// One thread at a time.
class LineFramer {
 public:
  /// `max_line` counts the bytes before the `\n`, a `\r` among them.
  explicit LineFramer(std::size_t max_line) : max_line_(max_line) {}

  /// Lends the next bytes, for the calls of next() that follow. They must
  /// stay where they are until next() has said something else than kMessage,
  /// or keep() was called. What next() was not asked for before comes first.
  void feed(std::string_view bytes);

  /// The next line, without its end. It is valid until the next call of
  /// next(), feed() or keep(), and as long as the lent bytes are.
  Frame next();

  /// For a caller that stops before next() has said kNothingYet (because it
  /// paused): copies what is left of the lent bytes, which may then go. So a
  /// paused framer holds at most what was lent beside the begun line.
  void keep();

  /// True when a line has begun and its end was not found. Bytes for which
  /// next() was not asked yet do not count.
  bool partial() const { return !begun_.empty() && !delivered_; }

  /// How many bytes it has copied: the begun line and what was kept.
  std::size_t held() const;

 private:
  bool take_line(std::string_view& line);
  void forget_delivered();
  void refuse();

  std::size_t max_line_;
  std::string_view lent_;   ///< not searched yet; the end of kept_ after keep()
  std::string kept_;        ///< empty as long as lent_ is the caller's
  std::string begun_;       ///< a line, up to where lent_ goes on
  bool delivered_ = false;  ///< begun_ is whole and was handed out
  bool too_long_ = false;
};

}  // namespace rp
