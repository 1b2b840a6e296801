#include "rpc/wire/framing.h"

#include <algorithm>

namespace rp {

namespace {

// Assigning an empty string would keep the memory.
void release(std::string& string) { std::string().swap(string); }

}  // namespace

void LineFramer::feed(std::string_view bytes) {
  forget_delivered();
  if (too_long_) return;
  if (lent_.empty()) {
    release(kept_);
    lent_ = bytes;
    return;
  }
  keep();
  kept_.erase(0, kept_.size() - lent_.size());
  kept_.append(bytes);
  lent_ = kept_;
}

Frame LineFramer::next() {
  std::string_view line;
  while (take_line(line)) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) return {Frame::kMessage, line};
  }
  return {too_long_ ? Frame::kTooLong : Frame::kNothingYet};
}

bool LineFramer::take_line(std::string_view& line) {
  forget_delivered();
  const std::size_t end = lent_.find('\n');
  const std::string_view piece = lent_.substr(0, end);
  if (begun_.size() + piece.size() > max_line_) refuse();
  if (too_long_) return false;

  lent_.remove_prefix(std::min(piece.size() + 1, lent_.size()));
  if (end != lent_.npos && begun_.empty()) {
    line = piece;
    return true;
  }
  begun_.append(piece);
  delivered_ = end != lent_.npos;
  line = begun_;
  if (!delivered_) release(kept_);
  return delivered_;
}

void LineFramer::keep() {
  forget_delivered();
  if (!kept_.empty()) return;
  kept_ = lent_;
  lent_ = kept_;
}

std::size_t LineFramer::held() const {
  return begun_.size() + (kept_.empty() ? 0 : lent_.size());
}

void LineFramer::forget_delivered() {
  if (!delivered_) return;
  delivered_ = false;
  release(begun_);
}

void LineFramer::refuse() {
  too_long_ = true;
  lent_ = {};
  release(kept_);
  release(begun_);
}

}  // namespace rp
