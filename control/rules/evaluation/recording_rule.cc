#include "control/rules/evaluation/recording_rule.h"

#include <fmt/format.h>

#include <string_view>

#include "absl/container/flat_hash_set.h"

namespace tidegate::control {

absl::StatusOr<std::vector<RuleSample>> Recorded(const RuleSpec& rule,
                                                 std::vector<RuleSample> result,
                                                 model::TimestampMs timestamp, uint64_t limit) {
  absl::flat_hash_set<std::string_view> seen;
  for (RuleSample& sample : result) {
    model::LabelsBuilder builder{sample.labels};
    builder.Set(model::kMetricNameLabel, rule.record);
    for (const auto& [name, value] : rule.labels) builder.Set(name, value);
    sample.labels = builder.Build();
    sample.timestamp = timestamp;
  }
  for (const RuleSample& sample : result) {
    if (seen.insert(sample.labels.bytes()).second) continue;
    return absl::InvalidArgumentError(
        "vector contains metrics with the same labelset after applying rule labels");
  }
  if (limit == 0 || result.size() <= limit) return result;
  return absl::InvalidArgumentError(
      fmt::format("exceeded limit of {} with {} series", limit, result.size()));
}

}  // namespace tidegate::control
