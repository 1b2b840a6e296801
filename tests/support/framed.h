#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/framing.h"

namespace rp {

using Messages = std::vector<std::string>;

/// What a framer has to say now: its messages, and behind them its fault in
/// angle brackets, if it has one. False when it has.
///
///     LineFramer framer(8);
///     EXPECT_EQ(messages_of(framer, {"on", "e\n"}), Messages{"one"});
inline bool drain(Framer& framer, Messages& messages) {
  Frame frame = framer.next();
  for (; frame.kind == Frame::kMessage; frame = framer.next()) {
    messages.emplace_back(frame.message);
  }
  if (frame.kind == Frame::kNothingYet) return true;
  messages.push_back("<" + framer.fault() + ">");
  return false;
}

/// Feeds the pieces from memory that ends with the piece, so that a view kept
/// too long shows under a sanitizer.
inline Messages messages_of(Framer& framer, const Messages& pieces) {
  Messages messages;
  for (const std::string& piece : pieces) {
    const std::vector<char> lent(piece.begin(), piece.end());
    framer.feed({lent.data(), lent.size()});
    if (!drain(framer, messages)) break;
  }
  return messages;
}

/// Asks for `asked` messages before the cut, keeps the rest, and goes on.
inline Messages messages_with_a_pause(Framer& framer, const std::string& stream,
                                      std::size_t cut, int asked) {
  Messages messages;
  {
    const std::vector<char> lent(stream.begin(),
                                 stream.begin() + std::ptrdiff_t(cut));
    framer.feed({lent.data(), lent.size()});
    for (; asked > 0; --asked) {
      const Frame frame = framer.next();
      if (frame.kind == Frame::kMessage) messages.emplace_back(frame.message);
    }
    framer.keep();
  }
  framer.feed(std::string_view(stream).substr(cut));
  drain(framer, messages);
  return messages;
}

/// The stream, byte by byte.
inline Messages bytes_of(const std::string& stream) {
  Messages pieces;
  for (const char c : stream) pieces.emplace_back(1, c);
  return pieces;
}

/// The stream, cut in three, in every way.
inline std::vector<Messages> cuts_of(const std::string& stream) {
  std::vector<Messages> cuts;
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      cuts.push_back({stream.substr(0, first),
                      stream.substr(first, second - first),
                      stream.substr(second)});
    }
  }
  return cuts;
}

}  // namespace rp
