#include "query/histogram/histogram_sum.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "model/bucket_bounds.h"
#include "query/histogram/zero_bucket.h"

namespace tidegate::query {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;

// Gauges win, then "unknown"; "reset" against "not reset" is a collision and gives "unknown".
bool AdjustHint(CounterResetHint other, CounterResetHint* hint) {
  if (other == *hint || *hint == CounterResetHint::kGauge) return false;
  if (other == CounterResetHint::kGauge) {
    *hint = CounterResetHint::kGauge;
    return false;
  }
  const bool collision = *hint != CounterResetHint::kUnknown && other != CounterResetHint::kUnknown;
  *hint = CounterResetHint::kUnknown;
  return collision;
}

template <typename Sum>
void Absorb(const Sum& from, Sum* into);

template <>
void Absorb(const PlainSum& from, PlainSum* into) {
  into->Add(from.sum);
}

template <>
void Absorb(const KahanSum& from, KahanSum* into) {
  into->Add(from.sum);
  into->Add(from.compensation);
}

template <typename Sum>
Sum StartingAt(double value) {
  Sum sum;
  sum.sum = value;
  return sum;
}

// Merges cells that get the same number in the coarser schema.
template <typename Cells>
void Coarsen(int32_t from, int32_t to, Cells* cells) {
  Cells merged;
  for (auto& cell : *cells) {
    const int32_t index = model::IndexInSchema(cell.index, from, to);
    if (!merged.empty() && merged.back().index == index) {
      Absorb(cell.sum, &merged.back().sum);
    } else {
      merged.push_back({index, cell.sum});
    }
  }
  *cells = std::move(merged);
}

// Adds a list to cells; both ascend.
template <typename Cells>
void Merge(const std::vector<IndexedBucket>& buckets, double factor, Cells* cells) {
  Cells merged;
  merged.reserve(cells->size() + buckets.size());
  auto cell = cells->begin();
  for (const IndexedBucket& bucket : buckets) {
    while (cell != cells->end() && cell->index < bucket.index) merged.push_back(*cell++);
    if (cell != cells->end() && cell->index == bucket.index) merged.push_back(*cell++);
    if (merged.empty() || merged.back().index != bucket.index) {
      merged.push_back({bucket.index, {}});
      merged.back().sum.sum = bucket.count * factor;
    } else {
      merged.back().sum.Add(bucket.count * factor);
    }
  }
  merged.insert(merged.end(), cell, cells->end());
  *cells = std::move(merged);
}

void DropBelow(double threshold, int32_t schema, std::vector<IndexedBucket>* buckets) {
  std::erase_if(*buckets, [&](const IndexedBucket& bucket) {
    return model::ExponentialBound(bucket.index, schema) <= threshold;
  });
}

std::vector<IndexedBucket> Coarsened(std::vector<IndexedBucket> buckets, int32_t from, int32_t to) {
  std::vector<IndexedBucket> merged;
  for (const IndexedBucket& bucket : buckets) {
    const int32_t index = model::IndexInSchema(bucket.index, from, to);
    if (!merged.empty() && merged.back().index == index) {
      merged.back().count += bucket.count;
    } else {
      merged.push_back({index, bucket.count});
    }
  }
  return merged;
}

}  // namespace

std::vector<double> SharedBounds(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> shared;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(shared));
  return shared;
}

std::vector<IndexedBucket> MapToBounds(std::vector<IndexedBucket> buckets,
                                       const std::vector<double>& from,
                                       const std::vector<double>& to) {
  for (IndexedBucket& bucket : buckets) {
    const double bound = model::CustomBound(bucket.index, from);
    bucket.index = static_cast<int32_t>(std::lower_bound(to.begin(), to.end(), bound) - to.begin());
  }
  return buckets;
}

template <typename Sum>
HistogramSum<Sum>::HistogramSum(const FloatHistogram& first)
    : hint_(first.counter_reset_hint),
      schema_(first.schema),
      zero_threshold_(first.zero_threshold),
      zero_(StartingAt<Sum>(first.zero_count)),
      count_(StartingAt<Sum>(first.count)),
      sum_(StartingAt<Sum>(first.sum)),
      custom_values_(first.custom_values) {
  for (const IndexedBucket& bucket : ListBuckets(first.positive_spans, first.positive_buckets)) {
    positive_.push_back({bucket.index, StartingAt<Sum>(bucket.count)});
  }
  for (const IndexedBucket& bucket : ListBuckets(first.negative_spans, first.negative_buckets)) {
    negative_.push_back({bucket.index, StartingAt<Sum>(bucket.count)});
  }
}

template <typename Sum>
Meeting HistogramSum<Sum>::Add(const FloatHistogram& other, double factor) {
  Meeting meeting;
  const bool custom = schema_ == model::kCustomBucketsSchema;
  if (custom != other.uses_custom_buckets()) {
    meeting.compatible = false;
    return meeting;
  }
  meeting.counter_reset_collision = AdjustHint(other.counter_reset_hint, &hint_);
  if (custom) {
    AddCustom(other, factor, &meeting);
  } else {
    AddExponential(other, factor);
  }
  count_.Add(other.count * factor);
  sum_.Add(other.sum * factor);
  return meeting;
}

template <typename Sum>
void HistogramSum<Sum>::AddCustom(const FloatHistogram& other, double factor, Meeting* meeting) {
  std::vector<IndexedBucket> buckets = ListBuckets(other.positive_spans, other.positive_buckets);
  if (custom_values_ != other.custom_values) {
    meeting->bounds_reconciled = true;
    const std::vector<double> shared = SharedBounds(custom_values_, other.custom_values);
    Cells mapped;
    for (const Cell& cell : positive_) {
      const double bound = model::CustomBound(cell.index, custom_values_);
      const auto index = static_cast<int32_t>(
          std::lower_bound(shared.begin(), shared.end(), bound) - shared.begin());
      if (mapped.empty() || mapped.back().index != index) mapped.push_back({index, {}});
      Absorb(cell.sum, &mapped.back().sum);
    }
    positive_ = std::move(mapped);
    buckets = MapToBounds(std::move(buckets), other.custom_values, shared);
    custom_values_ = shared;
  }
  Merge(buckets, factor, &positive_);
}

template <typename Sum>
void HistogramSum<Sum>::AddExponential(const FloatHistogram& other, double factor) {
  double other_zero_count = other.zero_count;
  if (zero_threshold_ != other.zero_threshold) {
    const CommonZeroRange common = ReconcileZeroBuckets(Result(), other);
    WidenZeroBucket(common.threshold);
    other_zero_count = common.count_b;
  }
  zero_.Add(other_zero_count * factor);

  const int32_t schema = std::min(schema_, other.schema);
  if (schema < schema_) {
    Coarsen(schema_, schema, &positive_);
    Coarsen(schema_, schema, &negative_);
    schema_ = schema;
  }
  auto positive = ListBuckets(other.positive_spans, other.positive_buckets);
  auto negative = ListBuckets(other.negative_spans, other.negative_buckets);
  if (schema < other.schema) {
    positive = Coarsened(std::move(positive), other.schema, schema);
    negative = Coarsened(std::move(negative), other.schema, schema);
  }
  DropBelow(zero_threshold_, schema, &positive);
  DropBelow(zero_threshold_, schema, &negative);
  Merge(positive, factor, &positive_);
  Merge(negative, factor, &negative_);
}

template <typename Sum>
void HistogramSum<Sum>::WidenZeroBucket(double threshold) {
  if (!(threshold > zero_threshold_)) return;
  zero_threshold_ = threshold;
  for (Cells* cells : {&positive_, &negative_}) {
    const auto keep = std::find_if(cells->begin(), cells->end(), [&](const Cell& cell) {
      return model::ExponentialBound(cell.index - 1, schema_) >= threshold;
    });
    for (auto it = cells->begin(); it != keep; ++it) Absorb(it->sum, &zero_);
    cells->erase(cells->begin(), keep);
  }
}

template <typename Sum>
template <typename Change>
void HistogramSum<Sum>::ChangeAll(Change change) {
  change(&zero_);
  change(&count_);
  change(&sum_);
  for (Cell& cell : positive_) change(&cell.sum);
  for (Cell& cell : negative_) change(&cell.sum);
}

template <typename Sum>
void HistogramSum<Sum>::Scale(double factor) {
  ChangeAll([factor](Sum* sum) {
    sum->sum *= factor;
    if constexpr (requires { sum->compensation; }) sum->compensation *= factor;
  });
}

template <typename Sum>
void HistogramSum<Sum>::Divide(double divisor) {
  ChangeAll([divisor](Sum* sum) {
    sum->sum /= divisor;
    if constexpr (requires { sum->compensation; }) sum->compensation /= divisor;
  });
}

template <typename Sum>
bool HistogramSum<Sum>::HasOverflow() const {
  const auto infinite = [](const Cell& cell) { return std::isinf(cell.sum.sum); };
  return std::isinf(zero_.sum) || std::isinf(count_.sum) || std::isinf(sum_.sum) ||
         std::any_of(positive_.begin(), positive_.end(), infinite) ||
         std::any_of(negative_.begin(), negative_.end(), infinite);
}

template <typename Sum>
FloatHistogram HistogramSum<Sum>::Result() const {
  FloatHistogram result;
  result.counter_reset_hint = hint_;
  result.schema = schema_;
  result.zero_threshold = zero_threshold_;
  result.zero_count = zero_.Total();
  result.count = count_.Total();
  result.sum = sum_.Total();
  result.custom_values = custom_values_;
  const auto totals = [](const Cells& cells) {
    std::vector<IndexedBucket> buckets;
    buckets.reserve(cells.size());
    for (const Cell& cell : cells) buckets.push_back({cell.index, cell.sum.Total()});
    return buckets;
  };
  StoreBuckets(totals(positive_), &result.positive_spans, &result.positive_buckets);
  StoreBuckets(totals(negative_), &result.negative_spans, &result.negative_buckets);
  return result;
}

template class HistogramSum<PlainSum>;
template class HistogramSum<KahanSum>;

}  // namespace tidegate::query
