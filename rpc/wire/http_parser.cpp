#include "rpc/wire/http_parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

// The digits of 64 bits, and room for extensions, which nobody reads.
constexpr std::size_t kMaxChunkLine = 256;

// Seen at its first byte, TLS spoken to a port without it is told at once.
bool may_begin_message(char c) { return c == '\r' || is_token({&c, 1}); }

[[noreturn]] void refuse_body_beyond(std::uint64_t most) {
  const auto what = "a body of more than " + std::to_string(most) + " bytes";
  throw HttpRefusal(413, what.c_str());
}

}  // namespace

// A step says true when the next one may be taken at once, and false when
// there is something to say or nothing to read.
struct HttpParser::Step {
  State state;
  bool (HttpParser::*take)(HttpEvent&);
};

const HttpParser::Step HttpParser::kSteps[] = {
    {State::kFirstLine, &HttpParser::read_first},
    {State::kFields, &HttpParser::read_field},
    {State::kBody, &HttpParser::read_body},
    {State::kChunkSize, &HttpParser::read_chunk_size},
    {State::kChunk, &HttpParser::read_chunk},
    {State::kChunkEnd, &HttpParser::read_chunk_end},
    {State::kTrailers, &HttpParser::read_trailer},
    {State::kToTheEnd, &HttpParser::read_to_the_end},
    {State::kEnd, &HttpParser::say_end},
    {State::kClosed, &HttpParser::say_nothing},
    {State::kFailed, &HttpParser::say_error},
};

void HttpParser::feed(std::string_view bytes) {
  if (state_ == State::kFailed || state_ == State::kClosed) {
    bytes_.drop();
  } else {
    bytes_.feed(bytes);
  }
}

HttpEvent HttpParser::next() {
  HttpEvent event;
  bytes_.release();
  try {
    while (step(event)) {
    }
  } catch (const HttpRefusal& refusal) {
    fail(status_of(refusal.status()), refusal.what());
    say_error(event);
  }
  return event;
}

bool HttpParser::step(HttpEvent& event) {
  const Step& now = kSteps[static_cast<std::size_t>(state_)];
  if ((this->*now.take)(event)) return true;
  if (ended_ && event.kind == HttpEvent::kNothingYet && partial()) {
    throw HttpRefusal(400, "the stream ended within a message");
  }
  return false;
}

bool HttpParser::read_first(HttpEvent&) {
  const std::string_view rest = bytes_.rest();
  if (!lines_.partial() && !rest.empty() && !may_begin_message(rest[0])) {
    throw HttpRefusal(400, "this is not HTTP");
  }
  std::string_view line;
  if (!take_line(line, 414, "a first line that is too long")) return false;
  // RFC 9112, 2.2: some clients send one empty line too many.
  if (line.empty() && !std::exchange(had_empty_line_, true)) return true;
  had_empty_line_ = false;
  begin();
  trailers_.clear();
  body_limit_ = limits_.body;
  read_first_line(line);
  state_ = State::kFields;
  return true;
}

bool HttpParser::read_field(HttpEvent& event) {
  std::string_view line;
  if (!take_line(line, 431, "fields that are too long")) return false;
  if (!line.empty()) {
    add_field(line, fields());
    return true;
  }
  start_body(read_head());
  event.kind = HttpEvent::kHead;
  return false;
}

void HttpParser::start_body(const Body& body) {
  framing_ = body.framing;
  length_ = body_left_ = body.length;
  body_read_ = 0;
  switch (framing_) {
    case Framing::kNone:
      state_ = State::kEnd;
      break;
    case Framing::kLength:
      state_ = State::kBody;
      break;
    case Framing::kChunks:
      state_ = State::kChunkSize;
      break;
    case Framing::kClose:
      state_ = State::kToTheEnd;
      break;
  }
}

bool HttpParser::read_body(HttpEvent& event) {
  if (length_ > body_limit_) refuse_body_beyond(body_limit_);
  if (body_left_ > 0) {
    body_left_ -= take_body(body_left_, event);
    return false;
  }
  state_ = State::kEnd;
  return true;
}

bool HttpParser::read_chunk_size(HttpEvent&) {
  std::string_view line;
  switch (lines_.take(bytes_, kMaxChunkLine, line)) {
    case HttpLines::kNothingYet:
      return false;
    case HttpLines::kTooLong:
      throw HttpRefusal(400, "a chunk whose first line is too long");
    case HttpLines::kLine:
      break;
  }
  body_left_ = parse_chunk_size(line);
  count_chunk(body_left_);
  lines_left_ = limits_.head;
  state_ = body_left_ > 0 ? State::kChunk : State::kTrailers;
  return true;
}

// Subtracts, because a sum could pass 64 bits.
void HttpParser::count_chunk(std::uint64_t size) {
  if (body_read_ > body_limit_ || size > body_limit_ - body_read_) {
    refuse_body_beyond(body_limit_);
  }
  body_read_ += size;
}

bool HttpParser::read_chunk(HttpEvent& event) {
  if (body_left_ > 0) {
    body_left_ -= take_body(body_left_, event);
    return false;
  }
  state_ = State::kChunkEnd;
  return true;
}

bool HttpParser::read_chunk_end(HttpEvent&) {
  std::string_view line;
  switch (lines_.take(bytes_, 2, line)) {
    case HttpLines::kNothingYet:
      return false;
    case HttpLines::kTooLong:
      throw HttpRefusal(400, "a chunk that is longer than its size");
    case HttpLines::kLine:
      break;
  }
  state_ = State::kChunkSize;
  return true;
}

bool HttpParser::read_trailer(HttpEvent&) {
  std::string_view line;
  if (!take_line(line, 431, "trailers that are too long")) return false;
  if (line.empty()) {
    state_ = State::kEnd;
  } else {
    add_field(line, trailers_);
    const bool framing = is_framing(trailers_.back().first);
    if (framing) throw HttpRefusal(400, "a trailer that frames a body");
  }
  return true;
}

bool HttpParser::read_to_the_end(HttpEvent& event) {
  if (bytes_.rest().empty()) {
    if (ended_) state_ = State::kEnd;
    return ended_;
  }
  if (body_read_ >= body_limit_) refuse_body_beyond(body_limit_);
  body_read_ += take_body(body_limit_ - body_read_, event);
  return false;
}

bool HttpParser::say_end(HttpEvent& event) {
  event.kind = HttpEvent::kEnd;
  lines_left_ = limits_.head;
  state_ = goes_on() ? State::kFirstLine : State::kClosed;
  return false;
}

bool HttpParser::say_nothing(HttpEvent&) { return false; }

bool HttpParser::say_error(HttpEvent& event) {
  event = {.kind = HttpEvent::kError, .status = status_, .what = what_};
  return false;
}

void HttpParser::keep() { bytes_.keep(); }

std::optional<std::uint64_t> HttpParser::body_length() const {
  const bool known = framing_ == Framing::kNone || framing_ == Framing::kLength;
  return known ? std::optional(length_) : std::nullopt;
}

bool HttpParser::partial() const {
  switch (state_) {
    case State::kFirstLine:
      return lines_.partial();
    case State::kClosed:
    case State::kFailed:
      return false;
    default:
      return true;
  }
}

HttpParser::Body HttpParser::announced_body(const HttpFields& fields,
                                            int minor) {
  const auto length = content_length(fields);
  if (find_field(fields, "Transfer-Encoding") != nullptr) {
    if (length) throw HttpRefusal(400, "a length beside a transfer coding");
    if (minor == 0) throw HttpRefusal(400, "a transfer coding in HTTP/1.0");
    return {is_chunked(fields) ? Framing::kChunks : Framing::kNone};
  }
  if (!length) return {};
  return {Framing::kLength, *length};
}

bool HttpParser::asks_to_keep(const HttpFields& fields, int minor) {
  if (has_token(fields, "Connection", "close")) return false;
  return minor > 0 || has_token(fields, "Connection", "keep-alive");
}

bool HttpParser::take_line(std::string_view& line, int status,
                           const char* too_long) {
  switch (lines_.take(bytes_, lines_left_, line)) {
    case HttpLines::kNothingYet:
      return false;
    case HttpLines::kTooLong:
      throw HttpRefusal(status, too_long);
    case HttpLines::kLine:
      break;
  }
  lines_left_ -= line.size() + 2;
  return true;
}

void HttpParser::add_field(std::string_view line, HttpFields& fields) {
  if (fields.size() >= limits_.fields)
    throw HttpRefusal(431, "too many fields");
  std::string name;
  std::string value;
  parse_field(line, name, value);
  fields.emplace_back(std::move(name), std::move(value));
}

std::uint64_t HttpParser::take_body(std::uint64_t most, HttpEvent& event) {
  const std::string_view rest = bytes_.rest();
  const auto size = std::min<std::uint64_t>(most, rest.size());
  if (size == 0) return 0;
  event.kind = HttpEvent::kBody;
  event.bytes = rest.substr(0, static_cast<std::size_t>(size));
  bytes_.skip(event.bytes.size());
  return size;
}

void HttpParser::fail(int status, const char* what) {
  state_ = State::kFailed;
  keeps_alive_ = false;
  status_ = status;
  what_ = what;
  lines_.drop();
  bytes_.drop();
}

}  // namespace rp
