#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/must.h"
#include "tests/support/framed.h"

namespace rp {

/// What the fuzzer has thought up for a framer: a limit, how to cut, and the
/// stream that is cut.
///
///     const FramerInput input(data, size);
///     LineFramer framer(input.limit);
///     must(input.feed_cut(framer) == model(input), "...");
struct FramerInput {
  static constexpr std::size_t kCuts = 8;

  FramerInput(const std::uint8_t* data, std::size_t size)
      : limit(size > 0 ? data[0] : 0) {
    const char* bytes = reinterpret_cast<const char*>(data);
    const std::size_t begin = std::min(size, kCuts + 1);
    cuts.assign(bytes, begin);
    stream.assign(bytes + begin, size - begin);
  }

  /// All at once.
  Messages feed_whole(Framer& framer) const {
    Messages messages;
    framer.feed(stream);
    if (drain(framer, messages)) end(framer, messages);
    return messages;
  }

  /// In pieces, each in memory of its own that goes away; sometimes only a few
  /// messages are asked for, and the rest waits.
  Messages feed_cut(Framer& framer) const {
    Messages messages;
    std::string_view rest = stream;
    for (std::size_t i = 0; !rest.empty(); ++i) {
      const auto cut = static_cast<std::uint8_t>(cuts[i % cuts.size()]);
      const auto length = std::min<std::size_t>(1 + cut % 32, rest.size());
      const std::vector<char> piece(rest.begin(),
                                    rest.begin() + std::ptrdiff_t(length));
      rest.remove_prefix(length);
      framer.feed({piece.data(), piece.size()});
      if (!ask(framer, messages, cut / 64)) return messages;
      framer.keep();
    }
    if (drain(framer, messages)) end(framer, messages);
    return messages;
  }

  std::size_t limit;
  std::string cuts;
  std::string stream;

 private:
  // For 3: for all there are. False after a fault.
  static bool ask(Framer& framer, Messages& messages, int count) {
    if (count == 3) return drain(framer, messages);
    for (; count > 0; --count) {
      const Frame frame = framer.next();
      if (frame.kind == Frame::kNothingYet) return true;
      if (frame.kind != Frame::kMessage) return drain(framer, messages);
      messages.emplace_back(frame.message);
    }
    return true;
  }

  static void end(Framer& framer, Messages& messages) {
    framer.end();
    drain(framer, messages);
  }
};

}  // namespace rp
