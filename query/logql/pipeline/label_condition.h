// `| status >= 500 and (method="GET" or duration > 1s)`: label filters, compiled.
#ifndef TIDEGATE_QUERY_LOGQL_PIPELINE_LABEL_CONDITION_H_
#define TIDEGATE_QUERY_LOGQL_PIPELINE_LABEL_CONDITION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "query/logql/pipeline/entry_labels.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// Immutable once made; thread safe.
class LabelCondition {
 public:
  virtual ~LabelCondition() = default;
  // Whether the entry stays. An absent label fails comparisons; a value that is no number
  // (duration, size) passes and marks the entry with LabelFilterErr. Source: Loki's
  // pkg/logql/log/label_filter.go.
  virtual bool Holds(EntryLabels* labels) const = 0;
};

// InvalidArgument when an expression or a pattern of addresses is not valid.
absl::StatusOr<std::unique_ptr<const LabelCondition>> CompileLabelFilter(const LabelFilter& filter);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_PIPELINE_LABEL_CONDITION_H_
