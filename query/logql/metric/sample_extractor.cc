#include "query/logql/metric/sample_extractor.h"

#include <algorithm>

#include "query/logql/metric/required_fields.h"
#include "query/logql/pipeline/value_conversion.h"

namespace tidegate::logql {
namespace {

constexpr std::string_view kExtractionError = "SampleExtractionErr";
constexpr double kNsPerSecond = 1e9;

ValueKind KindOf(UnwrapConversion conversion) {
  switch (conversion) {
    case UnwrapConversion::kNone:
      return ValueKind::kNumber;
    case UnwrapConversion::kBytes:
      return ValueKind::kBytes;
    case UnwrapConversion::kDuration:
      return ValueKind::kDuration;
  }
  return ValueKind::kNumber;
}

}  // namespace

SampleExtractor::SampleExtractor(const RangeAggregation& aggregation,
                                 std::optional<Grouping> grouping,
                                 std::unique_ptr<const WantedFields> wanted, Pipeline pipeline)
    : unwrap_(aggregation.range.unwrap.has_value() ? &*aggregation.range.unwrap : nullptr),
      value_(unwrap_ != nullptr ? ValueOf::kLabel
             : aggregation.op == RangeOp::kBytes || aggregation.op == RangeOp::kBytesRate
                 ? ValueOf::kSize
                 : ValueOf::kOne),
      grouping_(std::move(grouping)),
      wanted_(std::move(wanted)),
      pipeline_(std::move(pipeline)) {
  if (!grouping_.has_value()) return;
  // In the order of canonical bytes.
  std::vector<std::string>& names = grouping_->labels;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

absl::StatusOr<SampleExtractor> SampleExtractor::Compile(const RangeAggregation& aggregation,
                                                         const std::optional<Grouping>& grouping) {
  absl::StatusOr<WantedFields> required = RequiredFields(aggregation, grouping);
  if (!required.ok()) return required.status();
  auto wanted = std::make_unique<const WantedFields>(*std::move(required));
  const bool bytes = aggregation.op == RangeOp::kBytes || aggregation.op == RangeOp::kBytesRate;
  absl::StatusOr<Pipeline> pipeline = Pipeline::Compile(aggregation.range.log.stages, wanted.get(),
                                                        bytes ? LineUse::kRead : LineUse::kIgnored);
  if (!pipeline.ok()) return pipeline.status();
  SampleExtractor extractor(aggregation, grouping, std::move(wanted), *std::move(pipeline));
  if (extractor.unwrap_ == nullptr) return extractor;
  for (const LabelFilterPtr& filter : extractor.unwrap_->filters) {
    absl::StatusOr<std::unique_ptr<const LabelCondition>> one = CompileLabelFilter(*filter);
    if (!one.ok()) return one.status();
    extractor.filters_.push_back(*std::move(one));
  }
  return extractor;
}

std::optional<double> SampleExtractor::Extract(StageEntry* entry) {
  if (!pipeline_.Run(entry)) return std::nullopt;
  switch (value_) {
    case ValueOf::kOne:
      return 1;
    case ValueOf::kSize:
      return static_cast<double>(entry->line.size());
    case ValueOf::kLabel:
      return Unwrapped(entry->labels);
  }
  return std::nullopt;
}

std::optional<double> SampleExtractor::Unwrapped(EntryLabels* labels) {
  const std::string_view text = labels->Get(unwrap_->label);
  if (text.empty()) return std::nullopt;
  const ValueKind kind = KindOf(unwrap_->conversion);
  std::optional<double> value = ConvertValue(kind, text);
  if (!value.has_value()) labels->SetError(kExtractionError, ConversionError(kind, text));
  for (const auto& filter : filters_) {
    if (!filter->Holds(labels)) return std::nullopt;
  }
  // Its value is the sample now, unless samples are told apart by it.
  const bool grouped_by = grouping_.has_value() && !grouping_->without;
  if (!labels->has_error() && !grouped_by) labels->Erase(unwrap_->label);
  if (kind == ValueKind::kDuration && value.has_value()) *value /= kNsPerSecond;
  return value.value_or(0);
}

model::Labels SampleExtractor::LabelsOf(const EntryLabels& labels) const {
  std::string bytes;
  AppendLabels(labels, &bytes);
  return model::Labels::FromCanonical(std::move(bytes));
}

void SampleExtractor::AppendLabels(const EntryLabels& labels, std::string* bytes) const {
  if (labels.has_error() || !grouping_.has_value()) {
    bytes->append(labels.All().bytes());
  } else if (grouping_->without) {
    model::LabelsBuilder builder(labels.All());
    bytes->append(builder.Drop(grouping_->labels).Build().bytes());
  } else {
    for (const std::string& name : grouping_->labels) {
      if (labels.Has(name)) model::AppendLabelBytes(name, labels.Get(name), bytes);
    }
  }
}

}  // namespace tidegate::logql
