#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rpc/wire/lent_bytes.h"
#include "rpc/wire/utf8.h"

namespace rp {

/// The two ends of a WebSocket (RFC 6455). A client masks what it sends, a
/// server does not, and each refuses what is not so.
enum class WebSocketSide : std::uint8_t { server, client };

/// What kind of frame it is (RFC 6455, section 5.2).
enum class WebSocketOpcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

/// Numbers in the head of a frame, and of what it announces (section 5.2).
namespace frame_head {
inline constexpr std::uint8_t kFinal = 0x80;      ///< in the first byte
inline constexpr std::uint8_t kMasked = 0x80;     ///< in the second
inline constexpr std::uint8_t kTwoBytes = 126;    ///< of length follow
inline constexpr std::uint8_t kEightBytes = 127;  ///< of length follow
inline constexpr std::size_t kMaxControl = 125;   ///< bytes of payload
}  // namespace frame_head

/// Why a WebSocket is closed (section 7.4.1): a number in the closing frame.
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocol = 1002;
inline constexpr std::uint16_t kUnsupported = 1003;
inline constexpr std::uint16_t kNone = 1005;      ///< the frame had none
inline constexpr std::uint16_t kAbnormal = 1006;  ///< there was no such frame
inline constexpr std::uint16_t kNotUtf8 = 1007;
inline constexpr std::uint16_t kPolicy = 1008;
inline constexpr std::uint16_t kTooBig = 1009;
inline constexpr std::uint16_t kFailed = 1011;  ///< by no fault of the peer
}  // namespace close_code

/// Whether the code may stand in a closing frame: 1000 to 1003, 1007 to 1014,
/// 3000 to 4999. (1012 to 1014 were registered after the RFC.)
bool may_be_sent(std::uint16_t close_code);

/// Appends the bytes masked, or unmasked, which is the same (section 5.3).
/// `mask` begins to repeat `at` bytes before them.
void append_masked(std::string& out, std::string_view bytes,
                   std::string_view mask, std::size_t at = 0);

/// What a parser has to say: a message, a control frame, nothing yet, or that
/// the protocol was broken.
struct WebSocketEvent {
  enum Kind : std::uint8_t {
    kNothingYet,
    kText,    ///< a whole message, which is UTF-8
    kBinary,  ///< a whole message
    kPing,    ///< to be answered by a pong with the same bytes
    kPong,
    kClose,  ///< `bytes` is the reason; from then on kNothingYet
    kError,  ///< `bytes` says what is wrong; final: next() says nothing else
             ///< from then on
  };

  Kind kind = kNothingYet;
  std::string_view bytes = {};  ///< see WebSocketParser::next()
  std::uint16_t code = 0;       ///< of kClose; for kError the one to send
};

/// Makes messages of the bytes that follow a handshake (RFC 6455, section 5):
/// unmasks, joins fragments, lets control frames through in between.
///
///     WebSocketParser parser(WebSocketSide::server, 4 * 1024 * 1024);
///     parser.feed(bytes);
///     WebSocketEvent event;
///     while ((event = parser.next()).kind != WebSocketEvent::kNothingYet) {
///       handle(event);
///       if (event.kind == WebSocketEvent::kError) break;
///     }
///
/// Refused as soon as it can be known, and finally: reserved bits and
/// opcodes, control frames that are fragmented or hold more than 125 bytes,
/// a fragment of no message, a message within another, a wrong mask, a length
/// that is not written as short as can be (1002); text that is not UTF-8, even
/// before its frame is whole (1007); a message longer than `max_message`, on
/// sight of the length that makes it so (1009). A close must have a code that
/// may be sent, and a reason that is UTF-8, or neither.
///
/// It holds no more memory than has come of one message and one control
/// frame, whatever lengths are announced; between messages it holds none.
///
/// One thread at a time.
class WebSocketParser {
 public:
  /// `side` is ours. `max_message` counts the bytes of all fragments.
  WebSocketParser(WebSocketSide side, std::size_t max_message)
      : side_(side), max_message_(max_message) {}

  /// Lends the next bytes, for the calls of next() that follow. They must
  /// stay where they are until next() has said kNothingYet, or keep() was
  /// called. What next() was not asked for before comes first.
  void feed(std::string_view bytes);

  /// What comes next. Its bytes are valid until the next call of next(),
  /// feed() or keep().
  WebSocketEvent next();

  /// For a caller that stops before next() has said kNothingYet (because it
  /// paused): copies what is left of the lent bytes, which may then go.
  void keep();

  /// A message has begun and is not whole; control frames may come first.
  bool in_message() const { return begun_ || (in_payload_ && !is_control()); }

  /// The same, or a frame has begun, be it a control frame.
  bool partial() const { return begun_ || in_payload_ || !head_.empty(); }

  /// How many bytes it holds: of a message, a frame, and what was kept.
  std::size_t held() const;

 private:
  bool take_head();
  bool gather(std::size_t size);
  std::size_t head_size() const;
  void check_start();
  void check_length();
  void begin_payload();
  bool take_payload();
  WebSocketEvent end_frame();
  WebSocketEvent end_message();
  WebSocketEvent end_close();
  void fail(std::uint16_t code, std::string_view what);
  void forget_delivered();

  WebSocketOpcode opcode() const;
  bool is_control() const;
  bool starts_message() const;
  bool is_final() const;

  WebSocketSide side_;
  std::size_t max_message_;
  LentBytes bytes_;
  std::string head_;          ///< of the present frame, at most 14 bytes
  std::uint64_t length_ = 0;  ///< of its payload
  std::uint64_t taken_ = 0;   ///< of that
  std::string control_;       ///< the payload of a control frame
  std::string message_;       ///< the fragments so far
  Utf8Decoder utf8_;
  WebSocketEvent error_;
  bool begun_ = false;    ///< a message, whose last fragment is to come
  bool is_text_ = false;  ///< that message
  bool in_payload_ = false;
  bool delivered_ = false;  ///< message_ or control_ was handed out
  bool ended_ = false;      ///< by a closing frame or an error
};

}  // namespace rp
