#include "query/promql/syntax/parse/expression_parser.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/duration_text.h"
#include "query/promql/syntax/lex/number_text.h"
#include "query/promql/syntax/lex/quoting.h"
#include "query/promql/syntax/limits.h"

namespace tidegate::promql {

ExpressionParser::NestingGuard::NestingGuard(ExpressionParser* parser) : parser_(parser) {
  ok_ = ++parser_->nesting_ <= kMaxNesting;
  if (!ok_) {
    parser_->reader_.Fail(PositionOf(parser_->reader_.Peek()), "expression is nested too deeply");
  }
}

ExpressionParser::ExpressionParser(std::string_view text)
    : reader_(text, Lexer::Language::kExpression) {}

ExprPtr ExpressionParser::ParseExpression() {
  if (reader_.NextIs(TokenType::kEndOfInput)) {
    reader_.Fail(PositionRange{}, "no expression found in input");
    return nullptr;
  }
  ExprPtr expr = ParseBinary(kOr);
  if (expr == nullptr || !reader_.Expect(TokenType::kEndOfInput).has_value()) return nullptr;
  return expr;
}

std::unique_ptr<VectorSelector> ExpressionParser::ParseSelector() {
  std::optional<Token> name;
  if (CanBeMetricName(reader_.Peek().type)) name = reader_.Take();
  std::unique_ptr<VectorSelector> selector = ParseVectorSelector(name);
  if (selector == nullptr || !reader_.Expect(TokenType::kEndOfInput).has_value()) return nullptr;
  return selector;
}

std::optional<ExpressionParser::BinaryOperator> ExpressionParser::BinaryOperatorOf(TokenType type) {
  switch (type) {
    case TokenType::kOr:
      return BinaryOperator{BinaryOp::kOr, kOr};
    case TokenType::kAnd:
      return BinaryOperator{BinaryOp::kAnd, kAnd};
    case TokenType::kUnless:
      return BinaryOperator{BinaryOp::kUnless, kAnd};
    case TokenType::kEqualEqual:
      return BinaryOperator{BinaryOp::kEqual, kComparison};
    case TokenType::kNotEqual:
      return BinaryOperator{BinaryOp::kNotEqual, kComparison};
    case TokenType::kLess:
      return BinaryOperator{BinaryOp::kLess, kComparison};
    case TokenType::kLessOrEqual:
      return BinaryOperator{BinaryOp::kLessOrEqual, kComparison};
    case TokenType::kGreater:
      return BinaryOperator{BinaryOp::kGreater, kComparison};
    case TokenType::kGreaterOrEqual:
      return BinaryOperator{BinaryOp::kGreaterOrEqual, kComparison};
    case TokenType::kTrimUpper:
      return BinaryOperator{BinaryOp::kTrimUpper, kComparison};
    case TokenType::kTrimLower:
      return BinaryOperator{BinaryOp::kTrimLower, kComparison};
    case TokenType::kAdd:
      return BinaryOperator{BinaryOp::kAdd, kAdditive};
    case TokenType::kSub:
      return BinaryOperator{BinaryOp::kSub, kAdditive};
    case TokenType::kMul:
      return BinaryOperator{BinaryOp::kMul, kMultiplicative};
    case TokenType::kDiv:
      return BinaryOperator{BinaryOp::kDiv, kMultiplicative};
    case TokenType::kMod:
      return BinaryOperator{BinaryOp::kMod, kMultiplicative};
    case TokenType::kAtan2:
      return BinaryOperator{BinaryOp::kAtan2, kMultiplicative};
    case TokenType::kPow:
      return BinaryOperator{BinaryOp::kPow, kPower};
    default:
      return std::nullopt;
  }
}

std::optional<AggregateOp> ExpressionParser::AggregateOpOf(TokenType type) {
  switch (type) {
    case TokenType::kAvg:
      return AggregateOp::kAvg;
    case TokenType::kBottomK:
      return AggregateOp::kBottomK;
    case TokenType::kCount:
      return AggregateOp::kCount;
    case TokenType::kCountValues:
      return AggregateOp::kCountValues;
    case TokenType::kGroup:
      return AggregateOp::kGroup;
    case TokenType::kLimitK:
      return AggregateOp::kLimitK;
    case TokenType::kLimitRatio:
      return AggregateOp::kLimitRatio;
    case TokenType::kMax:
      return AggregateOp::kMax;
    case TokenType::kMin:
      return AggregateOp::kMin;
    case TokenType::kQuantile:
      return AggregateOp::kQuantile;
    case TokenType::kStddev:
      return AggregateOp::kStddev;
    case TokenType::kStdvar:
      return AggregateOp::kStdvar;
    case TokenType::kSum:
      return AggregateOp::kSum;
    case TokenType::kTopK:
      return AggregateOp::kTopK;
    default:
      return std::nullopt;
  }
}

ExprPtr ExpressionParser::ParseBinary(int min_precedence) {
  const NestingGuard guard(this);
  if (!guard.ok()) return nullptr;
  ExprPtr lhs = ParseUnary();
  while (lhs != nullptr) {
    const std::optional<BinaryOperator> found = BinaryOperatorOf(reader_.Peek().type);
    if (!found.has_value() || found->precedence < min_precedence) break;
    reader_.Take();
    auto node = std::make_unique<BinaryExpr>();
    node->op = found->op;
    if (!ParseBinaryModifiers(node.get())) return nullptr;
    // Power is right-associative, everything else left-associative.
    ExprPtr rhs = ParseBinary(found->precedence == kPower ? kPower : found->precedence + 1);
    if (rhs == nullptr || !MeasureHeight(node.get(), {lhs.get(), rhs.get()})) return nullptr;
    node->position = Merge(lhs->position, rhs->position);
    node->lhs = std::move(lhs);
    node->rhs = std::move(rhs);
    lhs = std::move(node);
  }
  if (reader_.failed()) return nullptr;
  return lhs;
}

// A sign binds tighter than `*` but looser than `^`: -1 ^ 2 is -(1 ^ 2).
ExprPtr ExpressionParser::ParseUnary() {
  const TokenType type = reader_.Peek().type;
  if (type != TokenType::kAdd && type != TokenType::kSub) return ParsePostfix(ParsePrimary());
  const Token sign = reader_.Take();
  ExprPtr operand = ParseBinary(kPower);
  if (operand == nullptr) return nullptr;
  const PositionRange position{.start = sign.start, .end = operand->position.end};
  if (auto* number = If<NumberLiteral>(operand.get())) {
    if (type == TokenType::kSub) number->value = -number->value;
    number->position = position;
    return operand;
  }
  auto node = std::make_unique<UnaryExpr>();
  if (!MeasureHeight(node.get(), {operand.get()})) return nullptr;
  node->position = position;
  node->negate = type == TokenType::kSub;
  node->expr = std::move(operand);
  return node;
}

ExprPtr ExpressionParser::ParsePrimary() {
  switch (reader_.Peek().type) {
    case TokenType::kNumber:
    case TokenType::kDuration:
      return ParseNumberLiteral();
    case TokenType::kString:
      return ParseStringLiteral();
    case TokenType::kLeftParen:
      return ParseParen();
    case TokenType::kLeftBrace:
      return ParseVectorSelector(std::nullopt);
    default:
      return ParseNamed();
  }
}

ExprPtr ExpressionParser::ParseParen() {
  const Token open = reader_.Take();
  auto node = std::make_unique<ParenExpr>();
  node->expr = ParseBinary(kOr);
  if (node->expr == nullptr) return nullptr;
  const std::optional<Token> close = reader_.Expect(TokenType::kRightParen);
  if (!close.has_value() || !MeasureHeight(node.get(), {node->expr.get()})) return nullptr;
  node->position = Merge(PositionOf(open), PositionOf(*close));
  return node;
}

// What starts with a word: an aggregation, a call or a selector. Most keywords are names too,
// unless what follows says otherwise.
ExprPtr ExpressionParser::ParseNamed() {
  if (!CanBeMetricName(reader_.Peek().type)) {
    reader_.Unexpected();
    return nullptr;
  }
  const Token name = reader_.Take();
  const TokenType next = reader_.Peek().type;
  if (const std::optional<AggregateOp> op = AggregateOpOf(name.type); op.has_value()) {
    const bool applied =
        next == TokenType::kLeftParen || next == TokenType::kBy || next == TokenType::kWithout;
    return applied ? ParseAggregate(name, *op) : ParseVectorSelector(name);
  }
  const bool callable = name.type == TokenType::kIdentifier ||
                        (name.type >= TokenType::kStart && name.type <= TokenType::kMaxOf);
  if (callable && next == TokenType::kLeftParen) return ParseCall(name);
  return ParseVectorSelector(name);
}

ExprPtr ExpressionParser::ParseCall(const Token& name) {
  auto node = std::make_unique<Call>();
  if (!ParseArguments(&node->args)) return nullptr;
  node->function = FindFunction(name.text);
  if (node->function == nullptr) {
    reader_.Fail(PositionOf(name),
                 fmt::format("unknown function with name {}", model::Quoted(name.text)));
    return nullptr;
  }
  if (!MeasureHeight(node.get(), node->args)) return nullptr;
  node->position = PositionRange{.start = name.start, .end = reader_.last_closing()};
  return node;
}

// op [by|without (labels)] (args), or with the clause behind.
ExprPtr ExpressionParser::ParseAggregate(const Token& name, AggregateOp op) {
  const TokenReader::InContext context(&reader_, {.place = "aggregation", .expected = ""});
  auto node = std::make_unique<AggregateExpr>();
  node->op = op;
  const auto parse_clause = [&] {
    const TokenType type = reader_.Peek().type;
    if (type != TokenType::kBy && type != TokenType::kWithout) return false;
    reader_.Take();
    node->without = type == TokenType::kWithout;
    return ParseGroupingLabels(&node->grouping);
  };
  std::vector<ExprPtr> args;
  const bool clause_in_front = parse_clause();
  if (!ParseArguments(&args)) return nullptr;
  // The body's end, unless a clause behind moves it.
  int32_t end = reader_.last_closing();
  if (!clause_in_front && parse_clause()) end = reader_.last_closing();
  if (reader_.failed()) return nullptr;
  node->position = PositionRange{.start = name.start, .end = end};
  return FinishAggregate(std::move(node), std::move(args));
}

ExprPtr ExpressionParser::FinishAggregate(std::unique_ptr<AggregateExpr> node,
                                          std::vector<ExprPtr> args) {
  if (args.empty()) {
    reader_.Fail(node->position, "no arguments for aggregate expression provided");
    return nullptr;
  }
  const size_t wanted = TakesParameter(node->op) ? 2 : 1;
  if (args.size() != wanted) {
    reader_.Fail(node->position,
                 fmt::format("wrong number of arguments for aggregate expression provided, "
                             "expected {}, got {}",
                             wanted, args.size()));
    return nullptr;
  }
  if (!MeasureHeight(node.get(), args)) return nullptr;
  if (wanted == 2) node->param = std::move(args.front());
  node->expr = std::move(args.back());
  return node;
}

bool ExpressionParser::ParseArguments(std::vector<ExprPtr>* args) {
  if (!reader_.Expect(TokenType::kLeftParen).has_value()) return false;
  if (reader_.TakeIf(TokenType::kRightParen)) return true;
  while (true) {
    ExprPtr arg = ParseBinary(kOr);
    if (arg == nullptr) return false;
    args->push_back(std::move(arg));
    if (!reader_.NextIs(TokenType::kComma)) {
      return reader_.Expect(TokenType::kRightParen).has_value();
    }
    const Token comma = reader_.Take();
    if (!CanStartExpression()) {
      return reader_.Fail(PositionOf(comma), "trailing commas not allowed in function call args");
    }
  }
}

bool ExpressionParser::CanStartExpression() {
  const TokenType type = reader_.Peek().type;
  switch (type) {
    case TokenType::kNumber:
    case TokenType::kDuration:
    case TokenType::kString:
    case TokenType::kLeftParen:
    case TokenType::kLeftBrace:
    case TokenType::kAdd:
    case TokenType::kSub:
      return true;
    default:
      return CanBeMetricName(type);
  }
}

ExprPtr ExpressionParser::ParseStringLiteral() {
  const Token token = reader_.Take();
  std::optional<std::string> value = UnquoteToken(token);
  if (!value.has_value()) return nullptr;
  auto node = std::make_unique<StringLiteral>();
  node->position = PositionOf(token);
  node->value = *std::move(value);
  return node;
}

std::unique_ptr<NumberLiteral> ExpressionParser::ParseNumberLiteral() {
  const Token token = reader_.Take();
  auto node = std::make_unique<NumberLiteral>();
  node->position = PositionOf(token);
  node->written_as_duration = token.type == TokenType::kDuration;
  if (node->written_as_duration) {
    const absl::StatusOr<int64_t> ms = ParseDurationMs(token.text);
    if (!ms.ok()) {
      reader_.Fail(node->position, std::string(ms.status().message()));
      return nullptr;
    }
    node->value = static_cast<double>(*ms / 1000) + static_cast<double>(*ms % 1000) / 1000;
    return node;
  }
  const absl::StatusOr<double> value = ParseNumber(token.text);
  if (!value.ok()) {
    const absl::string_view reason = value.status().message();
    reader_.Fail(node->position, fmt::format("error parsing number: {}",
                                             std::string_view(reason.data(), reason.size())));
    return nullptr;
  }
  node->value = *value;
  return node;
}

std::optional<std::string> ExpressionParser::UnquoteToken(const Token& token) {
  std::optional<std::string> value = Unquote(token.text);
  if (!value.has_value()) {
    reader_.Fail(PositionOf(token), fmt::format("error unquoting string {}: invalid syntax",
                                                model::Quoted(token.text)));
  }
  return value;
}

bool ExpressionParser::MeasureHeight(Expr* node, std::initializer_list<const Expr*> children) {
  for (const Expr* child : children) {
    if (child != nullptr) node->height = std::max(node->height, child->height + 1);
  }
  if (node->height <= kMaxTreeHeight) return true;
  return reader_.Fail(PositionOf(reader_.Peek()), "expression has too many terms");
}

bool ExpressionParser::MeasureHeight(Expr* node, const std::vector<ExprPtr>& children) {
  for (const ExprPtr& child : children) {
    if (!MeasureHeight(node, {child.get()})) return false;
  }
  return true;
}

}  // namespace tidegate::promql
