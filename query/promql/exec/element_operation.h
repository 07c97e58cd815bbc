// One binary operation on two samples.
#ifndef TIDEGATE_QUERY_PROMQL_EXEC_ELEMENT_OPERATION_H_
#define TIDEGATE_QUERY_PROMQL_EXEC_ELEMENT_OPERATION_H_

#include "query/promql/syntax/ast.h"
#include "query/promql/value/annotations.h"
#include "query/promql/value/value.h"

namespace tidegate::promql {

// A sample of either kind; a histogram when the pointer is set.
struct Operand {
  double value = 0;
  const HistogramPtr* histogram = nullptr;

  bool is_histogram() const { return histogram != nullptr; }
};

struct OperationResult {
  bool defined = false;  // False: the kinds do not fit, or the histograms do not mix (noted).
  bool keep = false;     // Of comparisons: true.
  double value = 0;      // Comparisons give their left side.
  HistogramPtr histogram;
};

// Arithmetic of floats; comparisons give 1 or 0.
double FloatOperation(BinaryOp op, double a, double b);
bool FloatComparison(BinaryOp op, double a, double b);

// Any two samples. Annotations point to the whole expression.
OperationResult Operate(BinaryOp op, const Operand& a, const Operand& b, PositionRange position,
                        Annotations* annotations);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_EXEC_ELEMENT_OPERATION_H_
