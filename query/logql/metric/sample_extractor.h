// From one entry to the sample that a range aggregation reads.
#ifndef TIDEGATE_QUERY_LOGQL_METRIC_SAMPLE_EXTRACTOR_H_
#define TIDEGATE_QUERY_LOGQL_METRIC_SAMPLE_EXTRACTOR_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "model/labels.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/entry_labels.h"
#include "query/logql/pipeline/label_condition.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/ast.h"

namespace tidegate::logql {

// A line counts 1, its bytes, or the value that is unwrapped. Owned by one thread. Source of the
// rules: Loki's pkg/logql/log/metrics_extraction.go.
class SampleExtractor {
 public:
  // `grouping` is how samples are grouped: the aggregation's own, or one that stands around it.
  // Errors: Pipeline::Compile. The aggregation must outlive the extractor.
  static absl::StatusOr<SampleExtractor> Compile(const RangeAggregation& aggregation,
                                                 const std::optional<Grouping>& grouping);

  const Pipeline& pipeline() const { return pipeline_; }
  // Whether neither stages nor the value look at lines.
  bool ignores_lines() const { return !pipeline_.reads_lines() && value_ != ValueOf::kSize; }
  // Whether nothing but the size of lines as they are stored is looked at.
  bool reads_sizes() const { return !pipeline_.reads_lines() && value_ == ValueOf::kSize; }

  // Whether samples count entries or their bytes, so that they may be added up as whole numbers.
  bool counts() const { return value_ != ValueOf::kLabel; }
  // Whether stages or groups can look at structured metadata.
  bool reads_metadata() const {
    const bool one_group =
        grouping_.has_value() && !grouping_->without && grouping_->labels.empty();
    return !pipeline_.empty() || value_ == ValueOf::kLabel || !one_group;
  }

  // Runs the stages over an entry whose labels stand at their beginning. Nothing: dropped, or
  // without the label that is unwrapped. A value that cannot be unwrapped is 0 and an error among
  // the labels.
  std::optional<double> Extract(StageEntry* entry);

  // The labels of the sample that was extracted last; all of them where there is an error, so that
  // no grouping hides it.
  model::Labels LabelsOf(const EntryLabels& labels) const;
  // Their canonical bytes, appended: what tells samples of different series apart.
  void AppendLabels(const EntryLabels& labels, std::string* bytes) const;

 private:
  enum class ValueOf : uint8_t { kOne, kSize, kLabel };

  SampleExtractor(const RangeAggregation& aggregation, std::optional<Grouping> grouping,
                  std::unique_ptr<const WantedFields> wanted, Pipeline pipeline);
  std::optional<double> Unwrapped(EntryLabels* labels);

  const Unwrap* unwrap_;  // Null: none.
  ValueOf value_;
  std::optional<Grouping> grouping_;
  std::unique_ptr<const WantedFields> wanted_;
  Pipeline pipeline_;
  std::vector<std::unique_ptr<const LabelCondition>> filters_;  // Behind unwrap.
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_METRIC_SAMPLE_EXTRACTOR_H_
