#include "query/promql/syntax/parse/type_check.h"

#include <algorithm>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/characters.h"
#include "query/promql/syntax/parse/regex_check.h"

namespace tidegate::promql {
namespace {

constexpr std::string_view kMetricNameLabel = "__name__";

// One walk over one tree. Every Check returns false once a fault has been recorded.
class TypeChecker {
 public:
  explicit TypeChecker(std::string_view query) : query_(query) {}

  bool Check(Expr* expr);
  std::optional<ParseError> TakeFault() { return std::move(fault_); }

 private:
  bool CheckAggregate(AggregateExpr* node);
  bool CheckBinary(BinaryExpr* node);
  bool CheckBinaryOperator(const BinaryExpr& node);
  bool CheckMatchingLabels(const BinaryExpr& node);
  bool CheckMatching(BinaryExpr* node);
  bool CheckSetOperation(const BinaryExpr& node);
  bool CheckCall(Call* node);
  bool CheckArgumentCount(const Call& node);
  bool CheckInfo(const Call& node);
  bool CheckUnary(UnaryExpr* node);
  bool CheckSubquery(SubqueryExpr* node);
  bool CheckSelector(const VectorSelector& node, bool may_match_all);

  bool ExpectType(Expr* expr, ValueType wanted, std::string_view place);
  // The operator and its modifiers between two operands, without the space around them.
  PositionRange OperatorPosition(const BinaryExpr& node) const;

  bool Fail(PositionRange position, std::string message) {
    fault_ = ParseError{.position = position, .message = std::move(message)};
    return false;
  }

  const std::string_view query_;
  std::optional<ParseError> fault_;
};

bool IsScalarOrVector(ValueType type) {
  return type == ValueType::kScalar || type == ValueType::kVector;
}

bool TypeChecker::Check(Expr* expr) {
  switch (expr->kind()) {
    case NodeKind::kAggregate:
      return CheckAggregate(&As<AggregateExpr>(*expr));
    case NodeKind::kBinary:
      return CheckBinary(&As<BinaryExpr>(*expr));
    case NodeKind::kCall:
      return CheckCall(&As<Call>(*expr));
    case NodeKind::kParen:
      return Check(As<ParenExpr>(*expr).expr.get());
    case NodeKind::kUnary:
      return CheckUnary(&As<UnaryExpr>(*expr));
    case NodeKind::kSubquery:
      return CheckSubquery(&As<SubqueryExpr>(*expr));
    case NodeKind::kMatrixSelector:
      return CheckSelector(*As<MatrixSelector>(*expr).selector, /*may_match_all=*/false);
    case NodeKind::kVectorSelector:
      return CheckSelector(As<VectorSelector>(*expr), /*may_match_all=*/false);
    case NodeKind::kNumberLiteral:
    case NodeKind::kStringLiteral:
    case NodeKind::kDuration:
      break;
  }
  return true;
}

bool TypeChecker::ExpectType(Expr* expr, ValueType wanted, std::string_view place) {
  if (!Check(expr)) return false;
  if (expr->type() == wanted) return true;
  return Fail(expr->position, fmt::format("expected type {} in {}, got {}", DocumentedType(wanted),
                                          place, DocumentedType(expr->type())));
}

bool TypeChecker::CheckAggregate(AggregateExpr* node) {
  if (!ExpectType(node->expr.get(), ValueType::kVector, "aggregation expression")) return false;
  if (node->param == nullptr) return true;
  const ValueType wanted =
      node->op == AggregateOp::kCountValues ? ValueType::kString : ValueType::kScalar;
  return ExpectType(node->param.get(), wanted, "aggregation parameter");
}

bool TypeChecker::CheckBinary(BinaryExpr* node) {
  if (!Check(node->lhs.get()) || !Check(node->rhs.get())) return false;
  if (!CheckBinaryOperator(*node) || !CheckMatchingLabels(*node)) return false;
  for (const Expr* side : {node->lhs.get(), node->rhs.get()}) {
    if (!IsScalarOrVector(side->type())) {
      return Fail(side->position,
                  "binary expression must contain only scalar and instant vector types");
    }
  }
  return CheckMatching(node);
}

bool TypeChecker::CheckBinaryOperator(const BinaryExpr& node) {
  if (node.return_bool && !IsComparison(node.op)) {
    return Fail(OperatorPosition(node), "bool modifier can only be used on comparison operators");
  }
  const bool scalars =
      node.lhs->type() == ValueType::kScalar && node.rhs->type() == ValueType::kScalar;
  if (scalars && IsComparison(node.op) && !node.return_bool) {
    return Fail(OperatorPosition(node), "comparisons between scalars must use BOOL modifier");
  }
  return true;
}

bool TypeChecker::CheckMatchingLabels(const BinaryExpr& node) {
  if (!node.matching->on) return true;
  const std::vector<std::string>& include = node.matching->include;
  for (const std::string& label : node.matching->labels) {
    if (std::find(include.begin(), include.end(), label) != include.end()) {
      return Fail(OperatorPosition(node),
                  fmt::format("label {} must not occur in ON and GROUP clause at once",
                              model::Quoted(label)));
    }
  }
  return true;
}

bool TypeChecker::CheckMatching(BinaryExpr* node) {
  const bool vectors =
      node->lhs->type() == ValueType::kVector && node->rhs->type() == ValueType::kVector;
  if (vectors) {
    if (!IsSetOperator(node->op)) return true;
    if (node->matching->cardinality == MatchCardinality::kOneToOne) {
      node->matching->cardinality = MatchCardinality::kManyToMany;
    }
    return CheckSetOperation(*node);
  }
  if (!node->matching->labels.empty()) {
    return Fail(node->position, "vector matching only allowed between instant vectors");
  }
  if (node->matching->fill_left.has_value() || node->matching->fill_right.has_value()) {
    return Fail(node->position, "filling in missing series only allowed between instant vectors");
  }
  if (IsSetOperator(node->op)) {
    return Fail(node->position,
                fmt::format("set operator {} not allowed in binary scalar expression",
                            model::Quoted(OperatorText(node->op))));
  }
  node->matching.reset();
  return true;
}

bool TypeChecker::CheckSetOperation(const BinaryExpr& node) {
  if (node.matching->cardinality != MatchCardinality::kManyToMany) {
    return Fail(node.position, fmt::format("no grouping allowed for {} operation",
                                           model::Quoted(OperatorText(node.op))));
  }
  if (node.matching->fill_left.has_value() || node.matching->fill_right.has_value()) {
    return Fail(node.position, "filling in missing series not allowed for set operators");
  }
  return true;
}

PositionRange TypeChecker::OperatorPosition(const BinaryExpr& node) const {
  PositionRange position{.start = node.lhs->position.end, .end = node.rhs->position.start - 1};
  const auto is_space = [this](int32_t at) {
    return at >= 0 && static_cast<size_t>(at) < query_.size() &&
           IsSpace(query_[static_cast<size_t>(at)]);
  };
  while (is_space(position.start)) ++position.start;
  while (is_space(position.end)) --position.end;
  return position;
}

bool TypeChecker::CheckCall(Call* node) {
  if (!CheckArgumentCount(*node)) return false;
  const FunctionSignature& function = *node->function;
  const bool is_info = function.name == "info" && node->args.size() > 1;
  if (is_info && !CheckInfo(*node)) return false;
  const std::string place = fmt::format("call to function {}", model::Quoted(function.name));
  const std::span<const ValueType> types = function.declared_arg_types();
  for (size_t i = 0; i < node->args.size(); ++i) {
    Expr* arg = node->args[i].get();
    if (is_info && i == 1) {
      if (!CheckSelector(As<VectorSelector>(*arg), /*may_match_all=*/true)) return false;
      continue;
    }
    if (!ExpectType(arg, types[std::min(i, types.size() - 1)], place)) return false;
  }
  return true;
}

bool TypeChecker::CheckArgumentCount(const Call& node) {
  const FunctionSignature& function = *node.function;
  const int given = static_cast<int>(node.args.size());
  const int declared = function.arg_type_count;
  std::string_view bound;
  int wanted = 0;
  if (function.variadic == 0) {
    if (given == declared) return true;
    wanted = declared;
  } else if (given < declared - 1) {
    bound = "at least ";
    wanted = declared - 1;
  } else if (function.variadic > 0 && given > declared - 1 + function.variadic) {
    bound = "at most ";
    wanted = declared - 1 + function.variadic;
  } else {
    return true;
  }
  return Fail(node.position, fmt::format("expected {}{} argument(s) in call to {}, got {}", bound,
                                         wanted, model::Quoted(function.name), given));
}

// The second argument of info() is a selector in form only: it filters labels.
bool TypeChecker::CheckInfo(const Call& node) {
  const Expr& filter = *node.args[1];
  if (filter.type() != ValueType::kVector) {
    return Fail(node.position,
                fmt::format("expected type {} in call to function {}, got {}",
                            DocumentedType(ValueType::kVector), model::Quoted(node.function->name),
                            DocumentedType(filter.type())));
  }
  const auto* selector = If<VectorSelector>(&filter);
  if (selector == nullptr) return Fail(filter.position, "expected label selectors only");
  if (!selector->name.empty()) {
    return Fail(filter.position, "expected label selectors only, got vector selector instead");
  }
  return true;
}

bool TypeChecker::CheckUnary(UnaryExpr* node) {
  if (!Check(node->expr.get())) return false;
  if (IsScalarOrVector(node->type())) return true;
  return Fail(node->position,
              fmt::format("unary expression only allowed on expressions of type scalar or instant "
                          "vector, got {}",
                          model::Quoted(DocumentedType(node->type()))));
}

bool TypeChecker::CheckSubquery(SubqueryExpr* node) {
  if (!Check(node->expr.get())) return false;
  if (node->expr->type() == ValueType::kVector) return true;
  return Fail(node->position,
              fmt::format("subquery is only allowed on instant vector, got {} instead",
                          ApiTypeName(node->expr->type())));
}

bool TypeChecker::CheckSelector(const VectorSelector& node, bool may_match_all) {
  if (!node.name.empty()) {
    // The last matcher is the one made of the name.
    for (size_t i = 0; i + 1 < node.matchers.size(); ++i) {
      if (node.matchers[i].name == kMetricNameLabel) {
        return Fail(node.position,
                    fmt::format("metric name must not be set twice: {} or {}",
                                model::Quoted(node.name), model::Quoted(node.matchers[i].value)));
      }
    }
    return true;
  }
  if (may_match_all || !std::all_of(node.matchers.begin(), node.matchers.end(), MatchesEmpty)) {
    return true;
  }
  return Fail(node.position, "vector selector must contain at least one non-empty matcher");
}

}  // namespace

std::optional<ParseError> CheckTypes(std::string_view query, Expr* expr) {
  TypeChecker checker(query);
  checker.Check(expr);
  return checker.TakeFault();
}

}  // namespace tidegate::promql
