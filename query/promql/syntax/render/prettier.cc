#include "query/promql/syntax/render/prettier.h"

#include <string_view>

#include "query/promql/syntax/render/printer.h"

namespace tidegate::promql {
namespace {

// Appends one tree. A level is one step of indentation; the caller has just begun a new line.
class Prettier {
 public:
  Prettier(const Expr& root, size_t width) : tree_(root), width_(width) {}

  void Append(const Expr& expr, int level);
  std::string TakeText() { return std::move(out_); }

 private:
  void AppendBroken(const Expr& expr, int level);
  void AppendAggregate(const AggregateExpr& node, int level);
  void AppendCall(const Call& node, int level);
  void AppendUnary(const UnaryExpr& node, int level);
  void Indent(int level) { out_.append(2 * static_cast<size_t>(level), ' '); }

  bool Fits(const Expr& expr) const { return tree_.TextOf(expr).size() <= width_; }

  const PrintedTree tree_;
  const size_t width_;
  std::string out_;
};

// Nodes that are never broken, however long.
bool IsAtom(const Expr& expr) {
  switch (expr.kind()) {
    case NodeKind::kNumberLiteral:
    case NodeKind::kStringLiteral:
    case NodeKind::kVectorSelector:
    case NodeKind::kMatrixSelector:
    case NodeKind::kDuration:
      return true;
    case NodeKind::kCall:
      return As<Call>(expr).args.empty();
    default:
      return false;
  }
}

void Prettier::Append(const Expr& expr, int level) {
  if (const auto* unary = If<UnaryExpr>(&expr)) return AppendUnary(*unary, level);
  if (!Fits(expr) && !IsAtom(expr)) return AppendBroken(expr, level);
  // Prometheus does not indent a subquery that fits.
  if (expr.kind() != NodeKind::kSubquery) Indent(level);
  out_ += tree_.TextOf(expr);
}

void Prettier::AppendBroken(const Expr& expr, int level) {
  switch (expr.kind()) {
    case NodeKind::kAggregate:
      return AppendAggregate(As<AggregateExpr>(expr), level);
    case NodeKind::kCall:
      return AppendCall(As<Call>(expr), level);
    case NodeKind::kBinary: {
      const auto& node = As<BinaryExpr>(expr);
      Append(*node.lhs, level + 1);
      out_ += '\n';
      Indent(level);
      out_ += OperatorWithModifiers(node);
      out_ += '\n';
      return Append(*node.rhs, level + 1);
    }
    case NodeKind::kParen:
      Indent(level);
      out_ += "(\n";
      Append(*As<ParenExpr>(expr).expr, level + 1);
      out_ += '\n';
      Indent(level);
      out_ += ')';
      return;
    case NodeKind::kSubquery:
      Append(*As<SubqueryExpr>(expr).expr, level);
      out_ += SubquerySuffix(As<SubqueryExpr>(expr));
      return;
    default:
      return;
  }
}

void Prettier::AppendAggregate(const AggregateExpr& node, int level) {
  Indent(level);
  out_ += AggregationHead(node);
  out_ += "(\n";
  if (node.param != nullptr) {
    Append(*node.param, level + 1);
    out_ += ",\n";
  }
  Append(*node.expr, level + 1);
  out_ += '\n';
  Indent(level);
  out_ += ')';
}

void Prettier::AppendCall(const Call& node, int level) {
  Indent(level);
  out_ += node.function->name;
  out_ += "(\n";
  for (size_t i = 0; i < node.args.size(); ++i) {
    if (i > 0) out_ += ",\n";
    Append(*node.args[i], level + 1);
  }
  out_ += '\n';
  Indent(level);
  out_ += ')';
}

// The sign takes the place of the operand's indentation.
void Prettier::AppendUnary(const UnaryExpr& node, int level) {
  Indent(level);
  out_ += node.negate ? '-' : '+';
  const size_t operand = out_.size();
  Append(*node.expr, level);
  out_.erase(operand, out_.find_first_not_of(' ', operand) - operand);
}

}  // namespace

std::string Prettify(const Expr& expr, size_t width) {
  Prettier prettier(expr, width);
  prettier.Append(expr, 0);
  return prettier.TakeText();
}

}  // namespace tidegate::promql
