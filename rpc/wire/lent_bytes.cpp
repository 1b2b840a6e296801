#include "rpc/wire/lent_bytes.h"

namespace rp {

void LentBytes::feed(std::string_view bytes) {
  if (rest_.empty()) {
    release();
    rest_ = bytes;
    return;
  }
  keep();
  kept_.erase(0, kept_.size() - rest_.size());
  kept_.append(bytes);
  rest_ = kept_;
}

void LentBytes::keep() {
  release();
  if (!kept_.empty()) return;
  kept_ = rest_;
  rest_ = kept_;
}

void LentBytes::release() {
  if (rest_.empty()) drop();
}

void LentBytes::drop() {
  rest_ = {};
  // Assigning an empty string would keep the memory.
  std::string().swap(kept_);
}

}  // namespace rp
