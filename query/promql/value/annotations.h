// What a query has to say about itself beside its answer.
#ifndef TIDEGATE_QUERY_PROMQL_VALUE_ANNOTATIONS_H_
#define TIDEGATE_QUERY_PROMQL_VALUE_ANNOTATIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
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
// Prometheus (util/annotations) without "PromQL warning: " and the position. Like there, a text
// appears once, with the place that was evaluated last. Owned by one thread.
class Annotations {
 public:
  void Warn(std::string text, PositionRange position);
  void Inform(std::string text, PositionRange position);
  // Repairs of one metric at one place become one info that describes them all; those at another
  // place before are forgotten.
  void InformRepair(std::string_view metric, PositionRange position,
                    const MonotonicityRepair& repair);
  // As if what is in `other` had been evaluated now.
  void Merge(const Annotations& other);

  bool empty() const { return warnings_.empty() && infos_.empty() && repairs_.empty(); }

  // Complete texts ("PromQL warning: ... (1:5)"), sorted; at most ten and one that counts the rest.
  std::vector<std::string> Warnings(std::string_view query) const;
  std::vector<std::string> Infos(std::string_view query) const;

 private:
  using Places = std::map<std::string, int32_t>;  // Start of the position, by the text.

  struct Repairs {
    int32_t place = 0;
    model::TimestampMs first = 0;
    model::TimestampMs last = 0;
    int64_t count = 0;
    double min_bound = 0;
    double max_bound = 0;
    double max_difference = 0;

    // Takes the place of these if it is another one.
    void Add(const Repairs& other);
  };

  static std::string RepairText(const std::string& base, const Repairs& repairs);

  Places warnings_;
  Places infos_;
  std::map<std::string, Repairs> repairs_;  // By the text without what they describe.
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
