// count_values: how many series have which value.
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "model/quote.h"
#include "query/histogram/text.h"
#include "query/promql/exec/aggregate.h"
#include "query/promql/functions/function.h"
#include "query/promql/syntax/lex/number_text.h"

namespace tidegate::promql {

absl::StatusOr<StepVector> AggregateCountValues(const AggregateExpr& expr, const StepVector& vector,
                                                size_t steps, const QueryContext& context) {
  const std::string& label = As<StringLiteral>(WithoutParens(*expr.param)).value;
  if (label.empty() || !model::IsValidUtf8(label)) {
    return absl::FailedPreconditionError(
        fmt::format("invalid label name {}", model::Quoted(label)));
  }
  std::vector<std::string> grouping = expr.grouping;
  if (!expr.without) grouping.push_back(label);
  const query::LabelSelection selection = expr.without ? query::LabelSelection::AllBut(grouping)
                                                       : query::LabelSelection::Only(grouping);
  StepVector results;
  absl::flat_hash_map<std::string, size_t> by_labels;
  Checkpoint checkpoint(context);
  for (const StepSeries& series : vector) {
    // Each value is printed and looked up: as much work as a dozen samples.
    absl::Status status = checkpoint.Pass(12 * steps);
    if (!status.ok()) return status;
    size_t current = 0;
    std::string last_text;
    for (size_t i = 0; i < steps; ++i) {
      if (!series.has(i)) continue;
      std::string text = series.kinds[i] == SampleKind::kFloat
                             ? FormatNumber(series.values[i])
                             : query::ToText(*series.histograms[i]);
      if (text != last_text) {
        const model::Labels labels =
            selection.Chosen(model::LabelsBuilder(series.labels.view()).Set(label, text).Build());
        const auto [it, inserted] =
            by_labels.try_emplace(std::string(labels.bytes()), results.size());
        if (inserted) {
          results.emplace_back(labels, steps);
          status = context.budget.Hold(results.back().bytes());
          if (!status.ok()) return status;
        }
        current = it->second;
        last_text = std::move(text);
      }
      StepSeries& out = results[current];
      out.SetFloat(i, out.has(i) ? out.values[i] + 1 : 1);
    }
  }
  return results;
}

}  // namespace tidegate::promql
