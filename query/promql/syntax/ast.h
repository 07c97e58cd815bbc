// The syntax tree of a PromQL expression.
//
// A closed set of node structs below `Expr`. Parents own their children; the only pointer that
// leaves the tree is Call::function, into the static table of function_signatures.h. The parser
// hands out `std::unique_ptr<const Expr>`: from then on a tree never changes and may be read by any
// number of threads. Nothing in a tree refers to the query text.
//
// Dispatch: `switch (expr.kind())` and `As<VectorSelector>(expr)`, or `If<...>` for a test and a
// cast.
//
// Units: positions are byte offsets into the query text, [start, end). Durations, offsets and
// timestamps are milliseconds; an `_ms` name says so.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_AST_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_AST_H_

#include <cassert>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/matcher.h"
#include "query/promql/syntax/function_signatures.h"
#include "query/promql/syntax/operators.h"
#include "query/promql/syntax/value_type.h"

namespace tidegate::promql {

struct PositionRange {
  int32_t start = 0;
  int32_t end = 0;

  friend bool operator==(const PositionRange&, const PositionRange&) = default;
};

enum class NodeKind {
  kNumberLiteral,
  kStringLiteral,
  kVectorSelector,
  kMatrixSelector,
  kSubquery,
  kCall,
  kAggregate,
  kBinary,
  kUnary,
  kParen,
  kDuration,
};

struct Expr {
  virtual ~Expr() = default;
  Expr(const Expr&) = delete;
  Expr& operator=(const Expr&) = delete;

  NodeKind kind() const { return kind_; }

  // What evaluating this node gives. Known without evaluation; computed from the children for
  // kBinary, kUnary and kParen.
  virtual ValueType type() const = 0;

  PositionRange position;

  // 1 + the height of the tallest child. At most kMaxTreeHeight (limits.h) in a parsed tree, so
  // that recursion over a tree, its destruction included, never exhausts the stack.
  int32_t height = 1;

 protected:
  explicit Expr(NodeKind kind) : kind_(kind) {}

 private:
  const NodeKind kind_;
};

using ExprPtr = std::unique_ptr<Expr>;

template <typename Node>
const Node& As(const Expr& expr) {
  assert(expr.kind() == Node::kKind);
  return static_cast<const Node&>(expr);
}

template <typename Node>
Node& As(Expr& expr) {
  assert(expr.kind() == Node::kKind);
  return static_cast<Node&>(expr);
}

// nullptr if `expr` is null or of another kind.
template <typename Node>
const Node* If(const Expr* expr) {
  return expr != nullptr && expr->kind() == Node::kKind ? static_cast<const Node*>(expr) : nullptr;
}

template <typename Node>
Node* If(Expr* expr) {
  return expr != nullptr && expr->kind() == Node::kKind ? static_cast<Node*>(expr) : nullptr;
}

// A node of type Node whose kind and static type are constants.
template <NodeKind K, ValueType V>
struct TypedExpr : Expr {
  static constexpr NodeKind kKind = K;
  ValueType type() const final { return V; }

 protected:
  TypedExpr() : Expr(K) {}
};

// `42`, `NaN`, and `5m`, which is the number of its seconds.
struct NumberLiteral final : TypedExpr<NodeKind::kNumberLiteral, ValueType::kScalar> {
  double value = 0;
  bool written_as_duration = false;  // printed as `5m`, not `300`
};

struct StringLiteral final : TypedExpr<NodeKind::kStringLiteral, ValueType::kString> {
  std::string value;  // unquoted; any bytes
};

// Arithmetic on durations inside `[...]` and after `offset`. Operands are NumberLiteral (seconds)
// and DurationExpr; it never stands elsewhere in a tree. ResolveDurations (duration_resolver.h)
// turns it into a constant for one query.
struct DurationExpr final : TypedExpr<NodeKind::kDuration, ValueType::kScalar> {
  DurationOp op = DurationOp::kAdd;
  ExprPtr lhs;           // null for kStep, kRange and for a sign (kAdd or kSub with only `rhs`)
  ExprPtr rhs;           // null for kStep and kRange
  bool wrapped = false;  // written in parentheses
};

// A duration as written: a constant, or an expression that is resolved per query.
struct DurationSpec {
  int64_t ms = 0;                      // the value if `expr` is null; 0 otherwise
  std::unique_ptr<DurationExpr> expr;  // null for a constant

  bool is_constant() const { return expr == nullptr; }
};

// The evaluation time modifiers that selectors and subqueries share: `offset` and `@`.
struct TimeModifiers {
  DurationSpec offset;                  // `offset -5m` is -300000
  std::optional<int64_t> timestamp_ms;  // `@ 1.5` is 1500
  AtAnchor anchor = AtAnchor::kNone;    // `@ start()` or `@ end()`; then timestamp_ms is empty
};

// `name{label="value"} offset 5m @ 10`. Inside a MatrixSelector it carries the modifiers of the
// range.
struct VectorSelector final : TypedExpr<NodeKind::kVectorSelector, ValueType::kVector> {
  // The name written in front of the braces; empty if it is only given inside them. `matchers`
  // holds the name in either case, as __name__="...".
  std::string name;
  std::vector<model::Matcher> matchers;  // in written order, the one made of `name` last
  TimeModifiers time;
  bool anchored = false;
  bool smoothed = false;
};

// `selector[5m]`.
struct MatrixSelector final : TypedExpr<NodeKind::kMatrixSelector, ValueType::kMatrix> {
  std::unique_ptr<VectorSelector> selector;
  DurationSpec range;  // > 0 if constant
};

// `expr[1h:5m] offset 1m @ end()`.
struct SubqueryExpr final : TypedExpr<NodeKind::kSubquery, ValueType::kMatrix> {
  ExprPtr expr;
  DurationSpec range;  // > 0 if constant
  DurationSpec step;   // constant 0: the default step of the engine
  TimeModifiers time;
};

struct Call final : Expr {
  static constexpr NodeKind kKind = NodeKind::kCall;
  Call() : Expr(kKind) {}
  ValueType type() const override { return function->return_type; }

  const FunctionSignature* function = nullptr;  // never null after parsing
  std::vector<ExprPtr> args;
};

// `sum by (a) (expr)`, `topk(k, expr)`.
struct AggregateExpr final : TypedExpr<NodeKind::kAggregate, ValueType::kVector> {
  AggregateOp op = AggregateOp::kSum;
  ExprPtr expr;
  ExprPtr param;  // null unless TakesParameter(op)
  std::vector<std::string> grouping;
  bool without = false;
};

enum class MatchCardinality { kOneToOne, kManyToOne, kOneToMany, kManyToMany };

// How the sides of a binary operation between two vectors meet.
struct VectorMatching {
  MatchCardinality cardinality = MatchCardinality::kOneToOne;  // group_left is many-to-one
  std::vector<std::string> labels;                             // of on() or ignoring()
  bool on = false;                                             // on() rather than ignoring()
  std::vector<std::string> include;                            // of group_left() or group_right()
  std::optional<double> fill_left;   // stands in for a missing left-hand sample
  std::optional<double> fill_right;  // stands in for a missing right-hand sample
};

struct BinaryExpr final : Expr {
  static constexpr NodeKind kKind = NodeKind::kBinary;
  BinaryExpr() : Expr(kKind) {}
  ValueType type() const override {
    const bool scalars = lhs->type() == ValueType::kScalar && rhs->type() == ValueType::kScalar;
    return scalars ? ValueType::kScalar : ValueType::kVector;
  }

  BinaryOp op = BinaryOp::kAdd;
  ExprPtr lhs;
  ExprPtr rhs;
  std::optional<VectorMatching> matching;  // set exactly if both sides are instant vectors
  bool return_bool = false;
};

struct UnaryExpr final : Expr {
  static constexpr NodeKind kKind = NodeKind::kUnary;
  UnaryExpr() : Expr(kKind) {}
  ValueType type() const override { return expr->type(); }

  bool negate = false;  // `-`; otherwise `+`
  ExprPtr expr;
};

struct ParenExpr final : Expr {
  static constexpr NodeKind kKind = NodeKind::kParen;
  ParenExpr() : Expr(kKind) {}
  ValueType type() const override { return expr->type(); }

  ExprPtr expr;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_AST_H_
