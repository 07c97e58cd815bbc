// sum and avg: floats by compensated sums, histograms by histogram arithmetic.
#include <cmath>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "query/promql/exec/aggregate.h"
#include "query/promql/functions/histogram_over_time.h"
#include "query/vector/statistics.h"

namespace tidegate::promql {
namespace {

// Compensated sums of one group, step by step, as columns.
struct SumColumns {
  std::vector<double> sum;
  std::vector<double> compensation;

  // -0 is the neutral element of addition: it keeps the sign of a zero.
  explicit SumColumns(size_t steps) : sum(steps, -0.0), compensation(steps) {}

  void Add(const StepSeries& series) {
    const size_t steps = sum.size();
    const double* values = series.values.data();
    const SampleKind* kinds = series.kinds.data();
    double* s = sum.data();
    double* c = compensation.data();
    for (size_t i = 0; i < steps; ++i) {
      const double total = s[i] + values[i];
      const double lost = std::abs(s[i]) >= std::abs(values[i]) ? (s[i] - total) + values[i]
                                                                : (values[i] - total) + s[i];
      const double compensated = std::abs(total) == INFINITY ? 0 : c[i] + lost;
      const bool has = kinds[i] == SampleKind::kFloat;
      s[i] = has ? total : s[i];
      c[i] = has ? compensated : c[i];
    }
  }
};

// What one group has seen of each kind, per step.
struct Seen {
  std::vector<uint8_t> floats;
  std::vector<uint8_t> histograms;

  explicit Seen(size_t steps) : floats(steps), histograms(steps) {}

  void Add(const StepSeries& series) {
    for (size_t i = 0; i < floats.size(); ++i) {
      floats[i] |= series.kinds[i] == SampleKind::kFloat ? 1 : 0;
      histograms[i] |= series.kinds[i] == SampleKind::kHistogram ? 1 : 0;
    }
  }
};

// The two ways to total histograms, under one name.
class TotalSum {
 public:
  explicit TotalSum(const model::FloatHistogram& first) : sum_(first) {}
  query::Meeting Add(const model::FloatHistogram& histogram) { return sum_.Add(histogram); }
  model::FloatHistogram Result() const { return sum_.Result(); }

 private:
  query::HistogramSum<query::KahanSum> sum_;
};

class TotalMean {
 public:
  explicit TotalMean(const model::FloatHistogram& first) : mean_(first) {}
  query::Meeting Add(const model::FloatHistogram& histogram) { return mean_.Add(histogram); }
  model::FloatHistogram Result() const { return mean_.Mean(); }

 private:
  HistogramMean mean_;
};

// The histograms of one group at one step. nullptr when they do not mix.
template <typename Total>
HistogramPtr TotalHistogram(const std::vector<const StepSeries*>& members, size_t step,
                            const AggregateInput& input) {
  std::optional<Total> total;
  AggregationNotes notes;
  const AnnotationSite site{"", input.position(), input.annotations};
  for (const StepSeries* series : members) {
    if (series->kinds[step] != SampleKind::kHistogram) continue;
    const model::FloatHistogram& histogram = *series->histograms[step];
    notes.Saw(histogram.counter_reset_hint);
    if (!total.has_value()) {
      total.emplace(histogram);
      continue;
    }
    const query::Meeting meeting = total->Add(histogram);
    notes.Met(meeting);
    if (!meeting.compatible) {
      site.annotations->Warn(MixedSchemasText(series->labels.metric_name()), site.position);
      return nullptr;
    }
  }
  notes.Report(site);
  return std::make_shared<const model::FloatHistogram>(total->Result());
}

std::vector<std::vector<const StepSeries*>> MembersOf(const AggregateInput& input) {
  std::vector<std::vector<const StepSeries*>> members(input.groups.labels.size());
  for (size_t i = 0; i < input.vector.size(); ++i) {
    members[input.groups.of_series[i]].push_back(&input.vector[i]);
  }
  return members;
}

// Fills in the steps of one group that have histograms; steps with both kinds have no result.
template <typename Total>
void FinishHistograms(const std::vector<const StepSeries*>& members, const Seen& seen,
                      const AggregateInput& input, StepSeries* out) {
  for (size_t i = 0; i < input.steps(); ++i) {
    if (seen.histograms[i] == 0) continue;
    if (seen.floats[i] != 0) {
      input.annotations->Warn(MixedFloatsHistogramsAggregationText(), input.position());
      out->ClearStep(i);
    } else if (HistogramPtr total = TotalHistogram<Total>(members, i, input); total != nullptr) {
      out->SetHistogram(i, std::move(total));
    }
  }
}

// Totals all groups: `floats` computes the float results of one group.
template <typename Total, typename Floats>
StepVector TotalGroups(const AggregateInput& input, Floats floats) {
  StepVector results = input.MakeResults();
  const auto members = MembersOf(input);
  for (size_t g = 0; g < results.size(); ++g) {
    Seen seen(input.steps());
    bool any_histogram = false;
    for (const StepSeries* series : members[g]) {
      seen.Add(*series);
      any_histogram |= !series->histograms.empty();
    }
    floats(members[g], seen, &results[g]);
    if (any_histogram) FinishHistograms<Total>(members[g], seen, input, &results[g]);
  }
  return results;
}

}  // namespace

StepVector AggregateSum(const AggregateInput& input) {
  return TotalGroups<TotalSum>(input, [&input](const std::vector<const StepSeries*>& members,
                                               const Seen& seen, StepSeries* out) {
    SumColumns columns(out->steps());
    query::PacedLoop loop(input.pacer);
    for (const StepSeries* series : members) {
      columns.Add(*series);
      loop.Did(2 * out->steps());
    }
    for (size_t i = 0; i < out->steps(); ++i) {
      if (seen.floats[i] != 0) out->SetFloat(i, columns.sum[i] + columns.compensation[i]);
    }
  });
}

StepVector AggregateAvg(const AggregateInput& input) {
  return TotalGroups<TotalMean>(input, [&input](const std::vector<const StepSeries*>& members,
                                                const Seen& seen, StepSeries* out) {
    std::vector<query::RunningMean> means(out->steps());
    query::PacedLoop loop(input.pacer);
    for (const StepSeries* series : members) {
      loop.Did(4 * out->steps());
      for (size_t i = 0; i < out->steps(); ++i) {
        if (series->kinds[i] == SampleKind::kFloat) means[i].Add(series->values[i]);
      }
    }
    for (size_t i = 0; i < out->steps(); ++i) {
      if (seen.floats[i] != 0) out->SetFloat(i, means[i].Mean());
    }
  });
}

}  // namespace tidegate::promql
