#include "rpc/wire/digest.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rp {
namespace {

std::string sha1(const std::vector<std::string>& pieces) {
  Sha1 sha;
  for (const std::string& piece : pieces) sha.update(piece);
  return to_hex(sha.finish());
}

// Of the lengths at which padding takes another block.
std::string letters(std::size_t count) {
  std::string text;
  while (text.size() < count) {
    text.push_back(static_cast<char>('a' + text.size() % 26));
  }
  return text;
}

TEST(Sha1, GivesTheDigestsOfRfc3174) {
  EXPECT_EQ(sha1({"abc"}), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1({"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"}),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(sha1({std::string(1'000'000, 'a')}),
            "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST(Sha1, GivesTheDigestOfNothing) {
  EXPECT_EQ(sha1({}), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(Sha1, DoesNotCareHowTheBytesCome) {
  const std::string text = letters(200);
  const std::string whole = sha1({text});
  std::vector<std::string> bytes;
  for (const char c : text) bytes.emplace_back(1, c);
  EXPECT_EQ(sha1(bytes), whole);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(sha1({text.substr(0, cut), text.substr(cut)}), whole) << cut;
  }
}

TEST(Sha1, PadsAtTheEndsOfBlocks) {
  EXPECT_EQ(sha1({letters(55)}), "a617d006d1ca12671785098a19a87fe58443bde9");
  EXPECT_EQ(sha1({letters(56)}), "4ad5bb7ae3c4024768d364b77c52128ea3cffebe");
  EXPECT_EQ(sha1({letters(63)}), "fc8a5ab77259625085ead3ec96515b3b8d933fad");
  EXPECT_EQ(sha1({letters(64)}), "93249d4c2f8903ebf41ac358473148ae6ddd7042");
}

TEST(Sha1, IsTakenUpWhereItWasLeft) {
  const std::string text = letters(150);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha1 first;
    first.update(std::string_view(text).substr(0, cut));
    EXPECT_LE(first.state().size(), 200u);
    auto second = Sha1::resume(first.state());
    ASSERT_TRUE(second);
    EXPECT_EQ(second->length(), cut);
    second->update(std::string_view(text).substr(cut));
    EXPECT_EQ(to_hex(second->finish()), sha1({text})) << cut;
  }
}

TEST(Sha1, IsNotTakenUpFromWhatIsNoState) {
  Sha1 sha;
  sha.update("abc");
  const std::string state = sha.state();
  EXPECT_FALSE(Sha1::resume(""));
  EXPECT_FALSE(Sha1::resume(state.substr(0, 54))) << "less than a state";
  EXPECT_FALSE(Sha1::resume(state.substr(0, state.size() - 2)));
  EXPECT_FALSE(Sha1::resume(state + "00")) << "a byte that was not counted";
  EXPECT_FALSE(Sha1::resume("x" + state.substr(1)));
}

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(to_hex(std::string_view("\x00\x1f\xff", 3)), "001fff");
  EXPECT_EQ(from_hex("001fff"), std::string("\x00\x1f\xff", 3));
}

TEST(Hex, RefusesWhatItDoesNotWrite) {
  for (const char* text : {"0", "0g", "FF", " 0", "000"}) {
    EXPECT_FALSE(from_hex(text)) << text;
  }
}

TEST(Base64, WritesTheExamplesOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> examples = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {"\xfb\xff\xbf", "+/+/"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, RefusesWhatItDoesNotWrite) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9", "Zm9=", "Zm 9v", "Zm9v\n",
        "Zg==Zg==", "-_-_", "=", "===="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

}  // namespace
}  // namespace rp
