#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rpc/wire/lent_bytes.h"

namespace rp {

/// What a framer has to say: a message, nothing yet, or a protocol error.
struct Frame {
  enum Kind { kNothingYet, kMessage, kTooLong, kMalformed };

  Kind kind = kNothingYet;
  std::string_view message = {};  ///< see Framer::next()
};

/// Cuts a stream of bytes into messages, and says what goes around a message
/// that is sent. What all framers have in common: how bytes are lent and kept.
///
///     framer.feed(bytes);
///     for (Frame frame; (frame = framer.next()).kind == Frame::kMessage;) {
///       handle(frame.message);
///     }
///
/// The bytes are lent: a message that lies whole in them is a view of them, and
/// only one whose end has not come is copied. No byte is searched twice, and a
/// framer that holds no beginning of a message holds no heap memory.
///
/// A protocol error is known as soon as the byte has come that shows it, and it
/// is final: from then on next() says nothing else.
///
/// One thread at a time.
class Framer {
 public:
  virtual ~Framer() = default;

  /// Lends the next bytes, for the calls of next() that follow. They must
  /// stay where they are until next() has said something else than kMessage,
  /// or keep() was called. What next() was not asked for before comes first.
  void feed(std::string_view bytes);

  /// No more bytes will come. Called once.
  virtual void end() = 0;

  /// The next message, as it was before it was framed. It is valid until the
  /// next call of next(), feed() or keep(), and as long as the lent bytes are.
  virtual Frame next() = 0;

  /// For a caller that stops before next() has said kNothingYet (because it
  /// paused): copies what is left of the lent bytes, which may then go. So a
  /// paused framer holds at most what was lent beside the begun message.
  void keep();

  /// True when a message has begun and its end was not found. Bytes for which
  /// next() was not asked yet do not count.
  virtual bool partial() const { return !begun_.empty() && !delivered_; }

  /// How many bytes it has copied: the begun message and what was kept.
  std::size_t held() const;

  /// After a protocol error: what is wrong, for the peer to read.
  virtual std::string fault() const = 0;

  /// What is sent before a message of so many bytes, and what behind it.
  virtual std::string before(std::size_t message_bytes) const = 0;
  virtual std::string_view behind() const = 0;

 protected:
  /// The next bytes up to `\n`, which is left out; false: it has not come, or
  /// the line is longer than `max_line` and refused.
  bool take_line(std::string_view& line, std::size_t max_line);

  /// The next `count` bytes; false: they have not all come.
  bool take_bytes(std::string_view& bytes, std::size_t count);

  /// From now on all is refused.
  void refuse(Frame::Kind kind);
  Frame::Kind refused() const { return refused_; }

 private:
  bool take(std::string_view& taken, std::size_t size, std::size_t end_size,
            bool whole);
  void forget_delivered();

  LentBytes lent_;          ///< not searched yet
  std::string begun_;       ///< a piece, up to where lent_ goes on
  bool delivered_ = false;  ///< begun_ is whole and was handed out
  Frame::Kind refused_ = Frame::kNothingYet;
};

/// One JSON text a line, ended by '\n' or "\r\n". Lines that are empty are
/// skipped, and the last needs no end. A line longer than `max_line` is the
/// one protocol error there is.
///
///     LineFramer framer(1024 * 1024);
class LineFramer : public Framer {
 public:
  /// `max_line` counts the bytes before the `\n`, a `\r` among them.
  explicit LineFramer(std::size_t max_line) : max_line_(max_line) {}

  void end() override { feed("\n"); }
  Frame next() override;
  std::string fault() const override;
  std::string before(std::size_t) const override { return {}; }
  std::string_view behind() const override { return "\n"; }

 private:
  std::size_t max_line_;
};

}  // namespace rp
