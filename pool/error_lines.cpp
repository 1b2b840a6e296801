#include "pool/error_lines.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "reactor/reactor.h"

namespace rp {

namespace {

// More than a pipe holds; who goes on writing has to be closed all the same.
constexpr int kMostReadsAtTheEnd = 32;

void append_printable(std::string& text, char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  if (value >= 0x20 && value != 0x7f) {
    text += byte;
  } else {
    text += {'\\', 'x', kDigits[value >> 4], kDigits[value & 15]};
  }
}

}  // namespace

void ErrorLines::on_readable() {
  if (read_some() == 0) finish();
}

void ErrorLines::finish() {
  for (int i = 0; i < kMostReadsAtTheEnd && read_some() > 0; ++i) {
  }
  if (!text_.empty()) pass_on();
  reactor().close(id());
}

// 0 at the end of the stream, negative when there is nothing now.
ssize_t ErrorLines::read_some() {
  const auto buffer = reactor().read_buffer();
  ssize_t count = 0;
  do {
    count = ::read(fd(), buffer.data(), buffer.size());
  } while (count < 0 && errno == EINTR);
  if (count > 0) take({buffer.data(), static_cast<std::size_t>(count)});
  return count;
}

void ErrorLines::take(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto newline = bytes.find('\n');
    const std::size_t room = kLongest - text_.size();
    const std::string_view piece = bytes.substr(0, std::min(newline, room));
    text_ += piece;
    bytes.remove_prefix(piece.size());
    const bool ends = !bytes.empty() && bytes.front() == '\n';
    if (ends) bytes.remove_prefix(1);
    if (ends || !bytes.empty()) pass_on();
  }
}

void ErrorLines::pass_on() {
  std::string line = prefix_;
  for (const char byte : std::exchange(text_, {})) append_printable(line, byte);
  line_(line);
}

}  // namespace rp
