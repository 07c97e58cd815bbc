#include "query/promql/functions/label.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "model/labels.h"
#include "model/regex_replacement.h"

namespace tidegate::promql {
namespace {

// What another label of a series costs, in samples.
constexpr size_t kLabelWork = 200;

bool IsValidName(std::string_view name) { return !name.empty() && model::IsValidUtf8(name); }

void SetLabel(const std::string& name, std::string_view value, StepSeries* series) {
  series->labels = model::LabelsBuilder(series->labels.view()).Set(name, value).Build();
  if (name == model::kMetricNameLabel) series->drop_name = false;
}

}  // namespace

absl::StatusOr<Value> LabelReplace(InstantCall& call) {
  const std::string& target = call.Text(1);
  const std::string& source = call.Text(3);
  const auto replacer = model::RegexReplacement::Compile(call.Text(4), call.Text(2));
  if (!replacer.ok()) {
    return absl::FailedPreconditionError(
        fmt::format("invalid regular expression in label_replace(): {}", call.Text(4)));
  }
  if (!IsValidName(target)) {
    return absl::FailedPreconditionError(
        fmt::format("invalid destination label name in label_replace(): {}", target));
  }
  StepVector vector = call.TakeVector(0);
  std::string value;
  query::PacedLoop loop(call.pacer);
  for (StepSeries& series : vector) {
    loop.Did(kLabelWork);
    if (replacer->Apply(series.labels.Get(source), &value)) SetLabel(target, value, &series);
  }
  absl::Status status = query::MergeEqualLabels(&vector, call.pacer);
  if (!status.ok()) return status;
  return Value(std::move(vector));
}

absl::StatusOr<Value> LabelJoin(InstantCall& call) {
  const std::string& target = call.Text(1);
  for (size_t i = 3; i < call.args.size(); ++i) {
    if (!IsValidName(call.Text(i))) {
      return absl::FailedPreconditionError(
          fmt::format("invalid source label name in label_join(): {}", call.Text(i)));
    }
  }
  if (!IsValidName(target)) {
    return absl::FailedPreconditionError(
        fmt::format("invalid destination label name in label_join(): {}", target));
  }
  StepVector vector = call.TakeVector(0);
  query::PacedLoop loop(call.pacer);
  for (StepSeries& series : vector) {
    loop.Did(kLabelWork);
    std::string joined;
    for (size_t i = 3; i < call.args.size(); ++i) {
      if (i > 3) joined += call.Text(2);
      joined += series.labels.Get(call.Text(i));
    }
    SetLabel(target, joined, &series);
  }
  absl::Status status = query::MergeEqualLabels(&vector, call.pacer);
  if (!status.ok()) return status;
  return Value(std::move(vector));
}

}  // namespace tidegate::promql
