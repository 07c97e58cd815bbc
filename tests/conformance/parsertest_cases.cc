#include "tests/conformance/parsertest_cases.h"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "query/promql/syntax/lex/lexer.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/prettier.h"
#include "query/promql/syntax/render/printer.h"
#include "query/promql/syntax/series/series_description.h"
#include "tests/conformance/parsertest_tokens.h"

namespace tidegate::conformance {
namespace {

using promql::Lexer;
using promql::Token;
using promql::TokenType;

constexpr size_t kPrettierWidth = 10;

std::optional<std::string> TextField(const boost::json::object& test, const char* key) {
  const boost::json::value* value = test.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->as_string());
}

bool BoolField(const boost::json::object& test, const char* key) {
  const boost::json::value* value = test.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

const boost::json::array* ArrayField(const boost::json::object& test, const char* key) {
  const boost::json::value* value = test.if_contains(key);
  return value != nullptr ? value->if_array() : nullptr;
}

std::string_view KindName(promql::NodeKind kind) {
  switch (kind) {
    case promql::NodeKind::kNumberLiteral:
      return "NumberLiteral";
    case promql::NodeKind::kStringLiteral:
      return "StringLiteral";
    case promql::NodeKind::kVectorSelector:
      return "VectorSelector";
    case promql::NodeKind::kMatrixSelector:
      return "MatrixSelector";
    case promql::NodeKind::kSubquery:
      return "SubqueryExpr";
    case promql::NodeKind::kCall:
      return "Call";
    case promql::NodeKind::kAggregate:
      return "AggregateExpr";
    case promql::NodeKind::kBinary:
      return "BinaryExpr";
    case promql::NodeKind::kUnary:
      return "UnaryExpr";
    case promql::NodeKind::kParen:
      return "ParenExpr";
    case promql::NodeKind::kDuration:
      return "DurationExpr";
  }
  return "";
}

// Positions that are null in the case are not compared.
bool PositionMatches(const boost::json::value& wanted, int32_t got) {
  return wanted.is_null() || (wanted.is_int64() && wanted.as_int64() == got);
}

CaseResult CompareError(const boost::json::value& wanted, const promql::ParseError& got) {
  const boost::json::array* fields = wanted.if_array();
  if (fields == nullptr || fields->size() != 3 || !fields->at(2).is_string()) {
    return "malformed case: an error is [start, end, message]";
  }
  const std::string message(fields->at(2).as_string());
  if (message == got.message && PositionMatches(fields->at(0), got.position.start) &&
      PositionMatches(fields->at(1), got.position.end)) {
    return std::nullopt;
  }
  return fmt::format("expected error {}, got [{},{},\"{}\"]", boost::json::serialize(wanted),
                     got.position.start, got.position.end, got.message);
}

CaseResult CheckSeries(const std::string& input, bool should_fail) {
  const auto series = promql::ParseSeriesDescription(input);
  if (series.ok() != should_fail) return std::nullopt;
  if (should_fail) return "series description parses, expected it to fail";
  return fmt::format("series description fails: {}", series.status().ToString());
}

// The token names, starts and texts of an input; ends with "ERROR" if it does not lex.
std::vector<TokenFields> LexAll(std::string_view input, Lexer::Language language) {
  std::vector<TokenFields> tokens;
  Lexer lexer(input, language);
  while (true) {
    const Token token = lexer.Next();
    if (token.type == TokenType::kEndOfInput) return tokens;
    tokens.push_back(FieldsOf(token));
  }
}

CaseResult CompareTokens(std::string_view input, const std::vector<TokenFields>& wanted,
                         Lexer::Language language) {
  const std::vector<TokenFields> got = LexAll(input, language);
  if (got == wanted) return std::nullopt;
  return fmt::format("`{}` lexes as {}, expected {}", input, ToString(got), ToString(wanted));
}

// `fail` is that of any input of the case: the first one either gives the first tokens or does not
// lex.
CaseResult CheckFirstInput(const std::string& input, bool some_fail,
                           const std::vector<TokenFields>& wanted, Lexer::Language language) {
  const std::vector<TokenFields> got = LexAll(input, language);
  const bool failed = !got.empty() && got.back().type == "ERROR";
  if (failed && some_fail) return std::nullopt;
  const bool is_prefix =
      got.size() <= wanted.size() && std::equal(got.begin(), got.end(), wanted.begin());
  if (!failed && is_prefix) return std::nullopt;
  return fmt::format("`{}` lexes as {}", input, ToString(got));
}

CaseResult CompareText(const boost::json::object& test,
                       std::string (*print)(const promql::Expr& expr)) {
  const std::optional<std::string> input = TextField(test, "in");
  const std::optional<std::string> wanted = TextField(test, "out");
  if (!input.has_value() || !wanted.has_value()) return "malformed case: no in or out";
  const auto expr = promql::ParseExpr(*input);
  if (!expr.ok()) return expr.status().ToString();
  const std::string got = print(**expr);
  if (got == *wanted) return std::nullopt;
  return fmt::format("expected:\n{}\ngot:\n{}", *wanted, got);
}

}  // namespace

CaseResult CheckParseCase(const boost::json::object& test) {
  const std::optional<std::string> input = TextField(test, "input");
  const boost::json::array* errors = ArrayField(test, "errors");
  if (!input.has_value() || errors == nullptr) return "malformed case: no input or errors";
  const bool should_fail = BoolField(test, "fail");
  const std::optional<std::string> top = TextField(test, "top");
  if (errors->empty() && !top.has_value()) return CheckSeries(*input, should_fail);

  promql::ParseError error;
  const std::unique_ptr<const promql::Expr> expr = promql::ParseExpression(*input, &error);
  if (expr == nullptr) {
    if (!should_fail) return fmt::format("fails: {}", error.message);
    return CompareError(errors->at(0), error);
  }
  if (should_fail) {
    return fmt::format("parses, expected error {}", boost::json::serialize(errors->at(0)));
  }
  if (KindName(expr->kind()) == top) return std::nullopt;
  return fmt::format("parses as {}, expected {}", KindName(expr->kind()), top.value_or("nothing"));
}

CaseResult CheckLexCase(const boost::json::object& test) {
  const std::optional<std::string> input = TextField(test, "input");
  const boost::json::array* array = ArrayField(test, "tokens");
  if (!input.has_value() || array == nullptr) return "malformed case: no input or tokens";
  const std::optional<std::vector<TokenFields>> wanted = ReadTokens(*array);
  if (!wanted.has_value()) return "malformed case: a token is [type, start, text]";
  const Lexer::Language language = BoolField(test, "seriesDesc")
                                       ? Lexer::Language::kSeriesDescription
                                       : Lexer::Language::kExpression;
  CaseResult result = CheckFirstInput(*input, BoolField(test, "fail"), *wanted, language);
  if (result.has_value()) return result;
  for (const std::vector<TokenFields>& tokens : SplitInputs(*wanted)) {
    result = CompareTokens(RebuildInput(tokens), tokens, language);
    if (result.has_value()) return result;
  }
  return std::nullopt;
}

CaseResult CheckPrinterCase(const boost::json::object& test) {
  return CompareText(test, [](const promql::Expr& expr) { return promql::ToString(expr); });
}

CaseResult CheckPrettierCase(const boost::json::object& test) {
  return CompareText(
      test, [](const promql::Expr& expr) { return promql::Prettify(expr, kPrettierWidth); });
}

}  // namespace tidegate::conformance
