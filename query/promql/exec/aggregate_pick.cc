// topk, bottomk, limitk, limit_ratio: some series of every group, as they are.
#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "query/promql/exec/aggregate.h"
#include "query/vector/go_float.h"

namespace tidegate::promql {
namespace {

// Where a series stands between 0 and 1: the hash of its labels, as Prometheus computes it.
double RatioOf(model::LabelsView labels) {
  std::string bytes;
  for (const model::Label& label : labels) {
    bytes += label.name;
    bytes += '\xff';
    bytes += label.value;
    bytes += '\xff';
  }
  return static_cast<double>(XXH64(bytes.data(), bytes.size(), 0)) /
         static_cast<double>(std::numeric_limits<uint64_t>::max());
}

// A series of the input and its value at the step at hand.
struct Candidate {
  size_t series;
  double value;
};

// A binary heap with the moves of Go's container/heap: they decide which of several equal values
// stays.
template <typename Less>
class PickHeap {
 public:
  PickHeap(size_t capacity, Less less) : capacity_(capacity), less_(less) {}

  void Offer(const Candidate& candidate) {
    if (items_.size() < capacity_) {
      items_.push_back(candidate);
      Up(items_.size() - 1);
    } else if (Replaces(candidate.value, items_[0].value)) {
      items_[0] = candidate;
      Down(0);
    }
  }

  // Best first.
  std::vector<Candidate> Take() {
    std::stable_sort(items_.begin(), items_.end(), [this](const Candidate& a, const Candidate& b) {
      return Before(b.value, a.value);
    });
    return std::move(items_);
  }

 private:
  // NaN is worse than everything.
  bool Before(double a, double b) const {
    if (std::isnan(a)) return !std::isnan(b);
    return !std::isnan(b) && less_(a, b);
  }
  bool Replaces(double candidate, double worst) const {
    return less_(worst, candidate) || (std::isnan(worst) && !std::isnan(candidate));
  }
  bool HeapLess(size_t i, size_t j) const {
    return std::isnan(items_[i].value) || less_(items_[i].value, items_[j].value);
  }

  void Up(size_t j) {
    while (j > 0) {
      const size_t parent = (j - 1) / 2;
      if (!HeapLess(j, parent)) break;
      std::swap(items_[parent], items_[j]);
      j = parent;
    }
  }

  void Down(size_t i) {
    while (true) {
      size_t child = 2 * i + 1;
      if (child >= items_.size()) break;
      if (child + 1 < items_.size() && HeapLess(child + 1, child)) ++child;
      if (!HeapLess(child, i)) break;
      std::swap(items_[i], items_[child]);
      i = child;
    }
  }

  const size_t capacity_;
  const Less less_;
  std::vector<Candidate> items_;
};

// Picks series at every step.
class Picker {
 public:
  explicit Picker(AggregateInput input) : input_(std::move(input)) {
    members_.resize(input_.groups.labels.size());
    for (size_t s = 0; s < input_.vector.size(); ++s) {
      members_[input_.groups.of_series[s]].push_back(s);
    }
    for (const StepSeries& series : input_.vector) {
      results_.emplace_back(series.labels, input_.steps());
      results_.back().drop_name = series.drop_name;
    }
  }

  absl::StatusOr<StepVector> Run() {
    absl::StatusOr<bool> any = CheckParam();
    if (!any.ok()) return any.status();
    if (!*any) return StepVector();
    query::PacedLoop loop(input_.pacer);
    for (size_t i = 0; i < input_.steps(); ++i) {
      PickStep(i);
      loop.Did(input_.vector.size());
    }
    return Ordered();
  }

 private:
  AggregateOp op() const { return input_.expr.op; }

  // False when the parameter never asks for anything.
  absl::StatusOr<bool> CheckParam() const {
    const ScalarColumn& param = input_.param;
    const bool nan =
        std::any_of(param.begin(), param.end(), [](double v) { return std::isnan(v); });
    const double max = *std::max_element(param.begin(), param.end());
    const double min = *std::min_element(param.begin(), param.end());
    if (op() == AggregateOp::kLimitRatio) {
      if (nan) return absl::FailedPreconditionError("Ratio value is NaN");
      const PositionRange position = input_.expr.param->position;
      if (max > 1) input_.annotations->Warn(InvalidRatioText(max, 1), position);
      if (min < -1) input_.annotations->Warn(InvalidRatioText(min, -1), position);
      return max != 0 || min != 0;
    }
    if (nan) return absl::FailedPreconditionError("Parameter value is NaN");
    if (max < 1) return false;
    constexpr double kLimit = 9223372036854775808.0;
    if (min <= -kLimit) {
      return absl::FailedPreconditionError(
          fmt::format("Scalar value {} underflows int64", query::FormatG(min)));
    }
    if (max >= kLimit) {
      return absl::FailedPreconditionError(
          fmt::format("Scalar value {} overflows int64", query::FormatG(max)));
    }
    return true;
  }

  void PickStep(size_t step) {
    const double param = input_.param[step];
    if (op() == AggregateOp::kLimitRatio) {
      if (param != 0) PickRatio(step, std::clamp(param, -1.0, 1.0));
      return;
    }
    const auto k =
        std::min(static_cast<int64_t>(param), static_cast<int64_t>(input_.vector.size()));
    if (k < 1) return;
    for (const std::vector<size_t>& group : members_) {
      const auto count = static_cast<size_t>(k);
      if (op() == AggregateOp::kLimitK) {
        PickFirst(group, step, count);
      } else if (op() == AggregateOp::kTopK) {
        PickBest(group, step, PickHeap(count, std::less<double>()));
      } else {
        PickBest(group, step, PickHeap(count, std::greater<double>()));
      }
    }
  }

  void PickFirst(const std::vector<size_t>& group, size_t step, size_t count) {
    for (const size_t s : group) {
      if (count == 0) return;
      if (!input_.vector[s].has(step)) continue;
      Pick(s, step);
      --count;
    }
  }

  void PickRatio(size_t step, double ratio) {
    if (ratios_.empty()) {
      for (const StepSeries& series : input_.vector) ratios_.push_back(RatioOf(series.labels));
    }
    for (size_t s = 0; s < input_.vector.size(); ++s) {
      const bool picked = ratio >= 0 ? ratios_[s] < ratio : ratios_[s] >= 1.0 + ratio;
      if (picked && input_.vector[s].has(step)) Pick(s, step);
    }
  }

  template <typename Heap>
  void PickBest(const std::vector<size_t>& group, size_t step, Heap heap) {
    for (const size_t s : group) {
      const StepSeries& series = input_.vector[s];
      if (series.kinds[step] == SampleKind::kHistogram) {
        input_.annotations->Inform(HistogramIgnoredInAggregationText(OperatorText(op())),
                                   input_.expr.position);
      } else if (series.kinds[step] == SampleKind::kFloat) {
        heap.Offer({s, series.values[step]});
      }
    }
    for (const Candidate& candidate : heap.Take()) Pick(candidate.series, step);
  }

  void Pick(size_t series, size_t step) {
    results_[series].CopyStep(input_.vector[series], step);
    if (input_.grid.is_instant()) order_.push_back(series);
  }

  // An instant query shows the best first; a range query keeps the order of the series.
  StepVector Ordered() {
    if (!input_.grid.is_instant()) return std::move(results_);
    StepVector ordered;
    for (const size_t s : order_) ordered.push_back(std::move(results_[s]));
    return ordered;
  }

  const AggregateInput input_;
  std::vector<std::vector<size_t>> members_;
  std::vector<double> ratios_;
  StepVector results_;
  std::vector<size_t> order_;
};

}  // namespace

absl::StatusOr<StepVector> AggregatePick(AggregateInput input) {
  return Picker(std::move(input)).Run();
}

}  // namespace tidegate::promql
