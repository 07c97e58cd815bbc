// What a query has to say about itself beside its answer.
#ifndef TIDEGATE_QUERY_PROMQL_VALUE_ANNOTATIONS_H_
#define TIDEGATE_QUERY_PROMQL_VALUE_ANNOTATIONS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/sample.h"
#include "query/promql/syntax/ast.h"

namespace tidegate::promql {

// Decreasing counts of a classic histogram that histogram_quantile repaired at one step.
struct MonotonicityRepair {
  model::TimestampMs time = 0;
  double min_bound = 0;
  double max_bound = 0;
  double max_difference = 0;
};

// A set of warnings and infos, each with the place in the query that caused it. Texts are those of
// Prometheus (util/annotations) without "PromQL warning: " and the position. Owned by one thread.
class Annotations {
 public:
  void Warn(std::string text, PositionRange position);
  void Inform(std::string text, PositionRange position);
  // Repairs of one metric at one place become one info that describes them all.
  void InformRepair(std::string_view metric, PositionRange position,
                    const MonotonicityRepair& repair);
  void Merge(const Annotations& other);

  bool empty() const { return warnings_.empty() && infos_.empty() && repairs_.empty(); }

  // Complete texts ("PromQL warning: ... (1:5)"), sorted; at most ten and one that counts the rest.
  std::vector<std::string> Warnings(std::string_view query) const;
  std::vector<std::string> Infos(std::string_view query) const;

 private:
  using Entry = std::pair<std::string, int32_t>;  // Text and start of the position.

  struct Repairs {
    model::TimestampMs first = 0;
    model::TimestampMs last = 0;
    int64_t count = 0;
    double min_bound = 0;
    double max_bound = 0;
    double max_difference = 0;

    void Add(const Repairs& other);
  };

  static std::string RepairText(const std::string& base, const Repairs& repairs);

  std::set<Entry> warnings_;
  std::set<Entry> infos_;
  std::map<Entry, Repairs> repairs_;
};

// "LINE:COLUMN" of a byte offset, both from 1.
std::string LineAndColumn(std::string_view query, int32_t offset);

// The texts. `metric` is a metric name; where it may be empty, an empty one is left out.
std::string InvalidQuantileText(double q);
std::string InvalidRatioText(double ratio, double cap);
std::string BadBucketLabelText(std::string_view metric, std::string_view label);
std::string MixedFloatsHistogramsText(std::string_view metric);
std::string MixedFloatsHistogramsAggregationText();
std::string MixedClassicNativeText(std::string_view metric);
std::string NotCounterText(std::string_view metric);
std::string NotGaugeText(std::string_view metric);
std::string MixedSchemasText(std::string_view metric);
std::string IncompatibleBucketsText(std::string_view op);
std::string CounterResetCollisionText(std::string_view operation);
std::string StartTimeOverlapText(std::string_view metric);
std::string IneffectiveSortText();
std::string PossibleNonCounterText(std::string_view metric);
std::string IncompatibleTypesText(std::string_view lhs, std::string_view op, std::string_view rhs);
std::string HistogramIgnoredInAggregationText(std::string_view aggregation);
std::string HistogramIgnoredInMixedRangeText(std::string_view metric);
std::string QuantileNanResultText(std::string_view metric);
std::string QuantileNanSkewText(std::string_view metric);
std::string FractionNansText(std::string_view metric);
// `operation` is "addition", "subtraction" or "aggregation".
std::string ReconciledBoundsText(std::string_view operation);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_VALUE_ANNOTATIONS_H_
