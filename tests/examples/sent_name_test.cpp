#include "examples/sent_name.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

TEST(SentName, IsWhatFollowsTheLastSlash) {
  EXPECT_EQ(attachment_of("/big.iso"), "attachment; filename=\"big.iso\"");
  EXPECT_EQ(attachment_of("/a/b-c_1"), "attachment; filename=\"b-c_1\"");
  EXPECT_EQ(attachment_of("x"), "attachment; filename=\"x\"");
}

TEST(SentName, MayBeMissing) {
  EXPECT_EQ(attachment_of("/"), "attachment");
  EXPECT_EQ(attachment_of(""), "attachment");
}

TEST(SentName, IsUnescaped) {
  EXPECT_EQ(attachment_of("/my%20file.txt"),
            "attachment; filename=\"my file.txt\"");
}

TEST(SentName, OfOtherLettersIsEscapedAnew) {
  EXPECT_EQ(attachment_of("/caf%C3%A9.txt"),
            "attachment; filename*=UTF-8''caf%c3%a9.txt");
}

TEST(SentName, NeitherEndsTheValueNorNamesAFolder) {
  EXPECT_EQ(attachment_of("/a%22;b"), "attachment; filename*=UTF-8''a%22%3bb");
  EXPECT_EQ(attachment_of("/..%2f%0d%0aX:%00%5c"),
            "attachment; filename*=UTF-8''..%2f%0d%0aX%3a%00%5c");
}

TEST(SentName, KeepsAnEscapeThatIsNone) {
  for (const char* path : {"/%", "/%4", "/%zz", "/a%4"}) {
    EXPECT_EQ(attachment_of(path).find("attachment; filename*=UTF-8''"), 0u)
        << path;
  }
  EXPECT_EQ(attachment_of("/%4"), "attachment; filename*=UTF-8''%254");
}

}  // namespace
}  // namespace rp
