#include "model/matcher.h"

#include "gtest/gtest.h"
#include "model/regex_literals.h"

namespace tidegate::model {
namespace {

CompiledMatcher Compile(MatchType type, std::string value) {
  auto matcher = CompiledMatcher::Compile({type, "l", std::move(value)});
  EXPECT_TRUE(matcher.ok()) << matcher.status();
  return *std::move(matcher);
}

TEST(CompiledMatcher, Equality) {
  EXPECT_TRUE(Compile(MatchType::kEqual, "a").Matches("a"));
  EXPECT_FALSE(Compile(MatchType::kEqual, "a").Matches("ab"));
  EXPECT_TRUE(Compile(MatchType::kNotEqual, "a").Matches(""));
  EXPECT_TRUE(Compile(MatchType::kEqual, "").MatchesEmpty());
  EXPECT_FALSE(Compile(MatchType::kNotEqual, "").MatchesEmpty());
}

TEST(CompiledMatcher, RegularExpressionsAreAnchored) {
  const CompiledMatcher matcher = Compile(MatchType::kRegex, "a.*b");
  EXPECT_TRUE(matcher.Matches("a--b"));
  EXPECT_TRUE(matcher.Matches("a\nb"));
  EXPECT_FALSE(matcher.Matches("xa--b"));
  EXPECT_FALSE(matcher.Matches("a--bx"));
  EXPECT_TRUE(Compile(MatchType::kNotRegex, "a.*b").Matches("xa--b"));
}

TEST(CompiledMatcher, AlternationBindsWeakerThanTheAnchors) {
  const CompiledMatcher matcher = Compile(MatchType::kRegex, "a.|b.");
  EXPECT_TRUE(matcher.Matches("bx"));
  EXPECT_FALSE(matcher.Matches("ax|"));
  EXPECT_FALSE(matcher.Matches("xbx"));
}

TEST(CompiledMatcher, RefusesABrokenExpression) {
  const auto matcher = CompiledMatcher::Compile({MatchType::kRegex, "l", "a("});
  EXPECT_EQ(matcher.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(CompiledMatcher, LiteralsAnswerWithoutTheExpression) {
  const CompiledMatcher matcher = Compile(MatchType::kRegex, "web|api|api|");
  ASSERT_NE(matcher.literals(), nullptr);
  EXPECT_EQ(*matcher.literals(), (std::vector<std::string>{"", "api", "web"}));
  EXPECT_TRUE(matcher.MatchesEmpty());
  EXPECT_TRUE(matcher.Matches("api"));
  EXPECT_FALSE(matcher.Matches("ap"));
  EXPECT_EQ(Compile(MatchType::kNotRegex, "web|api").literals(), nullptr);
}

TEST(ToString, QuotesTheValue) {
  EXPECT_EQ(ToString(Matcher{MatchType::kNotRegex, "l", "a\"b"}), R"(l!~"a\"b")");
}

struct LiteralCase {
  std::string expression;
  std::vector<std::string> alternatives;
  std::string prefix;
};

TEST(ExtractLiterals, ProvesOnlyWhatIsTrue) {
  const std::vector<LiteralCase> cases = {
      {"abc", {"abc"}, "abc"},
      {"a\\.b", {"a.b"}, "a.b"},
      {"a|b", {"a", "b"}, ""},
      {"(a|b)", {"a", "b"}, ""},
      {"(?:a|b)", {"a", "b"}, ""},
      {"(a)|(b)", {}, ""},
      {"abc.*", {}, "abc"},
      {"abc+", {}, "abc"},
      {"abc?d", {}, "abc"},
      {"ab.*|cd", {}, ""},
      {"(?i)abc", {}, ""},
      {"(?i:abc)", {}, ""},
      {"^abc", {}, ""},
      {"ab\\d", {}, "ab"},
      {"\\Qa.b\\E", {}, ""},
      {"", {""}, ""},
  };
  for (const LiteralCase& c : cases) {
    const RegexLiterals found = ExtractLiterals(c.expression);
    EXPECT_EQ(found.alternatives, c.alternatives) << c.expression;
    // A quantified last character may be absent, so a shorter prefix is right, too.
    EXPECT_EQ(c.prefix.substr(0, found.prefix.size()), found.prefix) << c.expression;
  }
}

TEST(ExtractLiterals, NeverContradictsTheExpression) {
  for (const std::string expression :
       {"ab?c", "ab*", "a{2}b", "x{0}y", "\xc3\xa4?b", "a|b.*", "((a))"}) {
    auto matcher = CompiledMatcher::Compile({MatchType::kRegex, "l", expression});
    ASSERT_TRUE(matcher.ok());
    for (const std::string value : {"", "a", "ac", "abc", "ab", "aab", "y", "b",
                                    "\xc3\xa4"
                                    "b",
                                    "bx"}) {
      if (matcher->Matches(value)) {
        EXPECT_EQ(value.substr(0, matcher->prefix().size()), matcher->prefix())
            << expression << " " << value;
      }
    }
  }
}

}  // namespace
}  // namespace tidegate::model
