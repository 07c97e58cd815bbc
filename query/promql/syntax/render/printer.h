// Trees back to text: the canonical form of an expression.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_PRINTER_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_PRINTER_H_

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// One line, single spaces, matchers sorted, durations and numbers in their shortest form; what
// Prometheus prints. Parsing it gives an expression that prints the same. Linear in the output.
std::string ToString(const Expr& expr);

// `sum by (a) `, `sum`: an aggregation up to its opening parenthesis.
std::string AggregationHead(const AggregateExpr& node);

// `+ on (a) group_left (b) fill (0)`: an operator with its modifiers.
std::string OperatorWithModifiers(const BinaryExpr& node);

// `[5m:1m] @ end() offset 1h`: what follows the operand of a subquery.
std::string SubquerySuffix(const SubqueryExpr& node);

// The canonical text of a tree and of every node that is printed on its own, without printing any
// part twice. Refers to the nodes by address: the tree must outlive it. Immutable.
class PrintedTree {
 public:
  explicit PrintedTree(const Expr& root);

  // The text of `node`, a node of the tree other than the selector of a MatrixSelector or a part of
  // a duration.
  std::string_view TextOf(const Expr& node) const;

 private:
  struct Span {
    size_t start;
    size_t size;
  };
  friend class Printer;

  std::string text_;
  absl::flat_hash_map<const Expr*, Span> spans_;
};

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_RENDER_PRINTER_H_
