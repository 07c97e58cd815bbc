// What operators do with two numbers.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_ARITHMETIC_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_ARITHMETIC_H_

#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// Comparisons give 1 or 0; dividing by zero, also with %, gives NaN (Loki's MergeBinOp). Not for
// and, or, unless.
double Calculate(BinaryOp op, double left, double right);

bool IsComparison(BinaryOp op);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_ARITHMETIC_H_
