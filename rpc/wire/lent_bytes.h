#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rp {

/// The bytes a codec was lent and has not read yet. They are copied only when
/// the lender needs its memory back before that.
///
///     bytes.feed(piece);                        // the caller's memory
///     handle(bytes.rest().substr(0, n));
///     bytes.skip(n);
///     bytes.keep();                             // now the caller's may go
///
/// One thread at a time.
class LentBytes {
 public:
  LentBytes() = default;
  LentBytes(const LentBytes&) = delete;
  LentBytes& operator=(const LentBytes&) = delete;

  /// Lends more. They must stay where they are until all are skipped or
  /// keep() was called. What was not read before comes first.
  void feed(std::string_view bytes);

  /// What is not read yet.
  std::string_view rest() const { return rest_; }

  /// Has read `count` of them; views of them stay valid until release().
  void skip(std::size_t count) { rest_.remove_prefix(count); }

  /// Copies what is not read, unless it is a copy already.
  void keep();

  /// Frees the copy once all of it is read.
  void release();

  /// Forgets all.
  void drop();

  /// How many bytes of its own it holds unread.
  std::size_t held() const { return kept_.empty() ? 0 : rest_.size(); }

 private:
  std::string_view rest_;  ///< the end of kept_ after keep()
  std::string kept_;       ///< empty as long as rest_ is the caller's
};

}  // namespace rp
