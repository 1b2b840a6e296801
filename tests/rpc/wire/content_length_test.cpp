#include "rpc/wire/content_length.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/framed.h"

namespace rp {
namespace {

using Strings = std::vector<std::string>;

constexpr std::size_t kMaxMessage = 12;

Messages messages_of(const Messages& pieces) {
  ContentLengthFramer framer(kMaxMessage);
  return messages_of(framer, pieces);
}

struct Vector {
  std::string stream;
  Messages messages;
};

const std::string kLength = "Content-Length: ";
const std::string kType = "Content-Type: application/vscode-jsonrpc";
const std::string kTooLong = "<a message is longer than 12 bytes>";
const std::string kNoNumber = "<Content-Length is not a number>";
const std::string kNoHeader = "<a header line is not NAME: VALUE>";
const std::string kNoUtf8 = "<the charset is not UTF-8>";

const std::vector<Vector> kVectors = {
    {"", {}},
    {"Content-Length: 3\r\n\r\none", {"one"}},
    {"Content-Length: 3\r\n\r\noneContent-Length: 4\r\n\r\nzwei",
     {"one", "zwei"}},
    {"Content-Length: 4\r\n\r\na\r\nb", {"a\r\nb"}},
    {"Content-Length: 0\r\n\r\nContent-Length: 1\r\n\r\nx", {"", "x"}},
    {"content-LENGTH:\t 002 \r\n\r\nok", {"ok"}},
    {kType + "\r\nContent-Length: 2\r\nX-More:\r\n\r\nok", {"ok"}},
    {kType + "; charset=utf-8\r\nContent-Length: 2\r\n\r\nok", {"ok"}},
    {kType + ";charset=\"UTF8\"\r\nContent-Length: 2\r\n\r\nok", {"ok"}},
    {"Content-Length: 12\r\n\r\n123456789012", {"123456789012"}},
    {"Content-Length: 12\r\n\r\n12345678901", {}},
    {"Content-Length: 3\r\n", {}},
    {"Content-Length: 13\r\n\r\n1234567890123", {kTooLong}},
    {"Content-Length: 18446744073709551616\r\n\r\n", {kTooLong}},
    {"Content-Length: 2\r\n\r\nokContent-Length: 13\r\n\r\n", {"ok", kTooLong}},
};

// Each with what follows the fault, which is never a message.
const std::vector<Vector> kFaults = {
    {"\r\n", {"<there is no Content-Length>"}},
    {kType + "\r\n\r\n{}", {"<there is no Content-Length>"}},
    {kLength + "2\n\nok", {"<a header line does not end with CR LF>"}},
    {kLength + "2\r\nContent-Length: 2\r\n\r\nok",
     {"<Content-Length is given twice>"}},
    {kLength + "\r\n\r\n", {kNoNumber}},
    {kLength + "+2\r\n\r\nok", {kNoNumber}},
    {kLength + "-2\r\n\r\nok", {kNoNumber}},
    {kLength + "2 2\r\n\r\nok", {kNoNumber}},
    {kLength + "2,2\r\n\r\nok", {kNoNumber}},
    {kLength + "0x2\r\n\r\nok", {kNoNumber}},
    {kLength + "2.0\r\n\r\nok", {kNoNumber}},
    {"Content-Length : 2\r\n\r\nok", {kNoHeader}},
    {" Content-Length: 2\r\n\r\nok", {kNoHeader}},
    {": 2\r\n\r\nok", {kNoHeader}},
    {"{\"jsonrpc\":\"2.0\"}\r\n", {kNoHeader}},
    {"Content-Length 2\r\n\r\nok", {kNoHeader}},
    {"X: a\rb\r\n\r\nok", {"<a header has a control character>"}},
    {std::string("X: a\0b\r\n\r\n", 10),
     {"<a header has a control character>"}},
    {kType + "; charset=latin-1\r\n", {kNoUtf8}},
    {kType + "; a=b; CHARSET=\"utf-16\"\r\n", {kNoUtf8}},
};

TEST(ContentLengthFramer, CutsAStreamIntoMessages) {
  for (const auto& [stream, messages] : kVectors) {
    EXPECT_EQ(messages_of({stream}), messages) << stream;
  }
}

TEST(ContentLengthFramer, SaysWhatIsWrongWithAHeader) {
  for (const auto& [stream, fault] : kFaults) {
    EXPECT_EQ(messages_of({stream}), fault) << stream;
    EXPECT_EQ(messages_of({kLength + "2\r\n\r\nok" + stream}),
              (Messages{"ok", fault[0]}));
  }
}

TEST(ContentLengthFramer, YieldsTheSameMessagesByteByByte) {
  for (const auto* vectors : {&kVectors, &kFaults}) {
    for (const auto& [stream, messages] : *vectors) {
      EXPECT_EQ(messages_of(bytes_of(stream)), messages) << stream;
    }
  }
}

TEST(ContentLengthFramer, YieldsTheSameMessagesCutAtEveryTwoPlaces) {
  for (const auto* vectors : {&kVectors, &kFaults}) {
    for (const auto& [stream, messages] : *vectors) {
      for (const Messages& pieces : cuts_of(stream)) {
        ASSERT_EQ(messages_of(pieces), messages)
            << ::testing::PrintToString(pieces);
      }
    }
  }
}

TEST(ContentLengthFramer, YieldsTheSameMessagesAroundAPause) {
  for (const auto& [stream, messages] : kVectors) {
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      for (int asked = 0; asked <= 3; ++asked) {
        ContentLengthFramer framer(kMaxMessage);
        ASSERT_EQ(messages_with_a_pause(framer, stream, cut, asked), messages)
            << stream << " " << cut << " " << asked;
      }
    }
  }
}

TEST(ContentLengthFramer, RefusesALengthWhenItIsAnnounced) {
  EXPECT_EQ(messages_of({kLength + "13\r\n"}), Messages{kTooLong});
  EXPECT_EQ(messages_of({kLength + "13\r"}), Messages());
}

TEST(ContentLengthFramer, RefusesAHeaderPartBeyondItsLimit) {
  const std::string last = "\r\nContent-Length: 2\r\n\r\n";
  const std::size_t room = ContentLengthFramer::kMaxHeader - (last.size() - 3);
  const std::string header = "X: " + std::string(room - 3, 'x');
  EXPECT_EQ(messages_of({header + last + "ok"}), Messages{"ok"});
  const Messages fault = {"<the header part is longer than 4096 bytes>"};
  EXPECT_EQ(messages_of({header + "x" + last + "ok"}), fault);
  EXPECT_EQ(messages_of({std::string(4096, 'x')}), Messages());
  EXPECT_EQ(messages_of({std::string(4097, 'x')}), fault);
}

TEST(ContentLengthFramer, EachMessageHasAHeaderPartOfItsOwn) {
  const std::string filler = "X: " + std::string(3000, 'x') + "\r\n";
  const std::string message = filler + kLength + "2\r\n\r\nok";
  EXPECT_EQ(messages_of({message + message + message}),
            (Messages{"ok", "ok", "ok"}));
}

TEST(ContentLengthFramer, InputThatEndsWithinAMessageIsMalformed) {
  const Strings cut = {kLength, kLength + "2\r\n", kLength + "2\r\n\r\n",
                       kLength + "2\r\n\r\no"};
  for (const std::string& stream : cut) {
    ContentLengthFramer framer(kMaxMessage);
    EXPECT_EQ(messages_of(framer, {stream}), Messages());
    framer.end();
    Messages messages;
    drain(framer, messages);
    EXPECT_EQ(messages, Messages{"<the input ends within a message>"});
  }
}

TEST(ContentLengthFramer, InputMayEndBetweenMessages) {
  ContentLengthFramer framer(kMaxMessage);
  const std::string stream = kLength + "2\r\n\r\nok";
  framer.feed(stream);
  framer.keep();
  framer.end();
  Messages messages;
  drain(framer, messages);
  EXPECT_EQ(messages, Messages{"ok"});
}

TEST(ContentLengthFramer, SaysItsFaultForEver) {
  ContentLengthFramer framer(kMaxMessage);
  EXPECT_EQ(messages_of(framer, {"nonsense\r\n"}).size(), 1u);
  framer.feed(kLength + "2\r\n\r\nok");
  EXPECT_EQ(framer.next().kind, Frame::kMalformed);
  EXPECT_EQ(framer.held(), 0u);
  EXPECT_FALSE(framer.partial());
}

TEST(ContentLengthFramer, SaysWhetherAMessageHasBegun) {
  ContentLengthFramer framer(kMaxMessage);
  const auto after = [&](const std::string& bytes) {
    messages_of(framer, {bytes});
    return framer.partial();
  };
  EXPECT_FALSE(after(""));
  EXPECT_TRUE(after("C"));
  EXPECT_TRUE(after("ontent-Length: 2\r\n"));
  EXPECT_TRUE(after("\r\n"));
  EXPECT_TRUE(after("o"));
  EXPECT_FALSE(after("k"));
  EXPECT_TRUE(after("C"));
}

TEST(ContentLengthFramer, HoldsWhatHasComeAndNotWhatWasAnnounced) {
  Allocations allocations;
  ContentLengthFramer framer(4 * 1024 * 1024);
  framer.feed("Content-Length: 4194304\r\n\r\n");
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  EXPECT_EQ(allocations.held(), 0);
  framer.feed("0123456789");
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  EXPECT_EQ(framer.held(), 10u);
}

TEST(ContentLengthFramer, LendsAMessageThatLiesWholeAsItStands) {
  const std::string stream = kLength + "2\r\n\r\nok";
  Allocations allocations;
  ContentLengthFramer framer(kMaxMessage);
  framer.feed(stream);
  EXPECT_EQ(framer.next().message.data(), stream.data() + stream.size() - 2);
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  EXPECT_EQ(allocations.made(), 0u);
}

TEST(ContentLengthFramer, ReadsWhatItWrites) {
  ContentLengthFramer framer(kMaxMessage);
  const std::string sent = framer.before(4) + "zwei";
  EXPECT_EQ(sent, "Content-Length: 4\r\n\r\nzwei");
  EXPECT_TRUE(framer.behind().empty());
  EXPECT_EQ(messages_of(framer, {sent + sent}), (Messages{"zwei", "zwei"}));
}

}  // namespace
}  // namespace rp
