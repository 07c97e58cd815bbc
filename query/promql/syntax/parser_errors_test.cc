// Texts that do not parse: which fault is named, and where.
#include <string>
#include <string_view>

#include "gtest/gtest.h"
#include "query/promql/syntax/limits.h"
#include "query/promql/syntax/parser.h"

namespace tidegate::promql {
namespace {

// "START-END MESSAGE", or "" if `query` parses.
std::string FaultOf(std::string_view query) {
  ParseError error;
  if (ParseExpression(query, &error) != nullptr) return "";
  return std::to_string(error.position.start) + "-" + std::to_string(error.position.end) + " " +
         error.message;
}

TEST(ParserFaults, ShownWithLineAndColumn) {
  EXPECT_EQ(ParseExpr("up ==\n\n )").status().message(),
            "3:3: parse error: unexpected right parenthesis ')'");
  EXPECT_EQ(ParseExpr("").status().message(),
            "unknown position: parse error: no expression found in input");
  EXPECT_TRUE(absl::IsInvalidArgument(ParseExpr("1 +").status()));
}

TEST(ParserFaults, NothingToParse) {
  EXPECT_EQ(FaultOf(""), "0-0 no expression found in input");
  EXPECT_EQ(FaultOf(" \n"), "0-0 no expression found in input");
  EXPECT_EQ(FaultOf("# only words"), "0-0 no expression found in input");
}

TEST(ParserFaults, UnexpectedTokensAreDescribed) {
  EXPECT_EQ(FaultOf("a b"), "2-3 unexpected identifier \"b\"");
  EXPECT_EQ(FaultOf("a x:y"), "2-5 unexpected metric identifier \"x:y\"");
  EXPECT_EQ(FaultOf("a 12"), "2-4 unexpected number \"12\"");
  EXPECT_EQ(FaultOf("a 12s"), "2-5 unexpected duration \"12s\"");
  EXPECT_EQ(FaultOf("a 'text'"), "2-8 unexpected string \"'text'\"");
  EXPECT_EQ(FaultOf("a 'longer text'"), "2-15 unexpected string \"'longer te\"...");
  EXPECT_EQ(FaultOf("a sum"), "2-5 unexpected <aggr:sum>");
  EXPECT_EQ(FaultOf("a by"), "2-4 unexpected <by>");
  EXPECT_EQ(FaultOf("a start"), "2-7 unexpected \"start\"");
  EXPECT_EQ(FaultOf("a + *"), "4-5 unexpected <op:*>");
  EXPECT_EQ(FaultOf("a ="), "2-3 unexpected \"=\"");
  EXPECT_EQ(FaultOf("a +"), "3-3 unexpected end of input");
  EXPECT_EQ(FaultOf("bool"), "0-4 unexpected <bool>");
}

TEST(ParserFaults, TheLexersFaultComesFirst) {
  EXPECT_EQ(FaultOf("a + ?"), "4-5 unexpected character: '?'");
  EXPECT_EQ(FaultOf("a 'open"), "2-7 unterminated quoted string");
  EXPECT_EQ(FaultOf("(a"), "2-2 unclosed left parenthesis");
  EXPECT_EQ(FaultOf("a]"), "1-2 unexpected right bracket ']'");
}

TEST(ParserFaults, InsideAggregations) {
  EXPECT_EQ(FaultOf("sum by (x) a"), "11-12 unexpected identifier \"a\" in aggregation");
  EXPECT_EQ(FaultOf("sum(a b)"), "6-7 unexpected identifier \"b\" in aggregation");
  EXPECT_EQ(FaultOf("sum(abs(a b))"), "10-11 unexpected identifier \"b\" in aggregation");
  EXPECT_EQ(FaultOf("sum(a) by (x) by (y)"), "14-16 unexpected <by>");
  EXPECT_EQ(FaultOf("sum()"), "0-5 no arguments for aggregate expression provided");
  EXPECT_EQ(FaultOf("sum(a, b)"),
            "0-9 wrong number of arguments for aggregate expression provided, expected 1, got 2");
  EXPECT_EQ(FaultOf("quantile(a)"),
            "0-11 wrong number of arguments for aggregate expression provided, expected 2, got 1");
}

TEST(ParserFaults, InsideLabelLists) {
  EXPECT_EQ(FaultOf("sum by x (a)"),
            "7-8 unexpected identifier \"x\" in grouping opts, expected \"(\"");
  EXPECT_EQ(FaultOf("sum by (x y) (a)"),
            "10-11 unexpected identifier \"y\" in grouping opts, expected \",\" or \")\"");
  EXPECT_EQ(FaultOf("sum by (x, 5) (a)"),
            "11-12 unexpected number \"5\" in grouping opts, expected label");
  EXPECT_EQ(FaultOf("a + on (,) b"), "8-9 unexpected \",\" in grouping opts, expected label");
  EXPECT_EQ(FaultOf("sum by ('') (a)"), "8-10 invalid label name for grouping: \"\"");
  EXPECT_EQ(FaultOf("sum by ('\\xff') (a)"), "8-14 invalid label name for grouping: \"\\xff\"");
}

TEST(ParserFaults, InsideBraces) {
  EXPECT_EQ(FaultOf("a{x}"),
            "3-4 unexpected \"}\" in label matching, expected label matching operator");
  EXPECT_EQ(FaultOf("a{x=5m}"), "4-7 unexpected character inside braces: '5'");
  EXPECT_EQ(FaultOf("a{x=y}"),
            "4-5 unexpected identifier \"y\" in label matching, expected string");
  EXPECT_EQ(FaultOf("a{x='1' y='2'}"),
            "8-9 unexpected identifier \"y\" in label matching, expected \",\" or \"}\"");
  EXPECT_EQ(FaultOf("{'n' 'm'}"),
            "5-8 unexpected string \"'m'\" in label matching, expected \",\" or \"}\"");
  EXPECT_EQ(FaultOf("a{x='1',,}"),
            "8-9 unexpected \",\" in label matching, expected identifier or \"}\"");
  EXPECT_EQ(FaultOf("a{x='1'"), "7-7 unexpected end of input inside braces");
}

TEST(ParserFaults, SelectorsThatMatchEverything) {
  constexpr std::string_view kMessage =
      " vector selector must contain at least one non-empty matcher";
  EXPECT_EQ(FaultOf("{}"), "0-2" + std::string(kMessage));
  EXPECT_EQ(FaultOf("{x=~'a*'}"), "0-9" + std::string(kMessage));
  EXPECT_EQ(FaultOf("abs({x!='a'})"), "4-12" + std::string(kMessage));
  EXPECT_EQ(FaultOf("{x!~''}"), "");
  EXPECT_EQ(FaultOf("{__name__=''}"), "0-13" + std::string(kMessage));
}

TEST(ParserFaults, TwoNames) {
  EXPECT_EQ(FaultOf("a{'b'}"), "0-6 metric name must not be set twice: \"a\" or \"b\"");
  EXPECT_EQ(FaultOf("a{__name__!~'b'}"), "0-16 metric name must not be set twice: \"a\" or \"b\"");
  EXPECT_EQ(FaultOf("{'a', __name__=~'b'}"), "");
}

TEST(ParserFaults, RegularExpressions) {
  EXPECT_EQ(FaultOf("a{x=~'['}"), "2-8 error parsing regexp: missing closing ]: `[)$`");
  EXPECT_EQ(FaultOf("a{b='', x!~'*'}"),
            "8-14 error parsing regexp: missing argument to repetition operator: `*`");
}

TEST(ParserFaults, Calls) {
  EXPECT_EQ(FaultOf("nope(a)"), "0-4 unknown function with name \"nope\"");
  EXPECT_EQ(FaultOf("Rate(a[5m])"), "0-4 unknown function with name \"Rate\"");
  EXPECT_EQ(FaultOf("abs(a,)"), "5-6 trailing commas not allowed in function call args");
  EXPECT_EQ(FaultOf("clamp(a,,1)"), "7-8 trailing commas not allowed in function call args");
  EXPECT_EQ(FaultOf("abs(,a)"), "4-5 unexpected \",\"");
  EXPECT_EQ(FaultOf("time(1)"), "0-7 expected 0 argument(s) in call to \"time\", got 1");
  EXPECT_EQ(FaultOf("round()"), "0-7 expected at least 1 argument(s) in call to \"round\", got 0");
  EXPECT_EQ(FaultOf("label_join(a, 'b')"),
            "0-18 expected at least 3 argument(s) in call to \"label_join\", got 2");
  EXPECT_EQ(FaultOf("round(a, 1, 2)"),
            "0-14 expected at most 2 argument(s) in call to \"round\", got 3");
  EXPECT_EQ(FaultOf("clamp(a, 1, b)"),
            "12-13 expected type scalar in call to function \"clamp\", got instant vector");
  EXPECT_EQ(FaultOf("sort_by_label(a, 'x', 1)"),
            "22-23 expected type string in call to function \"sort_by_label\", got scalar");
}

TEST(ParserFaults, InfoFilters) {
  EXPECT_EQ(FaultOf("info(a, b{x='1'})"),
            "8-16 expected label selectors only, got vector selector instead");
  EXPECT_EQ(FaultOf("info(a, abs(b))"), "8-14 expected label selectors only");
  EXPECT_EQ(FaultOf("info(a, 1)"),
            "0-10 expected type instant vector in call to function \"info\", got scalar");
}

TEST(ParserFaults, TypesOfOperands) {
  EXPECT_EQ(FaultOf("a + 'x'"),
            "4-7 binary expression must contain only scalar and instant vector types");
  EXPECT_EQ(FaultOf("a[5m] * 2"),
            "0-5 binary expression must contain only scalar and instant vector types");
  EXPECT_EQ(
      FaultOf("-'x'"),
      "0-4 unary expression only allowed on expressions of type scalar or instant vector, got "
      "\"string\"");
  EXPECT_EQ(FaultOf("sum(1)"),
            "4-5 expected type instant vector in aggregation expression, got scalar");
  EXPECT_EQ(FaultOf("topk(a, b)"),
            "5-6 expected type scalar in aggregation parameter, got instant vector");
  EXPECT_EQ(FaultOf("1 < 2"), "2-2 comparisons between scalars must use BOOL modifier");
  EXPECT_EQ(FaultOf("a + bool b"), "2-7 bool modifier can only be used on comparison operators");
  EXPECT_EQ(FaultOf("a </ bool 1"), "2-8 bool modifier can only be used on comparison operators");
}

TEST(ParserFaults, VectorMatching) {
  EXPECT_EQ(FaultOf("a + on (x) 1"), "0-12 vector matching only allowed between instant vectors");
  EXPECT_EQ(FaultOf("a + fill (0) 1"),
            "0-14 filling in missing series only allowed between instant vectors");
  EXPECT_EQ(FaultOf("a and fill (0) b"),
            "0-16 filling in missing series not allowed for set operators");
  EXPECT_EQ(FaultOf("a or on (x) group_left b"), "0-24 no grouping allowed for \"or\" operation");
  EXPECT_EQ(FaultOf("a and 1"), "0-7 set operator \"and\" not allowed in binary scalar expression");
  EXPECT_EQ(FaultOf("a * on (x) group_right (x) b"),
            "2-25 label \"x\" must not occur in ON and GROUP clause at once");
  EXPECT_EQ(FaultOf("a * ignoring (x) group_right (x) b"), "");
  EXPECT_EQ(FaultOf("a + group_left b"), "4-14 unexpected <group_left>");
  EXPECT_EQ(FaultOf("a + fill (b) c"), "10-11 unexpected identifier \"b\"");
}

TEST(ParserFaults, Brackets) {
  constexpr std::string_view kForms = "number, duration, step(), or range()";
  EXPECT_EQ(FaultOf("a[]"),
            "2-3 unexpected \"]\" in subquery or range selector, expected " + std::string(kForms));
  EXPECT_EQ(FaultOf("a[5m 5m]"),
            "5-7 unexpected duration \"5m\" in subquery or range, expected \":\" or \"]\"");
  EXPECT_EQ(FaultOf("a[5m:5m 5m]"),
            "8-10 unexpected duration \"5m\" in subquery selector, expected \"]\"");
  EXPECT_EQ(FaultOf("a[5m:*]"),
            "5-6 unexpected <op:*> in subquery selector, expected number, duration, step(), "
            "range(), or \"]\"");
  EXPECT_EQ(FaultOf("a[x]"), "2-4 unexpected character in duration expression: 'x'");
  EXPECT_EQ(FaultOf("a[:5m]"), "3-6 unexpected colon before duration in duration expression");
  EXPECT_EQ(FaultOf("a[5m"), "4-4 unclosed left bracket");
  EXPECT_EQ(FaultOf("sum(a)[5m]"), "6-10 ranges only allowed for vector selectors");
  EXPECT_EQ(FaultOf("a offset 1m [5m]"), "12-16 no offset modifiers allowed before range");
  EXPECT_EQ(FaultOf("a @ 5 [5m]"), "6-10 no @ modifiers allowed before range");
  EXPECT_EQ(FaultOf("a[5m][1h:]"),
            "0-10 subquery is only allowed on instant vector, got matrix instead");
  EXPECT_EQ(FaultOf("1[1h:]"),
            "0-6 subquery is only allowed on instant vector, got scalar instead");
}

TEST(ParserFaults, Durations) {
  EXPECT_EQ(FaultOf("a[0]"), "2-3 duration must be greater than 0");
  EXPECT_EQ(FaultOf("a[-5m]"), "2-5 duration must be greater than 0");
  EXPECT_EQ(FaultOf("a[5m:0s]"), "5-7 duration must be greater than 0");
  EXPECT_EQ(FaultOf("a[1m1h]"), "2-6 not a valid duration string: \"1m1h\"");
  EXPECT_EQ(FaultOf("a[1hs]"), "2-5 unknown unit \"hs\" in duration \"1hs\"");
  EXPECT_EQ(FaultOf("a[300y]"), "2-6 duration out of range");
  EXPECT_EQ(FaultOf("a[1e12]"), "2-6 duration out of range");
  EXPECT_EQ(FaultOf("a offset -1e12"), "9-10 duration out of range");
  EXPECT_EQ(FaultOf("a offset NaN"), "9-12 duration out of range");
  EXPECT_EQ(FaultOf("a[1h / 0]"), "5-6 division by zero");
  EXPECT_EQ(FaultOf("a[1h % 0s]"), "5-6 modulo by zero");
  EXPECT_EQ(FaultOf("a[1h + max_of(1m)]"),
            "16-17 unexpected \")\" in subquery or range selector, expected number, duration, "
            "step(), or range()");
}

TEST(ParserFaults, Offsets) {
  EXPECT_EQ(FaultOf("a offset x"),
            "9-10 unexpected identifier \"x\" in offset, expected number, duration, step(), or "
            "range()");
  EXPECT_EQ(FaultOf("a offset 1m offset 2m"), "0-11 offset may not be set multiple times");
  EXPECT_EQ(FaultOf("a offset step() offset 1m"), "0-15 offset may not be set multiple times");
  EXPECT_EQ(FaultOf("1 offset 1m"),
            "0-1 offset modifier must be preceded by an instant vector selector or range vector "
            "selector or a subquery");
}

TEST(ParserFaults, EvaluationTimes) {
  EXPECT_EQ(FaultOf("a @ b"), "4-5 unexpected identifier \"b\" in @, expected timestamp");
  EXPECT_EQ(FaultOf("a @ start"), "9-9 unexpected end of input in @, expected timestamp");
  EXPECT_EQ(FaultOf("a @ -Inf"), "0-1 timestamp out of bounds for @ modifier: -Inf");
  EXPECT_EQ(FaultOf("a @ NaN"), "0-1 timestamp out of bounds for @ modifier: NaN");
  EXPECT_EQ(FaultOf("a @ 1e19"),
            "0-1 timestamp out of bounds for @ modifier: 10000000000000000000.000000");
  EXPECT_EQ(FaultOf("a @ 1 @ 2"), "0-5 @ <timestamp> may not be set multiple times");
  EXPECT_EQ(FaultOf("a @ start() @ end()"), "0-11 @ <timestamp> may not be set multiple times");
  EXPECT_EQ(
      FaultOf("sum(a) @ 1"),
      "0-6 @ modifier must be preceded by an instant vector selector or range vector selector "
      "or a subquery");
}

TEST(ParserFaults, Extensions) {
  EXPECT_EQ(FaultOf("a anchored smoothed"),
            "0-1 anchored and smoothed modifiers cannot be used together");
  EXPECT_EQ(FaultOf("a[5m:] smoothed"), "0-6 smoothed modifier is not supported for subqueries");
  EXPECT_EQ(FaultOf("abs(a) anchored"), "0-6 anchored modifier not implemented");
}

TEST(ParserFaults, Numbers) {
  EXPECT_EQ(FaultOf("1e999"),
            "0-5 error parsing number: strconv.ParseFloat: parsing \"1e999\": value out of range");
  EXPECT_EQ(FaultOf("1 + 1_)"),
            "4-6 error parsing number: strconv.ParseFloat: parsing \"1_\": invalid syntax");
  EXPECT_EQ(FaultOf("0x"),
            "0-2 error parsing number: strconv.ParseFloat: parsing \"0x\": invalid syntax");
}

TEST(ParserLimits, TooLong) {
  const std::string query(kMaxQueryBytes + 1, ' ');
  EXPECT_EQ(FaultOf(query), "0-0 query is too long: 1048577 bytes, at most 1048576 are allowed");
}

TEST(ParserLimits, TooManyTerms) {
  std::string query = "a";
  for (int i = 0; i < kMaxTreeHeight; ++i) query += "+a";
  EXPECT_NE(FaultOf(query).find("expression has too many terms"), std::string::npos);
}

TEST(ParserLimits, TooDeep) {
  for (const std::string_view piece : {"(", "-", "abs(", "1^", "sum by (x) (", "a[("}) {
    std::string query;
    for (int i = 0; i < 100'000; ++i) query += piece;
    const std::string fault = FaultOf(query.substr(0, kMaxQueryBytes));
    EXPECT_FALSE(fault.empty()) << piece;
  }
  EXPECT_NE(FaultOf(std::string(100'000, '(')).find("expression is nested too deeply"),
            std::string::npos);
}

}  // namespace
}  // namespace tidegate::promql
