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

// U+0080 to U+009F are two bytes each; U+009B begins what ESC [ begins.
bool begins_c1(std::string_view text) {
  if (text.size() < 2 || text[0] != '\xc2') return false;
  const auto second = static_cast<unsigned char>(text[1]);
  return second >= 0x80 && second < 0xa0;
}

void append_printable(std::string& line, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  bool inside_c1 = false;
  for (; !text.empty(); text.remove_prefix(1)) {
    const auto value = static_cast<unsigned char>(text.front());
    const bool c1 = std::exchange(inside_c1, begins_c1(text)) || inside_c1;
    if (value >= 0x20 && value != 0x7f && !c1) {
      line += text.front();
    } else {
      line += {'\\', 'x', kDigits[value >> 4], kDigits[value & 15]};
    }
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

// Who throws misses this line, and not what has been read behind it.
void ErrorLines::pass_on() {
  std::string line = prefix_;
  append_printable(line, std::exchange(text_, {}));
  reactor().invoke("error-line", id().number(), [&] { line_(line); });
}

}  // namespace rp
