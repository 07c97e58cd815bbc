// Which fields of lines a range aggregation needs: metric queries rarely need all.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_REQUIRED_FIELDS_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_REQUIRED_FIELDS_H_

#include <optional>

#include "absl/status/statusor.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// What the grouping, unwrap and the stages read. Everything without a grouping or with `without`,
// and where a template may read any label. A name that ends with _extracted stands for the field
// without it too, because that is what the field is called in the line. InvalidArgument: a template
// that does not compile. Source of the rules: Loki's pkg/logql/log/parser_hints.go.
absl::StatusOr<WantedFields> RequiredFields(const RangeAggregation& aggregation,
                                            const std::optional<Grouping>& grouping);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_REQUIRED_FIELDS_H_
