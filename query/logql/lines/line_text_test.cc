#include "query/logql/lines/line_text.h"

#include <string>
#include <string_view>

#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

TEST(LineText, CleanTextIsNotCopied) {
  LineArena arena;
  for (const std::string_view text : {"", "plain text of some length", "gr\xC3\xBC\xC3\x9F"}) {
    EXPECT_EQ(WithoutBadRunes(text, &arena).data(), text.data());
    EXPECT_EQ(Unescape(text, Escapes::kJson, &arena)->data(), text.data());
    EXPECT_FALSE(HasBadRune(text));
  }
}

TEST(LineText, BadBytesAndTheReplacementCharacterAreSpaces) {
  LineArena arena;
  EXPECT_EQ(WithoutBadRunes("\xFF"
                            "a\xEF\xBF\xBD"
                            "b\xC3",
                            &arena),
            " a b ");
  EXPECT_EQ(WithoutBadRunes("\xED\xA0\x80", &arena), "   ");  // A surrogate.
  EXPECT_EQ(WithoutBadRunes("\xC0\xAF\xF4\x90\x80\x80", &arena), "      ");
  EXPECT_TRUE(HasBadRune("ok \xEF\xBF\xBD"));
}

TEST(LineText, EscapesOfBothFormats) {
  LineArena arena;
  EXPECT_EQ(Unescape(R"(\"\\\/\b\f\n\r\t\u0041)", Escapes::kJson, &arena), "\"\\/\b\f\n\r\tA");
  EXPECT_EQ(Unescape(R"(\u20AC\uD83D\uDE00)", Escapes::kJson, &arena),
            "\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(Unescape(R"(\')", Escapes::kLogfmt, &arena), "'");
  EXPECT_EQ(Unescape(R"(\ud83dx)", Escapes::kLogfmt, &arena), "\xEF\xBF\xBDx");
}

TEST(LineText, EscapesThatDoNotExist) {
  LineArena arena;
  for (const std::string_view text : {R"(\)", R"(\x)", R"(\u12)", R"(\u12g4)", R"(\u)"}) {
    EXPECT_FALSE(Unescape(text, Escapes::kJson, &arena)) << text;
    EXPECT_FALSE(Unescape(text, Escapes::kLogfmt, &arena)) << text;
  }
  EXPECT_FALSE(Unescape(R"(\')", Escapes::kJson, &arena));
  EXPECT_FALSE(Unescape(R"(\ude00)", Escapes::kJson, &arena));
  EXPECT_FALSE(Unescape(R"(\ud83d\u0041)", Escapes::kJson, &arena));
}

}  // namespace
}  // namespace tidegate::logql
