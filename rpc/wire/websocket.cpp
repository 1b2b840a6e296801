#include "rpc/wire/websocket.h"

#include <algorithm>
#include <utility>

namespace rp {

namespace {

constexpr std::uint8_t kReserved = 0x70;
constexpr std::uint8_t kLength = 0x7f;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    number = number << 8 | byte_at(bytes, i);
  }
  return number;
}

// Assigning an empty string would keep the memory.
void release(std::string& string) { std::string().swap(string); }

}  // namespace

bool may_be_sent(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

void append_masked(std::string& out, std::string_view bytes,
                   std::string_view mask, std::size_t at) {
  const std::size_t from = out.size();
  out.append(bytes);
  for (std::size_t i = from; i < out.size(); ++i) {
    out[i] = static_cast<char>(out[i] ^ mask[(at + i - from) % mask.size()]);
  }
}

void WebSocketParser::feed(std::string_view bytes) {
  forget_delivered();
  if (!ended_) bytes_.feed(bytes);
}

void WebSocketParser::keep() {
  forget_delivered();
  bytes_.keep();
}

WebSocketEvent WebSocketParser::next() {
  forget_delivered();
  while (!ended_) {
    if (!in_payload_ && !take_head()) break;
    if (!take_payload()) break;
    const WebSocketEvent event = end_frame();
    if (event.kind != WebSocketEvent::kNothingYet) return event;
  }
  bytes_.release();
  return error_;
}

// The start is judged before the rest has come, and the length before any of
// what it announces.
bool WebSocketParser::take_head() {
  if (!gather(2)) return false;
  check_start();
  if (ended_ || !gather(head_size())) return false;
  check_length();
  if (ended_) return false;
  begin_payload();
  return true;
}

bool WebSocketParser::gather(std::size_t size) {
  const auto piece =
      bytes_.rest().substr(0, size - std::min(size, head_.size()));
  head_.append(piece);
  bytes_.skip(piece.size());
  return head_.size() >= size;
}

std::size_t WebSocketParser::head_size() const {
  const auto length = byte_at(head_, 1) & kLength;
  const bool masked = (byte_at(head_, 1) & frame_head::kMasked) != 0;
  std::size_t size = masked ? 6 : 2;
  if (length == frame_head::kTwoBytes) size += 2;
  if (length == frame_head::kEightBytes) size += 8;
  return size;
}

WebSocketOpcode WebSocketParser::opcode() const {
  return static_cast<WebSocketOpcode>(byte_at(head_, 0) & 0x0f);
}

bool WebSocketParser::is_control() const {
  return opcode() >= WebSocketOpcode::close;
}

bool WebSocketParser::starts_message() const {
  return opcode() == WebSocketOpcode::text ||
         opcode() == WebSocketOpcode::binary;
}

bool WebSocketParser::is_final() const {
  return (byte_at(head_, 0) & frame_head::kFinal) != 0;
}

void WebSocketParser::check_start() {
  const bool masked = (byte_at(head_, 1) & frame_head::kMasked) != 0;
  const std::size_t length = byte_at(head_, 1) & kLength;
  const bool continues = opcode() == WebSocketOpcode::continuation;
  const bool known = continues || starts_message() ||
                     (is_control() && opcode() <= WebSocketOpcode::pong);
  const struct {
    bool broken;
    std::string_view what;
  } rules[] = {
      {(byte_at(head_, 0) & kReserved) != 0, "a reserved bit is set"},
      {!known, "an opcode that is not known"},
      {masked && side_ == WebSocketSide::client, "a server's frame is masked"},
      {!masked && side_ == WebSocketSide::server,
       "a client's frame is not masked"},
      {is_control() && !is_final(), "a control frame is fragmented"},
      {is_control() && length > frame_head::kMaxControl,
       "a control frame is longer than 125 bytes"},
      {continues && !begun_, "a fragment of no message"},
      {starts_message() && begun_, "a message within another"},
  };
  for (const auto& rule : rules) {
    if (rule.broken) return fail(close_code::kProtocol, rule.what);
  }
}

void WebSocketParser::check_length() {
  length_ = byte_at(head_, 1) & kLength;
  std::uint64_t least = 0;
  if (length_ == frame_head::kTwoBytes) {
    length_ = big_endian(std::string_view(head_).substr(2, 2));
    least = frame_head::kTwoBytes;
  } else if (length_ == frame_head::kEightBytes) {
    length_ = big_endian(std::string_view(head_).substr(2, 8));
    least = 0x10000;
  }
  if (length_ < least || length_ >> 63 != 0) {
    return fail(close_code::kProtocol, "a length in a wrong form");
  }
  if (!is_control() && length_ > max_message_ - message_.size()) {
    fail(close_code::kTooBig, "a message that is too long");
  }
}

void WebSocketParser::begin_payload() {
  in_payload_ = true;
  taken_ = 0;
  if (starts_message()) is_text_ = opcode() == WebSocketOpcode::text;
}

// True when the payload is whole.
bool WebSocketParser::take_payload() {
  const auto piece = bytes_.rest().substr(0, length_ - taken_);
  bytes_.skip(piece.size());
  std::string& out = is_control() ? control_ : message_;
  const std::size_t from = out.size();
  if (side_ == WebSocketSide::client) {
    out.append(piece);
  } else {
    const auto mask = std::string_view(head_).substr(head_.size() - 4);
    append_masked(out, piece, mask, taken_ % 4);
  }
  taken_ += piece.size();
  const bool checked = is_text_ && !is_control();
  if (checked && !utf8_.feed(std::string_view(out).substr(from))) {
    fail(close_code::kNotUtf8, "text that is not UTF-8");
    return false;
  }
  return taken_ == length_;
}

WebSocketEvent WebSocketParser::end_frame() {
  const WebSocketOpcode kind = opcode();
  const bool final = is_final();
  const bool control = is_control();
  in_payload_ = false;
  head_.clear();
  if (!control) begun_ = !final;
  if (!final) return {};
  delivered_ = true;
  if (!control) return end_message();
  if (kind == WebSocketOpcode::close) return end_close();
  const bool ping = kind == WebSocketOpcode::ping;
  return {ping ? WebSocketEvent::kPing : WebSocketEvent::kPong, control_};
}

WebSocketEvent WebSocketParser::end_message() {
  if (!is_text_) return {WebSocketEvent::kBinary, message_};
  if (!utf8_.complete()) {
    fail(close_code::kNotUtf8, "text that ends within a character");
    return error_;
  }
  utf8_.reset();
  return {WebSocketEvent::kText, message_};
}

WebSocketEvent WebSocketParser::end_close() {
  ended_ = true;
  bytes_.drop();
  const std::string_view payload = control_;
  if (payload.empty()) return {WebSocketEvent::kClose, {}, close_code::kNone};
  const auto code =
      static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
  const auto reason = payload.substr(std::min<std::size_t>(2, payload.size()));
  Utf8Decoder decoder;
  if (payload.size() < 2 || !may_be_sent(code)) {
    fail(close_code::kProtocol, "a close code that may not be sent");
  } else if (!decoder.feed(reason) || !decoder.complete()) {
    fail(close_code::kNotUtf8, "a reason that is not UTF-8");
  } else {
    return {WebSocketEvent::kClose, reason, code};
  }
  return error_;
}

void WebSocketParser::fail(std::uint16_t code, std::string_view what) {
  ended_ = true;
  error_ = {WebSocketEvent::kError, what, code};
  bytes_.drop();
  begun_ = false;
  in_payload_ = false;
  for (std::string* held : {&head_, &control_, &message_}) {
    release(*held);
  }
}

void WebSocketParser::forget_delivered() {
  if (!std::exchange(delivered_, false)) return;
  release(control_);
  if (!begun_) release(message_);
}

std::size_t WebSocketParser::held() const {
  return head_.size() + control_.size() + message_.size() + bytes_.held();
}

}  // namespace rp
