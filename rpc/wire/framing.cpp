#include "rpc/wire/framing.h"

#include <algorithm>

namespace rp {

namespace {

// Assigning an empty string would keep the memory.
void release(std::string& string) { std::string().swap(string); }

}  // namespace

void Framer::feed(std::string_view bytes) {
  forget_delivered();
  if (refused_ == Frame::kNothingYet) lent_.feed(bytes);
}

bool Framer::take_line(std::string_view& line, std::size_t max_line) {
  forget_delivered();
  const std::size_t end = lent_.rest().find('\n');
  const std::size_t size = std::min(end, lent_.rest().size());
  if (begun_.size() + size > max_line) refuse(Frame::kTooLong);
  return take(line, size, 1, end != std::string_view::npos);
}

bool Framer::take_bytes(std::string_view& bytes, std::size_t count) {
  forget_delivered();
  const std::size_t missing = count - begun_.size();
  const std::size_t come = lent_.rest().size();
  return take(bytes, std::min(missing, come), 0, missing <= come);
}

bool Framer::take(std::string_view& taken, std::size_t size,
                  std::size_t end_size, bool whole) {
  if (refused_ != Frame::kNothingYet) return false;
  const std::string_view piece = lent_.rest().substr(0, size);
  lent_.skip(size + (whole ? end_size : 0));
  if (whole && begun_.empty()) {
    taken = piece;
    return true;
  }
  begun_.append(piece);
  delivered_ = whole;
  taken = begun_;
  if (!delivered_) lent_.release();
  return delivered_;
}

void Framer::keep() {
  forget_delivered();
  lent_.keep();
}

std::size_t Framer::held() const { return begun_.size() + lent_.held(); }

void Framer::forget_delivered() {
  if (!delivered_) return;
  delivered_ = false;
  release(begun_);
}

void Framer::refuse(Frame::Kind kind) {
  refused_ = kind;
  lent_.drop();
  release(begun_);
}

Frame LineFramer::next() {
  std::string_view line;
  while (take_line(line, max_line_)) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) return {Frame::kMessage, line};
  }
  return {refused()};
}

std::string LineFramer::fault() const {
  return "a line is longer than " + std::to_string(max_line_) + " bytes";
}

}  // namespace rp
