// Durations in brackets and after `offset`: numbers, durations, and arithmetic on them.
#include <cmath>
#include <limits>
#include <utility>

#include "query/promql/syntax/parse/expression_parser.h"

namespace tidegate::promql {
namespace {

// Durations are 63 bits of nanoseconds in Prometheus.
constexpr double kMaxSeconds = 9223372036854775808.0 / 1e9;

struct DurationOperator {
  DurationOp op;
  int precedence;  // as in the grammar of expressions
};

std::optional<DurationOperator> DurationOperatorOf(TokenType type) {
  switch (type) {
    case TokenType::kAdd:
      return DurationOperator{DurationOp::kAdd, 4};
    case TokenType::kSub:
      return DurationOperator{DurationOp::kSub, 4};
    case TokenType::kMul:
      return DurationOperator{DurationOp::kMul, 5};
    case TokenType::kDiv:
      return DurationOperator{DurationOp::kDiv, 5};
    case TokenType::kMod:
      return DurationOperator{DurationOp::kMod, 5};
    case TokenType::kPow:
      return DurationOperator{DurationOp::kPow, 6};
    default:
      return std::nullopt;
  }
}

constexpr int kLowestPrecedence = 4;
constexpr int kPowerPrecedence = 6;

bool IsZero(const Expr& expr) {
  const auto* number = If<NumberLiteral>(&expr);
  return number != nullptr && number->value == 0;
}

// What the arithmetic would do at run time with a literal zero on its right; empty if all is well.
std::string_view ZeroFault(DurationOp op, const Expr& rhs) {
  if (!IsZero(rhs)) return "";
  if (op == DurationOp::kDiv) return "division by zero";
  if (op == DurationOp::kMod) return "modulo by zero";
  return "";
}

}  // namespace

std::optional<DurationSpec> ExpressionParser::ParsePositiveDuration() {
  ExprPtr duration = ParseDuration(kLowestPrecedence);
  if (duration == nullptr) return std::nullopt;
  const auto* number = If<NumberLiteral>(duration.get());
  if (number != nullptr && !(number->value > 0)) {
    reader_.Fail(number->position, "duration must be greater than 0");
    return std::nullopt;
  }
  return ToSpec(std::move(duration));
}

// Constants are rounded to nanoseconds and then cut to milliseconds, as Prometheus does.
DurationSpec ExpressionParser::ToSpec(ExprPtr duration) {
  DurationSpec spec;
  if (const auto* number = If<NumberLiteral>(duration.get())) {
    const double ns = std::round(number->value * 1e9);
    spec.ms = static_cast<int64_t>(ns / 1e6);
    return spec;
  }
  spec.expr.reset(static_cast<DurationExpr*>(duration.release()));
  return spec;
}

ExprPtr ExpressionParser::ParseDuration(int min_precedence) {
  const NestingGuard guard(this);
  if (!guard.ok()) return nullptr;
  ExprPtr lhs = ParseSignedDuration();
  while (lhs != nullptr) {
    const std::optional<DurationOperator> found = DurationOperatorOf(reader_.Peek().type);
    if (!found.has_value() || found->precedence < min_precedence) break;
    const Token op = reader_.Take();
    const bool power = found->precedence == kPowerPrecedence;
    ExprPtr rhs = ParseDuration(power ? kPowerPrecedence : found->precedence + 1);
    if (rhs == nullptr) return nullptr;
    if (const std::string_view fault = ZeroFault(found->op, *rhs); !fault.empty()) {
      reader_.Fail(PositionOf(op), std::string(fault));
      return nullptr;
    }
    auto node = std::make_unique<DurationExpr>();
    if (!MeasureHeight(node.get(), {lhs.get(), rhs.get()})) return nullptr;
    node->position = Merge(lhs->position, rhs->position);
    node->op = found->op;
    node->lhs = std::move(lhs);
    node->rhs = std::move(rhs);
    lhs = std::move(node);
  }
  if (reader_.failed()) return nullptr;
  return lhs;
}

ExprPtr ExpressionParser::ParseSignedDuration() {
  const TokenType type = reader_.Peek().type;
  if (type != TokenType::kAdd && type != TokenType::kSub) return ParseDurationOperand();
  const Token sign = reader_.Take();
  ExprPtr operand = ParseDuration(kPowerPrecedence);
  if (operand == nullptr) return nullptr;
  // A plus in front of an expression leaves no trace.
  if (type == TokenType::kAdd && operand->kind() == NodeKind::kDuration) return operand;
  return Negate(sign, std::move(operand));
}

// Applies a sign: a number takes it in, anything else gets a node.
ExprPtr ExpressionParser::Negate(const Token& sign, ExprPtr operand) {
  const bool minus = sign.type == TokenType::kSub;
  const PositionRange position{.start = sign.start, .end = operand->position.end};
  if (auto* number = If<NumberLiteral>(operand.get())) {
    if (minus) number->value = -number->value;
    number->position = position;
    operand.release();
    return CheckDurationRange(std::unique_ptr<NumberLiteral>(number), PositionOf(sign));
  }
  auto node = std::make_unique<DurationExpr>();
  if (!MeasureHeight(node.get(), {operand.get()})) return nullptr;
  node->position = position;
  node->op = minus ? DurationOp::kSub : DurationOp::kAdd;
  node->rhs = std::move(operand);
  return node;
}

ExprPtr ExpressionParser::CheckDurationRange(std::unique_ptr<NumberLiteral> literal,
                                             PositionRange blame) {
  // Written so that NaN is out of range, too.
  if (std::abs(literal->value) <= kMaxSeconds) return literal;
  reader_.Fail(blame, "duration out of range");
  return nullptr;
}

ExprPtr ExpressionParser::ParseDurationOperand() {
  switch (reader_.Peek().type) {
    case TokenType::kNumber:
    case TokenType::kDuration: {
      std::unique_ptr<NumberLiteral> number = ParseNumberLiteral();
      if (number == nullptr) return nullptr;
      const PositionRange position = number->position;
      return CheckDurationRange(std::move(number), position);
    }
    case TokenType::kStep:
    case TokenType::kRange:
    case TokenType::kMinOf:
    case TokenType::kMaxOf:
      return ParseDurationCall();
    case TokenType::kLeftParen:
      return ParseDurationParen();
    default:
      reader_.Unexpected();
      return nullptr;
  }
}

// step(), range(), min_of(a, b), max_of(a, b).
ExprPtr ExpressionParser::ParseDurationCall() {
  const Token word = reader_.Take();
  auto node = std::make_unique<DurationExpr>();
  if (!reader_.Expect(TokenType::kLeftParen).has_value()) return nullptr;
  if (word.type == TokenType::kStep || word.type == TokenType::kRange) {
    node->op = word.type == TokenType::kStep ? DurationOp::kStep : DurationOp::kRange;
  } else {
    node->op = word.type == TokenType::kMinOf ? DurationOp::kMinOf : DurationOp::kMaxOf;
    node->lhs = ParseDuration(kLowestPrecedence);
    if (node->lhs == nullptr || !reader_.Expect(TokenType::kComma).has_value()) return nullptr;
    node->rhs = ParseDuration(kLowestPrecedence);
    if (node->rhs == nullptr) return nullptr;
  }
  const std::optional<Token> close = reader_.Expect(TokenType::kRightParen);
  if (!close.has_value() || !MeasureHeight(node.get(), {node->lhs.get(), node->rhs.get()})) {
    return nullptr;
  }
  node->position = Merge(PositionOf(word), PositionOf(*close));
  return node;
}

// Parentheses are kept, so that the expression prints as it was written.
ExprPtr ExpressionParser::ParseDurationParen() {
  const Token open = reader_.Take();
  ExprPtr inner = ParseDuration(kLowestPrecedence);
  if (inner == nullptr) return nullptr;
  const std::optional<Token> close = reader_.Expect(TokenType::kRightParen);
  if (!close.has_value()) return nullptr;
  if (auto* expr = If<DurationExpr>(inner.get())) {
    expr->wrapped = true;  // more than one pair counts as one
    return inner;
  }
  auto node = std::make_unique<DurationExpr>();
  if (!MeasureHeight(node.get(), {inner.get()})) return nullptr;
  node->position = Merge(PositionOf(open), PositionOf(*close));
  node->op = DurationOp::kAdd;
  node->rhs = std::move(inner);
  node->wrapped = true;
  return node;
}

// After `offset`, arithmetic needs parentheses: `a offset 5m + b` adds b to a. A signed literal,
// call or parenthesis is complete; only an unsigned parenthesis may go on, as in Prometheus'
// grammar.
ExprPtr ExpressionParser::ParseOffsetDuration() {
  const TokenType type = reader_.Peek().type;
  if (type == TokenType::kLeftParen) return ParseDuration(kLowestPrecedence);
  if (type != TokenType::kAdd && type != TokenType::kSub) return ParseDurationOperand();
  const Token sign = reader_.Take();
  const TokenType next = reader_.Peek().type;
  // A literal is checked with its sign, and the sign is blamed.
  const bool literal = next == TokenType::kNumber || next == TokenType::kDuration;
  ExprPtr operand = literal ? ParseNumberLiteral() : ParseDurationOperand();
  if (operand == nullptr) return nullptr;
  // A plus in front of parentheses leaves no trace.
  if (next == TokenType::kLeftParen && type == TokenType::kAdd) return operand;
  return Negate(sign, std::move(operand));
}

}  // namespace tidegate::promql
