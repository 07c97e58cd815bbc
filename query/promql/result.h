// Values into answers: dropped names, order, points.
#ifndef TIDEGATE_QUERY_PROMQL_RESULT_H_
#define TIDEGATE_QUERY_PROMQL_RESULT_H_

#include "absl/status/statusor.h"
#include "query/promql/exec/range_vector.h"
#include "query/promql/value/value.h"
#include "query/query_result.h"
#include "query/vector/pacer.h"

namespace tidegate::promql {

// Names that were marked leave now; FailedPrecondition when two series of the answer become equal
// and have a sample at the same step. `keep_order`: the order of the vector is part of the answer.
// The pacer may be nullptr.
absl::StatusOr<query::QueryResult> InstantAnswer(Value value, model::TimestampMs time,
                                                 bool keep_order, query::Pacer* pacer);
absl::StatusOr<query::QueryResult> RangeAnswer(Value value, const StepGrid& grid,
                                               query::Pacer* pacer);
// A range vector of an instant query.
absl::StatusOr<query::QueryResult> MatrixAnswer(const RangeVector& vector, query::Pacer* pacer);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_RESULT_H_
