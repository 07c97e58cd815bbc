#include "query/promql/syntax/parse/token_reader.h"

#include <string>

#include "gtest/gtest.h"
#include "query/promql/syntax/limits.h"

namespace tidegate::promql {
namespace {

constexpr Lexer::Language kExpression = Lexer::Language::kExpression;

TEST(TokenReader, PeeksWithoutConsuming) {
  TokenReader reader("a b", kExpression);
  EXPECT_EQ(reader.Peek().text, "a");
  EXPECT_EQ(reader.Peek().text, "a");
  EXPECT_EQ(reader.Take().text, "a");
  EXPECT_EQ(reader.Take().text, "b");
  EXPECT_TRUE(reader.NextIs(TokenType::kEndOfInput));
}

TEST(TokenReader, SkipsComments) {
  TokenReader reader("# one\n# two\na", kExpression);
  EXPECT_EQ(reader.Take().text, "a");
}

TEST(TokenReader, TakesOnlyWhatIsAskedFor) {
  TokenReader reader("a,", kExpression);
  EXPECT_FALSE(reader.TakeIf(TokenType::kComma));
  EXPECT_TRUE(reader.TakeIf(TokenType::kIdentifier));
  EXPECT_TRUE(reader.Expect(TokenType::kComma).has_value());
  EXPECT_FALSE(reader.failed());
}

TEST(TokenReader, RemembersWhereOperandsEnd) {
  TokenReader reader("(5m) a", kExpression);
  reader.Take();
  EXPECT_EQ(reader.last_closing(), 0);
  reader.Take();
  EXPECT_EQ(reader.last_closing(), 3);
  reader.Take();
  EXPECT_EQ(reader.last_closing(), 4);
  reader.Peek();
  reader.Take();
  EXPECT_EQ(reader.last_closing(), 4);
}

TEST(TokenReader, FaultsOfTheLexerReachToTheEnd) {
  TokenReader reader("a ? b", kExpression);
  reader.Take();
  EXPECT_FALSE(reader.failed());  // not read yet
  EXPECT_EQ(reader.Peek().type, TokenType::kError);
  ASSERT_TRUE(reader.failed());
  EXPECT_EQ(reader.error().position, (PositionRange{2, 5}));
  EXPECT_EQ(reader.error().message, "unexpected character: '?'");
}

TEST(TokenReader, TheFirstFaultStays) {
  TokenReader reader("a", kExpression);
  EXPECT_FALSE(reader.Fail({1, 2}, "first"));
  EXPECT_FALSE(reader.Fail({3, 4}, "second"));
  EXPECT_FALSE(reader.Unexpected());
  EXPECT_EQ(reader.error().message, "first");
  EXPECT_EQ(reader.Peek().type, TokenType::kError);
}

TEST(TokenReader, UnexpectedTokensAreReportedInTheInnermostContext) {
  TokenReader reader("a", kExpression);
  const TokenReader::InContext outer(&reader, {.place = "outer", .expected = "x"});
  {
    TokenReader::InContext inner(&reader, {.place = "inner", .expected = ""});
    inner.Set({.place = "inner", .expected = "y"});
    EXPECT_FALSE(reader.Expect(TokenType::kComma).has_value());
  }
  EXPECT_EQ(reader.error().message, "unexpected identifier \"a\" in inner, expected y");
}

TEST(TokenReader, ContextsEndWithTheirScope) {
  TokenReader reader("a", kExpression);
  const TokenReader::InContext outer(&reader, {.place = "outer", .expected = ""});
  { const TokenReader::InContext inner(&reader, {.place = "inner", .expected = "y"}); }
  EXPECT_FALSE(reader.Unexpected());
  EXPECT_EQ(reader.error().message, "unexpected identifier \"a\" in outer");
}

TEST(TokenReader, RefusesLongInput) {
  const std::string input(kMaxQueryBytes + 1, 'a');
  TokenReader reader(input, kExpression);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.Peek().type, TokenType::kError);
}

}  // namespace
}  // namespace tidegate::promql
