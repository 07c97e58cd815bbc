#include "query/promql/exec/selector_data.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "query/histogram/counter_reset.h"
#include "query/promql/exec/step_samples.h"
#include "query/promql/syntax/walk.h"
#include "query/vector/sort_runs.h"

namespace tidegate::promql {
namespace {

using model::TimeRange;
using model::TimestampMs;
using query::StepGrid;

bool AnyStale(const std::vector<double>& values) {
  uint64_t found = 0;
  for (const double value : values) {
    found |= std::bit_cast<uint64_t>(value) == model::kStaleNanBits ? 1 : 0;
  }
  return found != 0;
}

bool IsStale(const HistogramAt& sample) { return sample.histogram->is_stale(); }

void FillLive(LoadedSeries* series) {
  const bool has_stale = AnyStale(series->values) ||
                         std::any_of(series->histograms.begin(), series->histograms.end(), IsStale);
  if (!has_stale) return;
  auto live = std::make_shared<LiveColumns>();
  for (size_t i = 0; i < series->values.size(); ++i) {
    if (model::IsStaleNan(series->values[i])) continue;
    live->times.push_back((*series->times)[i]);
    live->values.push_back(series->values[i]);
    if (!series->start_times.empty()) live->start_times.push_back(series->start_times[i]);
  }
  std::copy_if(series->histograms.begin(), series->histograms.end(),
               std::back_inserter(live->histograms),
               [](const HistogramAt& sample) { return !IsStale(sample); });
  series->live = std::move(live);
}

LoadedSeries ToLoaded(storage::SelectedSeries selected) {
  LoadedSeries series;
  series.labels = std::move(selected.labels);
  series.times = selected.columns.timestamps != nullptr
                     ? std::move(selected.columns.timestamps)
                     : std::make_shared<const std::vector<TimestampMs>>();
  series.values = std::move(selected.columns.values);
  series.start_times = std::move(selected.columns.start_timestamps);
  series.histograms.reserve(selected.columns.histograms.size());
  for (const model::HistogramSample& sample : selected.columns.histograms) {
    series.histograms.push_back(
        {sample.timestamp, sample.start_timestamp,
         std::make_shared<const model::FloatHistogram>(model::ToFloat(sample.histogram))});
  }
  FillLive(&series);
  return series;
}

uint64_t SamplesOf(const LoadedSeries& series) {
  uint64_t samples = series.values.size();
  for (const HistogramAt& at : series.histograms) samples += SamplesIn(*at.histogram);
  return samples;
}

// What a series takes beside its samples and labels: the columns' and the allocator's own.
constexpr uint64_t kSeriesBytes = sizeof(LoadedSeries) + 128;

class LoadingSink final : public storage::Sink<storage::SelectedSeries> {
 public:
  LoadingSink(const QueryContext& context, LoadedVector* out)
      : context_(context), checkpoint_(context), out_(out) {}

  absl::Status Add(storage::SelectedSeries item) override {
    LoadedSeries series = ToLoaded(std::move(item));
    if (series.values.empty() && series.histograms.empty()) return absl::OkStatus();
    const uint64_t samples = SamplesOf(series);
    absl::Status status = context_.budget.AddLoaded(samples);
    if (status.ok()) {
      status = context_.budget.Hold(samples * 16 + series.labels.bytes().size() + kSeriesBytes);
    }
    if (status.ok()) status = checkpoint_.Pass(samples);
    if (!status.ok()) return status;
    out_->push_back(std::move(series));
    return absl::OkStatus();
  }

  absl::Status Hold(int64_t bytes) override {
    if (bytes >= 0) {
      absl::Status status = context_.budget.Hold(static_cast<uint64_t>(bytes));
      return status.ok() ? checkpoint_.Pass(static_cast<uint64_t>(bytes) / 16) : status;
    }
    context_.budget.Release(static_cast<uint64_t>(-bytes));
    return absl::OkStatus();
  }

 private:
  const QueryContext& context_;
  Checkpoint checkpoint_;
  LoadedVector* out_;
};

struct Demand {
  const VectorSelector* selector;
  TimeRange range;
  bool explicit_resets;
};

// What stands above a selector, as far as it matters for how the selector is read.
struct Surroundings {
  bool statistics = false;  // histogram_count, histogram_sum or histogram_avg.
  bool buckets = false;     // A subquery, or a function that looks at buckets.

  // Prometheus reads such selectors without their buckets, and then decides counter resets while it
  // reads. The hints that this leaves are visible in sums.
  bool ExplicitResets() const { return statistics && !buckets; }

  Surroundings Below(const Expr& expr) const {
    Surroundings below = *this;
    if (expr.kind() == NodeKind::kSubquery) below.buckets = true;
    if (const auto* call = If<Call>(&expr)) {
      const std::string_view name = call->function->name;
      below.statistics |=
          name == "histogram_count" || name == "histogram_sum" || name == "histogram_avg";
      below.buckets |= name == "histogram_quantile" || name == "histogram_fraction";
    }
    return below;
  }
};

// The times that an expression needs of its selectors.
class DemandCollector {
 public:
  explicit DemandCollector(const QueryContext& context) : context_(context) {}

  void Visit(const Expr& expr, const StepGrid& grid, const Surroundings& above) {
    const Surroundings below = above.Below(expr);
    if (const auto* selector = If<VectorSelector>(&expr)) {
      Add(*selector, 0, grid, below);
    } else if (const auto* matrix = If<MatrixSelector>(&expr)) {
      Add(*matrix->selector, matrix->range.ms, grid, below);
    } else if (const auto* subquery = If<SubqueryExpr>(&expr)) {
      Visit(*subquery->expr, SubqueryGrid(*subquery, grid, context_), below);
    } else if (const auto* call = If<Call>(&expr);
               call != nullptr && call->function->name == "info") {
      Visit(*call->args[0], grid, below);  // The second argument is not a selector of its own.
    } else {
      ForEachChild(expr, [&](const Expr& child) { Visit(child, grid, below); });
    }
  }

  std::vector<Demand> Take() { return std::move(demands_); }

 private:
  void Add(const VectorSelector& selector, int64_t range_ms, const StepGrid& grid,
           const Surroundings& above) {
    const std::optional<TimestampMs> at = context_.At(selector.time);
    const int64_t offset = selector.time.offset.ms;
    const size_t steps = grid.size();
    const TimestampMs first = at.value_or(grid.start) - offset;
    const TimestampMs last = at.value_or(steps == 0 ? grid.start : grid.at(steps - 1)) - offset;
    const bool reaches = range_ms == 0 || selector.anchored || selector.smoothed;
    TimeRange range{.min = first - range_ms + 1, .max = last};
    if (reaches) range.min -= context_.lookback_ms;
    if (selector.smoothed) range.max += context_.lookback_ms;
    if (steps == 0) range = {.min = 0, .max = -1};
    range.min = std::max(range.min, model::kMinTimestamp);
    range.max = std::min(range.max, model::kMaxTimestamp);
    demands_.push_back({&selector, range, above.ExplicitResets()});
  }

  const QueryContext& context_;
  std::vector<Demand> demands_;
};

std::string KeyOf(const Demand& demand) {
  std::vector<std::string> texts;
  for (const model::Matcher& matcher : demand.selector->matchers) {
    texts.push_back(model::ToString(matcher));
  }
  std::sort(texts.begin(), texts.end());
  std::string key = demand.explicit_resets ? "resets" : "";
  for (const std::string& text : texts) key += text + '\0';
  return key;
}

// Replaces unknown hints by what comparing with the sample before shows.
void MakeResetsExplicit(std::vector<HistogramAt>* samples) {
  for (size_t i = 1; i < samples->size(); ++i) {
    const model::FloatHistogram& current = *(*samples)[i].histogram;
    if (current.counter_reset_hint != model::CounterResetHint::kUnknown || current.is_stale()) {
      continue;
    }
    model::FloatHistogram copy = current;
    copy.counter_reset_hint = query::IsCounterReset(*(*samples)[i - 1].histogram, current)
                                  ? model::CounterResetHint::kReset
                                  : model::CounterResetHint::kNotReset;
    (*samples)[i].histogram = std::make_shared<const model::FloatHistogram>(std::move(copy));
  }
}

// Series are large: places are sorted, and each series is moved once. Whoever scrapes or sends puts
// the series of a target in order, so there are few runs to merge.
LoadedVector SortedByLabels(LoadedVector loaded, const QueryContext& context) {
  struct Place {
    model::LabelsView labels;
    size_t index;
  };
  std::vector<Place> places;
  places.reserve(loaded.size());
  for (size_t i = 0; i < loaded.size(); ++i) places.push_back({loaded[i].labels, i});
  query::PacedLoop loop(context.pacer);
  query::SortRuns(&places, [&loop](const Place& a, const Place& b) {
    loop.Did(0);
    return model::Compare(a.labels, b.labels) < 0;
  });
  LoadedVector sorted;
  sorted.reserve(loaded.size());
  for (const Place& place : places) sorted.push_back(std::move(loaded[place.index]));
  return sorted;
}

void MakeResetsExplicit(LoadedVector* loaded) {
  for (LoadedSeries& series : *loaded) {
    MakeResetsExplicit(&series.histograms);
    if (series.live != nullptr) MakeResetsExplicit(&series.live->histograms);
  }
}

}  // namespace

RangeSeries LoadedSeries::AsRange() const {
  RangeSeries range;
  range.labels = labels;
  range.times = live != nullptr ? live->times : *times;
  range.values = live != nullptr ? live->values : values;
  range.start_times = live != nullptr ? live->start_times : start_times;
  range.histograms = live != nullptr ? live->histograms : histograms;
  return range;
}

absl::StatusOr<LoadedVector> LoadSeries(const QueryContext& context,
                                        const std::vector<model::Matcher>& matchers,
                                        const TimeRange& range) {
  LoadedVector loaded;
  if (range.empty()) return loaded;
  absl::StatusOr<std::vector<model::CompiledMatcher>> compiled = model::CompileMatchers(matchers);
  if (!compiled.ok()) return compiled.status();
  LoadingSink sink(context, &loaded);
  const storage::Selection selection{.matchers = *std::move(compiled), .range = range};
  absl::Status status = context.source.Select(context.request, selection, sink);
  if (!status.ok()) return status;
  return SortedByLabels(std::move(loaded), context);
}

absl::StatusOr<SelectorData> SelectorData::Load(const Expr& expr, const StepGrid& grid,
                                                const QueryContext& context) {
  DemandCollector collector(context);
  collector.Visit(expr, grid, Surroundings());
  std::map<std::string, std::vector<Demand>> by_key;
  for (const Demand& demand : collector.Take()) by_key[KeyOf(demand)].push_back(demand);

  SelectorData data;
  for (auto& [key, demands] : by_key) {
    std::sort(demands.begin(), demands.end(),
              [](const Demand& a, const Demand& b) { return a.range.min < b.range.min; });
    for (size_t i = 0; i < demands.size();) {
      // The union of demands that overlap or touch.
      TimeRange range = demands[i].range;
      size_t end = i + 1;
      while (end < demands.size() && demands[end].range.min <= range.max + 1) {
        range.max = std::max(range.max, demands[end].range.max);
        ++end;
      }
      absl::StatusOr<LoadedVector> loaded =
          LoadSeries(context, demands[i].selector->matchers, range);
      if (!loaded.ok()) return loaded.status();
      if (demands[i].explicit_resets) MakeResetsExplicit(&*loaded);
      const auto shared = std::make_shared<const LoadedVector>(*std::move(loaded));
      for (; i < end; ++i) data.by_selector_[demands[i].selector] = shared;
    }
  }
  return data;
}

}  // namespace tidegate::promql
