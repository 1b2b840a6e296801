#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/unique_fd.h"

namespace rp {

/// Reads what a child says on its standard error and passes it on, a line at
/// a time, in a form that can stand in our own log.
///
///     auto lines = std::make_unique<ErrorLines>(
///         std::move(pipe), "awk[123] ",
///         [](std::string_view line) { log(line); });  // "awk[123] no input"
///     reactor.add(std::move(lines), Interest::reading());
///
/// Each line begins with the prefix; bytes that control a terminal, of ASCII or
/// UTF-8, show as a backslash, an x and two hex digits (for people: a backslash
/// itself stays as it is). A line of more than kLongest bytes comes in pieces,
/// each with the prefix. What has no newline at the end of the stream is passed
/// on too. An exception from `line` goes to the reactor's handler of errors,
/// and the next line comes.
///
/// Thread rule: the loop's thread. Ownership: the reactor's.
class ErrorLines : public EventHandler {
 public:
  static constexpr std::size_t kLongest = 4096;  ///< bytes of a line's piece

  using OnLine = Function<void(std::string_view line)>;

  /// `pipe` must not block.
  ErrorLines(UniqueFd pipe, std::string prefix, OnLine line)
      : pipe_(std::move(pipe)),
        prefix_(std::move(prefix)),
        line_(std::move(line)) {}

  int fd() const override { return pipe_.get(); }
  void on_readable() override;

  /// Passes on what can be read now and what has no newline, and closes.
  void finish();

 private:
  ssize_t read_some();
  void take(std::string_view bytes);
  void pass_on();

  UniqueFd pipe_;
  const std::string prefix_;
  OnLine line_;
  std::string text_;  ///< of a line that is not complete
};

}  // namespace rp
