// Aggregations that look at floats only, or only at whether there is a sample.
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "query/promql/exec/aggregate.h"
#include "query/vector/statistics.h"

namespace tidegate::promql {
namespace {

void NoteIgnoredHistograms(const AggregateInput& input, std::string_view operation) {
  for (const StepSeries& series : input.vector) {
    for (const SampleKind kind : series.kinds) {
      if (kind != SampleKind::kHistogram) continue;
      input.annotations->Inform(HistogramIgnoredInAggregationText(operation), input.position());
      return;
    }
  }
}

// Folds floats into the results: `fold(so far, value)`; the first value of a step is taken as it
// is.
template <typename Fold>
StepVector FoldFloats(const AggregateInput& input, std::string_view operation, Fold fold) {
  NoteIgnoredHistograms(input, operation);
  StepVector results = input.MakeResults();
  query::PacedLoop loop(input.pacer);
  for (size_t s = 0; s < input.vector.size(); ++s) {
    loop.Did(input.steps());
    const StepSeries& series = input.vector[s];
    StepSeries& out = results[input.groups.of_series[s]];
    for (size_t i = 0; i < input.steps(); ++i) {
      if (series.kinds[i] != SampleKind::kFloat) continue;
      const double value = series.values[i];
      out.SetFloat(i, out.has(i) ? fold(out.values[i], value) : value);
    }
  }
  return results;
}

// Welford's method.
struct Spread {
  double count = 0;
  double mean = 0;
  double squares = 0;

  void Add(double value) {
    ++count;
    if (count == 1) {
      mean = value;
      squares = std::isfinite(value) ? 0 : std::numeric_limits<double>::quiet_NaN();
      return;
    }
    const double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }
};

template <typename Finish>
StepVector SpreadOfGroups(const AggregateInput& input, std::string_view operation, Finish finish) {
  NoteIgnoredHistograms(input, operation);
  StepVector results = input.MakeResults();
  const size_t steps = input.steps();
  std::vector<Spread> spreads(results.size() * steps);
  query::PacedLoop loop(input.pacer);
  for (size_t s = 0; s < input.vector.size(); ++s) {
    loop.Did(input.steps());
    Spread* group = &spreads[input.groups.of_series[s] * steps];
    const StepSeries& series = input.vector[s];
    for (size_t i = 0; i < steps; ++i) {
      if (series.kinds[i] == SampleKind::kFloat) group[i].Add(series.values[i]);
    }
  }
  for (size_t g = 0; g < results.size(); ++g) {
    for (size_t i = 0; i < steps; ++i) {
      const Spread& spread = spreads[g * steps + i];
      if (spread.count > 0) results[g].SetFloat(i, finish(spread.squares / spread.count));
    }
  }
  return results;
}

void NoteInvalidQuantiles(const AggregateInput& input) {
  const PositionRange position = input.expr.param->position;
  double min = std::numeric_limits<double>::infinity();
  double max = -min;
  bool nan = false;
  for (const double q : input.param) {
    nan |= std::isnan(q);
    min = std::min(min, q);
    max = std::max(max, q);
  }
  if (nan) {
    input.annotations->Warn(InvalidQuantileText(std::numeric_limits<double>::quiet_NaN()),
                            position);
  }
  if (max > 1 && !input.param.empty()) input.annotations->Warn(InvalidQuantileText(max), position);
  if (min < 0 && !input.param.empty()) input.annotations->Warn(InvalidQuantileText(min), position);
}

}  // namespace

StepVector AggregateCount(const AggregateInput& input) {
  StepVector results = input.MakeResults();
  query::PacedLoop loop(input.pacer);
  for (size_t s = 0; s < input.vector.size(); ++s) {
    loop.Did(input.steps());
    StepSeries& out = results[input.groups.of_series[s]];
    for (size_t i = 0; i < input.steps(); ++i) {
      if (input.vector[s].has(i)) out.SetFloat(i, out.has(i) ? out.values[i] + 1 : 1);
    }
  }
  return results;
}

StepVector AggregateGroup(const AggregateInput& input) {
  StepVector results = input.MakeResults();
  query::PacedLoop loop(input.pacer);
  for (size_t s = 0; s < input.vector.size(); ++s) {
    loop.Did(input.steps());
    StepSeries& out = results[input.groups.of_series[s]];
    for (size_t i = 0; i < input.steps(); ++i) {
      if (input.vector[s].has(i)) out.SetFloat(i, 1);
    }
  }
  return results;
}

StepVector AggregateMin(const AggregateInput& input) {
  return FoldFloats(input, "min",
                    [](double a, double b) { return a > b || std::isnan(a) ? b : a; });
}

StepVector AggregateMax(const AggregateInput& input) {
  return FoldFloats(input, "max",
                    [](double a, double b) { return a < b || std::isnan(a) ? b : a; });
}

StepVector AggregateStddev(const AggregateInput& input) {
  return SpreadOfGroups(input, "stddev", [](double variance) { return std::sqrt(variance); });
}

StepVector AggregateStdvar(const AggregateInput& input) {
  return SpreadOfGroups(input, "stdvar", [](double variance) { return variance; });
}

StepVector AggregateQuantile(const AggregateInput& input) {
  NoteInvalidQuantiles(input);
  NoteIgnoredHistograms(input, "quantile");
  StepVector results = input.MakeResults();
  std::vector<std::vector<const StepSeries*>> members(results.size());
  for (size_t s = 0; s < input.vector.size(); ++s) {
    members[input.groups.of_series[s]].push_back(&input.vector[s]);
  }
  std::vector<double> values;
  query::PacedLoop loop(input.pacer);
  for (size_t g = 0; g < results.size(); ++g) {
    for (size_t i = 0; i < input.steps(); ++i) {
      loop.Did(members[g].size());
      values.clear();
      for (const StepSeries* series : members[g]) {
        if (series->kinds[i] == SampleKind::kFloat) values.push_back(series->values[i]);
      }
      if (!values.empty()) results[g].SetFloat(i, query::Quantile(input.param[i], &values));
    }
  }
  return results;
}

}  // namespace tidegate::promql
