#include "model/quote.h"

#include "gtest/gtest.h"

namespace tidegate::model {
namespace {

TEST(Quoted, EscapesAsGoDoes) {
  EXPECT_EQ(Quoted("plain"), R"("plain")");
  EXPECT_EQ(Quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted("\a\b\f\n\r\t\v"), R"("\a\b\f\n\r\t\v")");
  EXPECT_EQ(Quoted(std::string_view("\0\x7f", 2)), R"("\x00\x7f")");
  EXPECT_EQ(Quoted("\xff"), R"("\xff")");
  EXPECT_EQ(Quoted("\xc2\xa0\xe2\x80\xa8"), R"("\u00a0\u2028")");
  EXPECT_EQ(Quoted("\xc3\xa4\xf0\x9f\x98\x80"), "\"\xc3\xa4\xf0\x9f\x98\x80\"");
}

TEST(DecodeUtf8, ReadsOneCodePoint) {
  EXPECT_EQ(DecodeUtf8("\xe2\x82\xac!").value, U'\u20ac');
  EXPECT_EQ(DecodeUtf8("\xe2\x82\xac!").size, 3);
  EXPECT_FALSE(DecodeUtf8("\xe2\x82").valid);
  EXPECT_EQ(DecodeUtf8("\xe2\x82").size, 1);
  EXPECT_EQ(DecodeUtf8("").size, 0);
}

TEST(AppendUtf8, IsTheInverse) {
  for (char32_t c : {U'a', U'\u00e4', U'\u20ac', U'\U0001f600'}) {
    std::string text;
    AppendUtf8(c, &text);
    EXPECT_EQ(DecodeUtf8(text).value, c);
    EXPECT_EQ(static_cast<size_t>(DecodeUtf8(text).size), text.size());
  }
  std::string text;
  AppendUtf8(0xd800, &text);
  EXPECT_EQ(text, "\xef\xbf\xbd");
}

}  // namespace
}  // namespace tidegate::model
