#include "query/promql/functions/histogram_estimate.h"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "query/histogram/classic.h"
#include "query/histogram/quantile.h"
#include "query/vector/go_float.h"

namespace tidegate::promql {
namespace {

using model::FloatHistogram;
using query::ClassicBucket;

constexpr std::string_view kBucketLabel = "le";

struct ClassicMember {
  const StepSeries* series;
  double upper_bound;
};

// The float series that are the buckets of one classic histogram.
struct ClassicGroup {
  model::Labels labels;  // Without le.
  std::vector<ClassicMember> members;
  const StepSeries* rival = nullptr;  // A native histogram with the same labels.
};

absl::string_view Key(model::LabelsView labels) {
  return {labels.bytes().data(), labels.bytes().size()};
}

bool HasKind(const StepSeries& series, SampleKind kind) {
  for (const SampleKind k : series.kinds) {
    if (k == kind) return true;
  }
  return false;
}

// Splits a vector into native and classic histograms, once for all steps.
class Histograms {
 public:
  Histograms(const StepVector& vector, PositionRange position, Annotations* annotations)
      : position_(position), annotations_(annotations) {
    for (const StepSeries& series : vector) {
      if (HasKind(series, SampleKind::kFloat)) AddClassic(series);
      if (HasKind(series, SampleKind::kHistogram)) natives_.push_back(&series);
    }
    for (const StepSeries* native : natives_) {
      const auto it = by_labels_.find(Key(native->labels));
      if (it != by_labels_.end()) classics_[it->second].rival = native;
    }
  }

  // Calls of_native(series, histogram, step) and of_classic(group, buckets, step) for everything
  // there is; a native and a classic histogram with the same labels at one step cancel out.
  template <typename OfNative, typename OfClassic>
  void Visit(size_t steps, OfNative of_native, OfClassic of_classic) const {
    for (const StepSeries* native : natives_) {
      for (size_t i = 0; i < steps; ++i) {
        if (native->kinds[i] != SampleKind::kHistogram) continue;
        if (Conflicts(*native, i)) {
          annotations_->Warn(MixedClassicNativeText(native->labels.metric_name()), position_);
        } else {
          of_native(*native, *native->histograms[i], i);
        }
      }
    }
    std::vector<ClassicBucket> buckets;
    for (const ClassicGroup& group : classics_) {
      for (size_t i = 0; i < steps; ++i) {
        buckets.clear();
        for (const ClassicMember& member : group.members) {
          if (member.series->kinds[i] != SampleKind::kFloat) continue;
          buckets.push_back({member.upper_bound, member.series->values[i]});
        }
        if (buckets.empty()) continue;
        const bool conflict =
            group.rival != nullptr && group.rival->kinds[i] == SampleKind::kHistogram;
        if (!conflict) of_classic(group, &buckets, i);
      }
    }
  }

 private:
  void AddClassic(const StepSeries& series) {
    const std::string_view le = series.labels.Get(kBucketLabel);
    const std::optional<double> bound = query::ParseFloat(le);
    if (!bound.has_value()) {
      annotations_->Warn(BadBucketLabelText(series.labels.metric_name(), le), position_);
      return;
    }
    model::Labels labels = model::LabelsBuilder(series.labels.view()).Erase(kBucketLabel).Build();
    const auto [it, inserted] =
        by_labels_.try_emplace(std::string(labels.bytes()), classics_.size());
    if (inserted) classics_.push_back({.labels = std::move(labels), .members = {}});
    classics_[it->second].members.push_back({&series, *bound});
  }

  bool Conflicts(const StepSeries& native, size_t step) const {
    const auto it = by_labels_.find(Key(native.labels));
    if (it == by_labels_.end()) return false;
    for (const ClassicMember& member : classics_[it->second].members) {
      if (member.series->kinds[step] == SampleKind::kFloat) return true;
    }
    return false;
  }

  const PositionRange position_;
  Annotations* const annotations_;
  std::vector<const StepSeries*> natives_;
  std::vector<ClassicGroup> classics_;
  absl::flat_hash_map<std::string, size_t> by_labels_;
};

// Collects results into series; all of them lose their metric name.
class Results {
 public:
  explicit Results(size_t steps) : steps_(steps) {}

  void Set(const model::Labels& labels, size_t step, double value) {
    const auto [it, inserted] = by_labels_.try_emplace(std::string(labels.bytes()), vector_.size());
    if (inserted) {
      vector_.emplace_back(labels, steps_);
      vector_.back().drop_name = true;
    }
    StepSeries& series = vector_[it->second];
    if (series.has(step)) collision_ = true;
    series.SetFloat(step, value);
  }

  absl::StatusOr<Value> Finish() && {
    if (collision_) {
      return absl::FailedPreconditionError("vector cannot contain metrics with the same labelset");
    }
    return Value(std::move(vector_));
  }

 private:
  const size_t steps_;
  StepVector vector_;
  absl::flat_hash_map<std::string, size_t> by_labels_;
  bool collision_ = false;
};

// Estimates quantiles and notes what is wrong with the input.
struct QuantileSite {
  PositionRange position;
  const StepGrid& grid;
  Annotations* annotations;

  double OfNative(double q, const StepSeries& series, const FloatHistogram& histogram) const {
    const query::Estimate estimate = query::HistogramQuantile(q, histogram);
    const std::string_view metric = series.labels.metric_name();
    if (estimate.nan == query::NanEffect::kResultIsNan) {
      annotations->Inform(QuantileNanResultText(metric), position);
    } else if (estimate.nan == query::NanEffect::kSkewed) {
      annotations->Inform(QuantileNanSkewText(metric), position);
    }
    return estimate.value;
  }

  double OfClassic(double q, const ClassicGroup& group, std::vector<ClassicBucket>* buckets,
                   size_t step) const {
    const query::ClassicQuantileResult result = query::ClassicQuantile(q, buckets);
    if (result.forced_monotonic) {
      annotations->InformRepair(
          group.labels.metric_name(), position,
          {grid.at(step), result.min_bound, result.max_bound, result.max_difference});
    }
    return result.value;
  }
};

void CheckQuantiles(const ScalarColumn& quantiles, PositionRange position,
                    Annotations* annotations) {
  for (const double q : quantiles) {
    if (!(q >= 0 && q <= 1)) annotations->Warn(InvalidQuantileText(q), position);
  }
}

}  // namespace

absl::StatusOr<Value> HistogramQuantileOf(InstantCall& call) {
  const ScalarColumn& quantiles = call.Scalar(0);
  CheckQuantiles(quantiles, call.ArgPosition(0), call.annotations);
  const StepVector vector = call.TakeVector(1);
  const Histograms histograms(vector, call.ArgPosition(1), call.annotations);
  const QuantileSite site{call.ArgPosition(1), call.grid, call.annotations};
  Results results(call.grid.size());
  histograms.Visit(
      call.grid.size(),
      [&](const StepSeries& series, const FloatHistogram& histogram, size_t i) {
        results.Set(series.labels, i, site.OfNative(quantiles[i], series, histogram));
      },
      [&](const ClassicGroup& group, std::vector<ClassicBucket>* buckets, size_t i) {
        results.Set(group.labels, i, site.OfClassic(quantiles[i], group, buckets, i));
      });
  return std::move(results).Finish();
}

absl::StatusOr<Value> HistogramQuantiles(InstantCall& call) {
  const std::string& label = call.Text(1);
  const StepVector vector = call.TakeVector(0);
  const Histograms histograms(vector, call.ArgPosition(0), call.annotations);
  const QuantileSite site{call.ArgPosition(0), call.grid, call.annotations};
  Results results(call.grid.size());
  for (size_t arg = 2; arg < call.args.size(); ++arg) {
    const ScalarColumn& quantiles = call.Scalar(arg);
    CheckQuantiles(quantiles, call.ArgPosition(arg), call.annotations);
    const auto labelled = [&](const model::Labels& labels, size_t i) {
      return model::LabelsBuilder(labels.view())
          .Set(label, query::FormatOpenMetricsFloat(quantiles[i]))
          .Build();
    };
    histograms.Visit(
        call.grid.size(),
        [&](const StepSeries& series, const FloatHistogram& histogram, size_t i) {
          results.Set(labelled(series.labels, i), i,
                      site.OfNative(quantiles[i], series, histogram));
        },
        [&](const ClassicGroup& group, std::vector<ClassicBucket>* buckets, size_t i) {
          results.Set(labelled(group.labels, i), i,
                      site.OfClassic(quantiles[i], group, buckets, i));
        });
  }
  return std::move(results).Finish();
}

absl::StatusOr<Value> HistogramFractionOf(InstantCall& call) {
  const ScalarColumn& lower = call.Scalar(0);
  const ScalarColumn& upper = call.Scalar(1);
  const StepVector vector = call.TakeVector(2);
  const Histograms histograms(vector, call.ArgPosition(2), call.annotations);
  Results results(call.grid.size());
  histograms.Visit(
      call.grid.size(),
      [&](const StepSeries& series, const FloatHistogram& histogram, size_t i) {
        const query::Estimate estimate = query::HistogramFraction(lower[i], upper[i], histogram);
        if (estimate.nan != query::NanEffect::kNone) {
          call.annotations->Inform(FractionNansText(series.labels.metric_name()),
                                   call.ArgPosition(2));
        }
        results.Set(series.labels, i, estimate.value);
      },
      [&](const ClassicGroup& group, std::vector<ClassicBucket>* buckets, size_t i) {
        results.Set(group.labels, i, query::ClassicFraction(lower[i], upper[i], buckets));
      });
  return std::move(results).Finish();
}

}  // namespace tidegate::promql
