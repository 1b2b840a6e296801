// Messages behind their Content-Length: the same for every split, and as they
// were when they are framed again.

#include "rpc/wire/content_length.h"
#include "tests/fuzz/framer_harness.h"

namespace rp {
namespace {

std::string framed(const Messages& messages) {
  std::string stream;
  for (const std::string& message : messages) {
    stream += ContentLengthFramer(0).before(message.size()) + message;
  }
  return stream;
}

void check(const FramerInput& input) {
  ContentLengthFramer whole(input.limit), cut(input.limit);
  Messages messages = input.feed_whole(whole);
  must(input.feed_cut(cut) == messages, "every split gives the same messages");
  must(cut.held() == 0, "at the end nothing is held");
  must(!cut.partial(), "at the end no message has begun");

  const Frame::Kind last = whole.next().kind;
  must(last != Frame::kMessage, "nothing follows the end");
  if (last != Frame::kNothingYet) messages.pop_back();
  FramerInput again = input;
  again.stream = framed(messages);
  ContentLengthFramer reader(again.limit);
  must(again.feed_cut(reader) == messages, "what is framed reads the same");
}

void check_one_message(const FramerInput& input) {
  const std::string& message = input.stream;
  FramerInput framed_input = input;
  framed_input.stream = framed({message});
  ContentLengthFramer exact(message.size());
  must(framed_input.feed_cut(exact) == Messages{message},
       "any bytes are a message");
  if (message.empty()) return;
  ContentLengthFramer small(message.size() - 1);
  must(framed_input.feed_cut(small) == Messages{"<" + small.fault() + ">"},
       "a message beyond the limit is refused");
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const rp::FramerInput input(data, size);
  rp::check(input);
  if (size > 0) rp::check_one_message(input);
  return 0;
}
