#include "query/promql/syntax/lex/lexer.h"

#include <string>
#include <string_view>

#include "fmt/format.h"
#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

// The texts of all tokens with a mark for the kind, one space between them; `!MESSAGE@START` for a
// fault.
std::string Lex(std::string_view input, Lexer::Language language = Lexer::Language::kExpression) {
  Lexer lexer(input, language);
  std::string out;
  while (true) {
    const Token token = lexer.Next();
    if (token.type == TokenType::kEndOfInput) return out;
    if (!out.empty()) out += " ";
    switch (token.type) {
      case TokenType::kError:
        out += fmt::format("!{}@{}", token.text, token.start);
        break;
      case TokenType::kIdentifier:
        out += fmt::format("i:{}", token.text);
        break;
      case TokenType::kMetricIdentifier:
        out += fmt::format("m:{}", token.text);
        break;
      case TokenType::kNumber:
        out += fmt::format("n:{}", token.text);
        break;
      case TokenType::kDuration:
        out += fmt::format("d:{}", token.text);
        break;
      case TokenType::kString:
        out += fmt::format("s:{}", token.text);
        break;
      case TokenType::kSpace:
        out += "_";
        break;
      default:
        out += token.text;
    }
  }
}

std::string LexSeries(std::string_view input) {
  return Lex(input, Lexer::Language::kSeriesDescription);
}

TEST(Lexer, PunctuationAndOperators) {
  EXPECT_EQ(Lex("(,)"), "( , )");
  EXPECT_EQ(Lex("+-*/%^@"), "+ - * / % ^ @");
  EXPECT_EQ(Lex("= == != < <= > >= </ >/"), "= == != < <= > >= </ >/");
  EXPECT_EQ(Lex("<=/"), "<= /");
}

TEST(Lexer, PositionsAreBytes) {
  Lexer lexer("\u00e4", Lexer::Language::kExpression);
  EXPECT_EQ(lexer.Next().type, TokenType::kError);
  Lexer second("'\u00e4' x", Lexer::Language::kExpression);
  EXPECT_EQ(second.Next().end(), 4);
  EXPECT_EQ(second.Next().start, 5);
  const Token end = second.Next();
  EXPECT_EQ(end.type, TokenType::kEndOfInput);
  EXPECT_EQ(end.start, 6);
}

TEST(Lexer, NothingFollowsTheEndOrAFault) {
  Lexer lexer("?", Lexer::Language::kExpression);
  EXPECT_EQ(lexer.Next().type, TokenType::kError);
  EXPECT_EQ(lexer.Next().type, TokenType::kEndOfInput);
  EXPECT_EQ(lexer.Next().type, TokenType::kEndOfInput);
}

TEST(Lexer, NamesAndNumbers) {
  EXPECT_EQ(Lex("up a:b :c _x"), "i:up m:a:b m::c i:_x");
  EXPECT_EQ(Lex("1 .5 5. 1e3 1e-3 0x1F 1_0 Inf nan"),
            "n:1 n:.5 n:5. n:1e3 n:1e-3 n:0x1F n:1_0 n:Inf n:nan");
  EXPECT_EQ(Lex("Inf1 nano"), "i:Inf1 i:nano");
  EXPECT_EQ(Lex("5m 1h30m 1y2w 10ms"), "d:5m d:1h30m d:1y2w d:10ms");
  EXPECT_EQ(Lex("1+1"), "n:1 + n:1");
}

TEST(Lexer, BadNumbers) {
  EXPECT_EQ(Lex("1..2"), "!bad number or duration syntax: \"1..\"@0");
  EXPECT_EQ(Lex("1e5e5"), "!bad number or duration syntax: \"1e5e\"@0");
  EXPECT_EQ(Lex("12q"), "!bad number or duration syntax: \"12\"@0");
  EXPECT_EQ(Lex("1m1"), "!bad number or duration syntax: \"1m1\"@0");
  EXPECT_EQ(Lex("1mq"), "!bad number or duration syntax: \"1mq\"@0");
  EXPECT_EQ(Lex("1m1y"), "!bad number or duration syntax: \"1m1\"@0");
  EXPECT_EQ(Lex("0x1.5"), "!bad number or duration syntax: \"0x1.\"@0");
  EXPECT_EQ(Lex("1__0"), "!bad number or duration syntax: \"1__\"@0");
  EXPECT_EQ(Lex("1e"), "!bad number or duration syntax: \"1e\"@0");
}

TEST(Lexer, Strings) {
  EXPECT_EQ(Lex(R"("a\"b" 'c"d' `e\`)"), R"(s:"a\"b" s:'c"d' s:`e\`)");
  EXPECT_EQ(Lex("`two\nlines`"), "s:`two\nlines`");
  EXPECT_EQ(Lex("'\\x41\\101\\u00e4\\U0001f600'"), "s:'\\x41\\101\\u00e4\\U0001f600'");
}

TEST(Lexer, BadStrings) {
  EXPECT_EQ(Lex("'a"), "!unterminated quoted string@0");
  EXPECT_EQ(Lex("'a\n'"), "!unterminated quoted string@0");
  EXPECT_EQ(Lex("`a"), "!unterminated raw string@0");
  EXPECT_EQ(Lex("'\\"), "!escape sequence not terminated@0");
  EXPECT_EQ(Lex("'\\x4"), "!escape sequence not terminated@0");
  EXPECT_EQ(Lex("'\\q'"), "!unknown escape sequence U+0071 'q'@0");
  EXPECT_EQ(Lex("'\\\"'"), "!unknown escape sequence U+0022 '\"'@0");
  EXPECT_EQ(Lex("'\\18'"), "!illegal character U+0038 '8' in escape sequence@0");
  EXPECT_EQ(Lex("'\\u00g0'"), "!illegal character U+0067 'g' in escape sequence@0");
  EXPECT_EQ(Lex("'\\777'"), "!escape sequence is an invalid Unicode code point@0");
  EXPECT_EQ(Lex("'\\ud800'"), "!escape sequence is an invalid Unicode code point@0");
  EXPECT_EQ(Lex("'\\U00110000'"), "!escape sequence is an invalid Unicode code point@0");
  EXPECT_EQ(Lex("'\xff'"), "!invalid UTF-8 rune@0");
  EXPECT_EQ(Lex("`\xc3\x28`"), "!invalid UTF-8 rune@0");
}

TEST(Lexer, Comments) {
  EXPECT_EQ(Lex("a #b\nc"), "i:a #b i:c");
  EXPECT_EQ(Lex("#"), "#");
  EXPECT_EQ(Lex("a{#b\r}"), "i:a { #b }");
  EXPECT_EQ(Lex("'#'"), "s:'#'");
}

TEST(Lexer, InsideBracesWordsAreNames) {
  EXPECT_EQ(Lex("a{sum='1',on!=\"2\",inf=~`3`,x!~'4'}"),
            "i:a { i:sum = s:'1' , i:on != s:\"2\" , i:inf =~ s:`3` , i:x !~ s:'4' }");
  EXPECT_EQ(Lex("{'a b'}"), "{ s:'a b' }");
  EXPECT_EQ(Lex("{a:b}"), "{ i:a !unexpected character inside braces: ':'@2");
  EXPECT_EQ(Lex("{{"), "{ !unexpected left brace '{'@1");
  EXPECT_EQ(Lex("{a!b"), "{ i:a !unexpected character after '!' inside braces: 'b'@2");
  EXPECT_EQ(Lex("{ "), "{ !unexpected end of input inside braces@2");
}

TEST(Lexer, InsideBrackets) {
  EXPECT_EQ(Lex("a[5m]"), "i:a [ d:5m ]");
  EXPECT_EQ(Lex("a[ 5m : 1m ]"), "i:a [ d:5m : d:1m ]");
  EXPECT_EQ(Lex("a[(step()+1)*max_of(1,RANGE())]"),
            "i:a [ ( step ( ) + n:1 ) * max_of ( n:1 , RANGE ( ) ) ]");
  EXPECT_EQ(Lex("a[step():1m]"), "i:a [ step ( ) : d:1m ]");
  EXPECT_EQ(Lex("a[5m/step()%2^-1]"), "i:a [ d:5m / step ( ) % n:2 ^ - n:1 ]");
  EXPECT_EQ(Lex("a[1s][1s]"), "i:a [ d:1s ] [ d:1s ]");
}

TEST(Lexer, BadBrackets) {
  EXPECT_EQ(Lex("[x]"), "[ !unexpected character in duration expression: 'x'@1");
  EXPECT_EQ(Lex("[stop]"), "[ !unexpected character in duration expression: 's'@1");
  EXPECT_EQ(Lex("[5m x]"), "[ d:5m !unexpected character: 'x', expected ':'@4");
  EXPECT_EQ(Lex("[:"), "[ !unexpected colon before duration in duration expression@2");
  EXPECT_EQ(Lex("[1:2:"), "[ n:1 : n:2 !unexpected colon ':'@4");
  EXPECT_EQ(Lex("[step()::"), "[ step ( ) : !unexpected repeated colon in duration expression@9");
  EXPECT_EQ(Lex("["), "[ !unexpected end of input in duration expression@1");
  EXPECT_EQ(Lex("[1["), "[ n:1 !unexpected left bracket '['@2");
  EXPECT_EQ(Lex("[1"), "[ n:1 !unclosed left bracket@2");
  EXPECT_EQ(Lex("[)"), "[ !unexpected right parenthesis ')'@2");
}

TEST(Lexer, BadCharacters) {
  EXPECT_EQ(Lex("!"), "!unexpected character after '!': '\uFFFD'@0");
  EXPECT_EQ(Lex("!~"), "!unexpected character after '!': '~'@0");
  EXPECT_EQ(Lex("=~"), "!unexpected character after '=': '~'@0");
  EXPECT_EQ(Lex("&"), "!unexpected character: '&'@0");
  EXPECT_EQ(Lex("\xff"), "!unexpected character: '\uFFFD'@0");
  EXPECT_EQ(Lex("."), "!unexpected character: '.'@0");
  EXPECT_EQ(Lex("a)"), "i:a !unexpected right parenthesis ')'@2");
  EXPECT_EQ(Lex("(a"), "( i:a !unclosed left parenthesis@2");
}

TEST(Lexer, FillIsAKeywordOnlyInFrontOfAParenthesis) {
  const auto type_of = [](std::string_view input) {
    return Lexer(input, Lexer::Language::kExpression).Next().type;
  };
  EXPECT_EQ(type_of("fill(1)"), TokenType::kFill);
  EXPECT_EQ(type_of("fill_left \n ("), TokenType::kFillLeft);
  EXPECT_EQ(type_of("fill_right + 1"), TokenType::kIdentifier);
  EXPECT_EQ(type_of("fill"), TokenType::kIdentifier);
}

TEST(SeriesLexer, Values) {
  EXPECT_EQ(LexSeries("a{b='c'} 1 -2+3x4 _x5 stale"),
            "i:a { i:b = s:'c' } _ n:1 _ - n:2 + n:3 x n:4 _ _ x n:5 _ i:stale");
  EXPECT_EQ(LexSeries("{} 0x3 1e2x3"), "{ } _ n:0 x n:3 _ n:1e2 x n:3");
  EXPECT_EQ(LexSeries("a   .5 "), "i:a _ n:.5 _");
  EXPECT_EQ(LexSeries("a =="), "i:a _ !unexpected character in series sequence: '='@2");
}

TEST(SeriesLexer, Histograms) {
  EXPECT_EQ(LexSeries("{} {{schema:-1 buckets:[1 -2.5 Inf] counter_reset_hint:gauge}}x3"),
            "{ } _ {{ schema : - n:1 _ buckets : [ n:1 _ - n:2.5 _ n:Inf ] _ counter_reset_hint : "
            "gauge }} x n:3");
  EXPECT_EQ(LexSeries("{} {{}}+{{}}x2 {{}}-{{}}x3"),
            "{ } _ {{ }} + {{ }} x n:2 _ {{ }} - {{ }} x n:3");
}

TEST(SeriesLexer, BadHistograms) {
  EXPECT_EQ(LexSeries("{} {{sum 1"), "{ } _ {{ !missing `:` for histogram descriptor@5");
  EXPECT_EQ(LexSeries("{} {{summ:1"), "{ } _ {{ !bad histogram descriptor found: \"summ\"@5");
  EXPECT_EQ(LexSeries("{} {{buckets:[x"),
            "{ } _ {{ buckets : [ !invalid character in buckets description: 'x'@14");
  EXPECT_EQ(LexSeries("{} {{sum:1"),
            "{ } _ {{ sum : n:1 !histogram description incomplete unexpected: '\uFFFD'@10");
  EXPECT_EQ(LexSeries("{} {{sum:1}"),
            "{ } _ {{ sum : n:1 !histogram description incomplete unexpected: '}'@10");
}

}  // namespace
}  // namespace tidegate::promql
