#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/wire/http.h"
#include "rpc/wire/http_lines.h"
#include "rpc/wire/lent_bytes.h"

namespace rp {

/// Cuts a stream of bytes into HTTP/1 messages: what the parsers of requests
/// and of responses share (RFC 9112).
///
///     parser.feed(bytes);
///     for (HttpEvent e; (e = parser.next()).kind != HttpEvent::kNothingYet;) {
///       if (e.kind == HttpEvent::kError) return refuse(e.status, e.what);
///       if (e.kind == HttpEvent::kBody) take(e.bytes);
///     }
///
/// A message is kHead, any number of kBody, and kEnd; the next one follows in
/// the same bytes. How the body is cut into kBody depends on how the bytes
/// came, and nothing else does. A body is never held: each kBody is a view.
///
/// The bytes are lent, as to a LineFramer. An error is final, from then on
/// next() says nothing else. What two recipients might read differently is an
/// error, however harmless: nothing is repaired.
///
/// One thread at a time.
class HttpParser {
 public:
  virtual ~HttpParser() = default;
  HttpParser(const HttpParser&) = delete;
  HttpParser& operator=(const HttpParser&) = delete;

  /// Lends the next bytes, for the calls of next() that follow. They must
  /// stay where they are until next() has said kNothingYet or kError, or
  /// keep() was called. What was not asked for before comes first.
  void feed(std::string_view bytes);

  HttpEvent next();

  /// For a caller that stops before next() has said kNothingYet: copies what
  /// is left of the lent bytes, which may then go.
  void keep();

  /// What is left of the lent bytes: after an upgrade, the other protocol's.
  std::string_view rest() const { return bytes_.rest(); }

  /// The limit of this message's body; for the next one HttpLimits::body
  /// counts again. Call it between kHead and the next call of next().
  void limit_body(std::uint64_t bytes) { body_limit_ = bytes; }

  /// From kHead on: the message has a body, which may be empty.
  bool has_body() const { return framing_ != Framing::kNone; }

  /// From kHead on: the bytes of the body, or nothing if that is not known
  /// before its end; 0 without a body.
  std::optional<std::uint64_t> body_length() const;

  /// From kHead on: the connection may carry another message behind this one.
  /// If not, next() says nothing more behind kEnd (RFC 9112, 9.3).
  bool keeps_alive() const { return keeps_alive_; }

  /// At kEnd: the fields behind a chunked body. Nobody should trust them as
  /// fields of the head (RFC 9110, 6.5.1).
  const HttpFields& trailers() const { return trailers_; }

  /// True when some of a message has come and its kEnd was not said. Bytes
  /// for which next() was not asked yet do not count.
  bool partial() const;

  /// How many bytes it has copied, fields apart.
  std::size_t held() const { return bytes_.held() + lines_.held(); }

 protected:
  /// How the end of a body is known (RFC 9112, 6.3).
  enum class Framing { kNone, kLength, kChunks, kClose };

  struct Body {
    Framing framing = Framing::kNone;
    std::uint64_t length = 0;  ///< kLength's
  };

  explicit HttpParser(HttpLimits limits)
      : limits_(limits), lines_left_(limits.head) {}

  /// A message begins: forgets the one before.
  virtual void begin() = 0;

  /// Reads the line above the fields; throws an HttpRefusal.
  virtual void read_first_line(std::string_view line) = 0;

  /// Where the fields of the head belong.
  virtual HttpFields& fields() = 0;

  /// All fields are there: checks them and says what body follows.
  virtual Body read_head() = 0;

  /// Whether another message may follow the one that has ended.
  virtual bool goes_on() = 0;

  /// The status of an error as this side of the connection tells it.
  virtual int status_of(int status) const = 0;

  /// What the fields say of the body; nothing of them is kNone.
  static Body announced_body(const HttpFields& fields, int minor);

  /// What `Connection` says of a message of HTTP/1.`minor`.
  static bool asks_to_keep(const HttpFields& fields, int minor);

  void set_keeps_alive(bool keeps) { keeps_alive_ = keeps; }

  /// The peer has ended the stream.
  void end_stream() { ended_ = true; }

 private:
  /// What is read next. What each does is a table in the source.
  enum class State {
    kFirstLine,
    kFields,
    kBody,  ///< of a known length
    kChunkSize,
    kChunk,
    kChunkEnd,
    kTrailers,
    kToTheEnd,  ///< a body that the end of the stream ends
    kEnd,
    kClosed,
    kFailed,
  };

  struct Step;
  static const Step kSteps[];

  bool step(HttpEvent& event);
  bool read_first(HttpEvent& event);
  bool read_field(HttpEvent& event);
  bool read_body(HttpEvent& event);
  bool read_chunk_size(HttpEvent& event);
  bool read_chunk(HttpEvent& event);
  bool read_chunk_end(HttpEvent& event);
  bool read_trailer(HttpEvent& event);
  bool read_to_the_end(HttpEvent& event);
  bool say_end(HttpEvent& event);
  bool say_nothing(HttpEvent& event);
  bool say_error(HttpEvent& event);

  bool take_line(std::string_view& line, int status, const char* too_long);
  void add_field(std::string_view line, HttpFields& fields);
  void start_body(const Body& body);
  void count_chunk(std::uint64_t size);
  std::uint64_t take_body(std::uint64_t most, HttpEvent& event);
  void fail(int status, const char* what);

  HttpLimits limits_;
  LentBytes bytes_;
  HttpLines lines_;
  State state_ = State::kFirstLine;
  Framing framing_ = Framing::kNone;
  bool keeps_alive_ = true;
  bool ended_ = false;
  bool had_empty_line_ = false;  ///< before the first line
  std::size_t lines_left_;       ///< bytes left for the head, or the trailers
  std::uint64_t length_ = 0;     ///< of the body, when it is known
  std::uint64_t body_left_ = 0;  ///< of it, or of the chunk
  std::uint64_t body_read_ = 0;  ///< chunks announced, or bytes to the end
  std::uint64_t body_limit_ = 0;
  HttpFields trailers_;
  int status_ = 0;  ///< the error's
  std::string what_;
};

}  // namespace rp
