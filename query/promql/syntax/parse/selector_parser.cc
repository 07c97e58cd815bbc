// Selectors, and what may follow one: [range], [range:step], offset, @, anchored, smoothed.
#include <cmath>
#include <limits>
#include <utility>

#include "fmt/format.h"
#include "query/promql/syntax/parse/expression_parser.h"
#include "query/promql/syntax/parse/regex_check.h"

namespace tidegate::promql {
namespace {

constexpr std::string_view kMetricNameLabel = "__name__";

constexpr std::string_view kDurationForms = "number, duration, step(), or range()";

model::MatchType MatchTypeOf(TokenType op) {
  switch (op) {
    case TokenType::kNotEqual:
      return model::MatchType::kNotEqual;
    case TokenType::kRegexEqual:
      return model::MatchType::kRegex;
    case TokenType::kRegexNotEqual:
      return model::MatchType::kNotRegex;
    default:
      return model::MatchType::kEqual;
  }
}

bool IsMatchOperator(TokenType type) {
  return type == TokenType::kEqual || type == TokenType::kNotEqual ||
         type == TokenType::kRegexEqual || type == TokenType::kRegexNotEqual;
}

// Go prints infinities with their sign in %f.
std::string FormatFixed(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{:f}", value);
}

// Rounded half away from zero; what does not fit stays at the end of the range.
int64_t SecondsToMs(double seconds) {
  const double ms = std::round(seconds * 1000);
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (ms >= kLimit) return std::numeric_limits<int64_t>::max();
  if (ms < -kLimit) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(ms);
}

// The selector inside `expr` that carries its modifiers, or nullptr.
VectorSelector* SelectorOf(Expr* expr) {
  if (auto* matrix = If<MatrixSelector>(expr)) return matrix->selector.get();
  return If<VectorSelector>(expr);
}

TimeModifiers* TimeModifiersOf(Expr* expr) {
  if (auto* subquery = If<SubqueryExpr>(expr)) return &subquery->time;
  VectorSelector* selector = SelectorOf(expr);
  return selector != nullptr ? &selector->time : nullptr;
}

bool HasOffset(const TimeModifiers& time) {
  return time.offset.ms != 0 || time.offset.expr != nullptr;
}

bool HasAt(const TimeModifiers& time) {
  return time.timestamp_ms.has_value() || time.anchor != AtAnchor::kNone;
}

}  // namespace

// `name`, if given, has been consumed.
std::unique_ptr<VectorSelector> ExpressionParser::ParseVectorSelector(std::optional<Token> name) {
  auto node = std::make_unique<VectorSelector>();
  if (name.has_value()) node->position = PositionOf(*name);
  if (!name.has_value() || reader_.NextIs(TokenType::kLeftBrace)) {
    if (!ParseMatchers(node.get())) return nullptr;
    if (name.has_value()) node->position.start = name->start;
  }
  if (name.has_value()) {
    node->name = name->text;
    node->matchers.push_back(model::Matcher{.type = model::MatchType::kEqual,
                                            .name = std::string(kMetricNameLabel),
                                            .value = node->name});
  }
  if (reader_.failed()) return nullptr;
  return node;
}

bool ExpressionParser::ParseMatchers(VectorSelector* selector) {
  const std::optional<Token> open = reader_.Expect(TokenType::kLeftBrace);
  if (!open.has_value()) return false;
  constexpr std::string_view kPlace = "label matching";
  TokenReader::InContext context(&reader_, {.place = kPlace, .expected = "identifier or \"}\""});
  while (!reader_.NextIs(TokenType::kRightBrace)) {
    if (!ParseMatcher(&selector->matchers)) return false;
    context.Set({.place = kPlace, .expected = "\",\" or \"}\""});
    if (reader_.NextIs(TokenType::kRightBrace)) break;
    if (!reader_.Expect(TokenType::kComma).has_value()) return false;
    context.Set({.place = kPlace, .expected = "identifier or \"}\""});
  }
  const Token close = reader_.Take();
  selector->position = Merge(PositionOf(*open), PositionOf(close));
  return !reader_.failed();
}

// label op "value", "quoted label" op "value", or "quoted metric name".
bool ExpressionParser::ParseMatcher(std::vector<model::Matcher>* matchers) {
  if (reader_.NextIs(TokenType::kString)) {
    const Token token = reader_.Take();
    std::optional<std::string> name = UnquoteToken(token);
    if (!name.has_value()) return false;
    if (IsMatchOperator(reader_.Peek().type)) {
      return ParseMatcherValue(token, *std::move(name), reader_.Take(), matchers);
    }
    matchers->push_back(model::Matcher{.type = model::MatchType::kEqual,
                                       .name = std::string(kMetricNameLabel),
                                       .value = *std::move(name)});
    return !reader_.failed();
  }
  const std::optional<Token> label = reader_.Expect(TokenType::kIdentifier);
  if (!label.has_value()) return false;
  const TokenReader::InContext context(
      &reader_, {.place = "label matching", .expected = "label matching operator"});
  if (!IsMatchOperator(reader_.Peek().type)) return reader_.Unexpected();
  return ParseMatcherValue(*label, std::string(label->text), reader_.Take(), matchers);
}

bool ExpressionParser::ParseMatcherValue(const Token& name_token, std::string name, const Token& op,
                                         std::vector<model::Matcher>* matchers) {
  const TokenReader::InContext context(&reader_, {.place = "label matching", .expected = "string"});
  const std::optional<Token> token = reader_.Expect(TokenType::kString);
  if (!token.has_value()) return false;
  std::optional<std::string> value = UnquoteToken(*token);
  if (!value.has_value()) return false;
  const model::MatchType type = MatchTypeOf(op.type);
  if (type == model::MatchType::kRegex || type == model::MatchType::kNotRegex) {
    const absl::Status status = CheckRegex(*value);
    if (!status.ok()) {
      return reader_.Fail(Merge(PositionOf(name_token), PositionOf(*token)),
                          std::string(status.message()));
    }
  }
  matchers->push_back(
      model::Matcher{.type = type, .name = std::move(name), .value = *std::move(value)});
  return true;
}

// Modifiers in any order and number; what does not fit together is refused one by one.
ExprPtr ExpressionParser::ParsePostfix(ExprPtr expr) {
  while (expr != nullptr) {
    bool ok = true;
    switch (reader_.Peek().type) {
      case TokenType::kLeftBracket:
        expr = ParseBrackets(std::move(expr));
        break;
      case TokenType::kOffset:
        ok = ParseOffset(expr.get());
        break;
      case TokenType::kAt:
        ok = ParseAt(expr.get());
        break;
      case TokenType::kAnchored:
      case TokenType::kSmoothed:
        ok = ParseExtension(expr.get());
        break;
      default:
        return expr;
    }
    if (!ok) return nullptr;
  }
  return nullptr;
}

ExprPtr ExpressionParser::ParseBrackets(ExprPtr expr) {
  TokenReader::InContext context(
      &reader_, {.place = "subquery or range selector", .expected = kDurationForms});
  const Token open = reader_.Take();
  std::optional<DurationSpec> range = ParsePositiveDuration();
  if (!range.has_value()) return nullptr;
  context.Set({.place = "subquery or range", .expected = "\":\" or \"]\""});
  if (!reader_.TakeIf(TokenType::kColon)) {
    const std::optional<Token> close = reader_.Expect(TokenType::kRightBracket);
    if (!close.has_value()) return nullptr;
    return FinishRange(std::move(expr), Merge(PositionOf(open), PositionOf(*close)),
                       *std::move(range));
  }
  auto node = std::make_unique<SubqueryExpr>();
  context.Set(
      {.place = "subquery selector", .expected = "number, duration, step(), range(), or \"]\""});
  if (!reader_.NextIs(TokenType::kRightBracket)) {
    std::optional<DurationSpec> step = ParsePositiveDuration();
    if (!step.has_value()) return nullptr;
    node->step = *std::move(step);
    context.Set({.place = "subquery selector", .expected = "\"]\""});
  }
  const std::optional<Token> close = reader_.Expect(TokenType::kRightBracket);
  if (!close.has_value() || !MeasureHeight(node.get(), {expr.get()})) return nullptr;
  node->position = PositionRange{.start = expr->position.start, .end = close->end()};
  node->expr = std::move(expr);
  node->range = *std::move(range);
  return node;
}

ExprPtr ExpressionParser::FinishRange(ExprPtr expr, PositionRange brackets, DurationSpec range) {
  auto* selector = If<VectorSelector>(expr.get());
  std::string_view fault;
  if (selector == nullptr) {
    fault = "ranges only allowed for vector selectors";
  } else if (HasOffset(selector->time)) {
    fault = "no offset modifiers allowed before range";
  } else if (HasAt(selector->time)) {
    fault = "no @ modifiers allowed before range";
  }
  if (!fault.empty()) {
    reader_.Fail(brackets, std::string(fault));
    return nullptr;
  }
  auto node = std::make_unique<MatrixSelector>();
  if (!MeasureHeight(node.get(), {selector})) return nullptr;
  node->position = Merge(selector->position, brackets);
  node->range = std::move(range);
  expr.release();
  node->selector.reset(selector);
  return node;
}

bool ExpressionParser::ParseOffset(Expr* expr) {
  const TokenReader::InContext context(&reader_, {.place = "offset", .expected = kDurationForms});
  reader_.Take();
  ExprPtr duration = ParseOffsetDuration();
  if (duration == nullptr) return false;
  TimeModifiers* time = TimeModifiersOf(expr);
  if (time == nullptr) {
    return reader_.Fail(expr->position,
                        "offset modifier must be preceded by an instant vector selector or range "
                        "vector selector or a subquery");
  }
  if (HasOffset(*time)) {
    return reader_.Fail(expr->position, "offset may not be set multiple times");
  }
  time->offset = ToSpec(std::move(duration));
  expr->position.end = reader_.last_closing();
  return true;
}

// @ <number>, @ start(), @ end().
bool ExpressionParser::ParseAt(Expr* expr) {
  const TokenReader::InContext context(&reader_, {.place = "@", .expected = "timestamp"});
  reader_.Take();
  const TokenType type = reader_.Peek().type;
  if (type == TokenType::kStart || type == TokenType::kEnd) {
    reader_.Take();
    if (!reader_.Expect(TokenType::kLeftParen).has_value() ||
        !reader_.Expect(TokenType::kRightParen).has_value()) {
      return false;
    }
    TimeModifiers* time = AtTarget(expr);
    if (time == nullptr) return false;
    time->anchor = type == TokenType::kStart ? AtAnchor::kStart : AtAnchor::kEnd;
    expr->position.end = reader_.last_closing();
    return true;
  }
  const bool negative = type == TokenType::kSub;
  if (negative || type == TokenType::kAdd) reader_.Take();
  if (!reader_.NextIs(TokenType::kNumber) && !reader_.NextIs(TokenType::kDuration)) {
    return reader_.Unexpected();
  }
  const std::unique_ptr<NumberLiteral> number = ParseNumberLiteral();
  if (number == nullptr) return false;
  return SetTimestamp(expr, negative ? -number->value : number->value);
}

bool ExpressionParser::SetTimestamp(Expr* expr, double seconds) {
  // Prometheus compares seconds with the limits of 64-bit integers.
  if (!(std::abs(seconds) < 9223372036854775808.0)) {
    return reader_.Fail(expr->position, fmt::format("timestamp out of bounds for @ modifier: {}",
                                                    FormatFixed(seconds)));
  }
  TimeModifiers* time = AtTarget(expr);
  if (time == nullptr) return false;
  time->timestamp_ms = SecondsToMs(seconds);
  expr->position.end = reader_.last_closing();
  return true;
}

// What an @ modifier applies to; nullptr after a fault.
TimeModifiers* ExpressionParser::AtTarget(Expr* expr) {
  TimeModifiers* time = TimeModifiersOf(expr);
  if (time == nullptr) {
    reader_.Fail(expr->position,
                 "@ modifier must be preceded by an instant vector selector or range vector "
                 "selector or a subquery");
    return nullptr;
  }
  if (HasAt(*time)) {
    reader_.Fail(expr->position, "@ <timestamp> may not be set multiple times");
    return nullptr;
  }
  return time;
}

bool ExpressionParser::ParseExtension(Expr* expr) {
  const bool anchored = reader_.Take().type == TokenType::kAnchored;
  const std::string_view word = anchored ? "anchored" : "smoothed";
  if (expr->kind() == NodeKind::kSubquery) {
    return reader_.Fail(expr->position,
                        fmt::format("{} modifier is not supported for subqueries", word));
  }
  VectorSelector* selector = SelectorOf(expr);
  if (selector == nullptr) {
    return reader_.Fail(expr->position, fmt::format("{} modifier not implemented", word));
  }
  (anchored ? selector->anchored : selector->smoothed) = true;
  if (selector->anchored && selector->smoothed) {
    return reader_.Fail(expr->position, "anchored and smoothed modifiers cannot be used together");
  }
  return true;
}

}  // namespace tidegate::promql
