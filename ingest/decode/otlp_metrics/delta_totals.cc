#include "ingest/decode/otlp_metrics/delta_totals.h"

#include <algorithm>

#include "fmt/format.h"

namespace tidegate::ingest {
namespace {

constexpr int64_t kMaxBuckets = 2048;
constexpr size_t kBucketsPerWeight = 8;

size_t WeightOf(const OtlpPoint& point) {
  const size_t buckets = point.bucket_counts.size() + point.bounds.size() +
                         point.positive.counts.size() + point.negative.counts.size();
  return 1 + buckets / kBucketsPerWeight;
}

// Halves the resolution `steps` times.
void Downscale(int32_t steps, OtlpBuckets* buckets) {
  if (steps <= 0 || buckets->counts.empty()) return;
  steps = std::min(steps, 31);
  OtlpBuckets merged;
  merged.offset = buckets->offset >> steps;
  for (size_t i = 0; i < buckets->counts.size(); ++i) {
    const int64_t index = ((int64_t{buckets->offset} + static_cast<int64_t>(i)) >> steps);
    const size_t at = static_cast<size_t>(index - merged.offset);
    if (at >= merged.counts.size()) merged.counts.resize(at + 1);
    merged.counts[at] += buckets->counts[i];
  }
  *buckets = std::move(merged);
}

// How many buckets both span together.
int64_t SpanOf(const OtlpBuckets& a, const OtlpBuckets& b) {
  if (a.counts.empty()) return static_cast<int64_t>(b.counts.size());
  if (b.counts.empty()) return static_cast<int64_t>(a.counts.size());
  const int64_t begin = std::min<int64_t>(a.offset, b.offset);
  const int64_t end = std::max(int64_t{a.offset} + static_cast<int64_t>(a.counts.size()),
                               int64_t{b.offset} + static_cast<int64_t>(b.counts.size()));
  return end - begin;
}

// At the same scale.
void AddBuckets(const OtlpBuckets& more, OtlpBuckets* total) {
  if (more.counts.empty()) return;
  if (total->counts.empty()) {
    *total = more;
    return;
  }
  const int32_t begin = std::min(more.offset, total->offset);
  const auto span = static_cast<size_t>(SpanOf(more, *total));
  total->counts.insert(total->counts.begin(), static_cast<size_t>(total->offset - begin), 0);
  total->counts.resize(span);
  total->offset = begin;
  for (size_t i = 0; i < more.counts.size(); ++i) {
    total->counts[static_cast<size_t>(more.offset - begin) + i] += more.counts[i];
  }
}

void AddSum(const OtlpPoint& more, OtlpPoint* total) {
  if (!more.sum.has_value() || !total->sum.has_value()) {
    total->sum.reset();
  } else {
    *total->sum += *more.sum;
  }
}

void Add(OtlpMetric::Kind kind, const OtlpPoint& more, OtlpPoint* total) {
  switch (kind) {
    case OtlpMetric::Kind::kHistogram:
      total->count += more.count;
      AddSum(more, total);
      for (size_t i = 0; i < more.bucket_counts.size(); ++i) {
        total->bucket_counts[i] += more.bucket_counts[i];
      }
      break;
    case OtlpMetric::Kind::kExponential:
      AddExponential(more, total);
      break;
    default:
      total->value += more.value;
  }
}

// Other bounds make another histogram, which begins at zero.
bool SameLayout(const OtlpPoint& a, const OtlpPoint& b) {
  return a.bounds == b.bounds && a.bucket_counts.size() == b.bucket_counts.size();
}

OtlpPoint CountsOf(const OtlpPoint& point) {
  OtlpPoint counts = point;
  counts.attributes.clear();
  counts.exemplars.clear();
  counts.quantiles.clear();
  return counts;
}

void Report(const OtlpPoint& total, OtlpPoint* point) {
  OtlpPoint reported = total;
  reported.attributes = std::move(point->attributes);
  reported.exemplars = std::move(point->exemplars);
  reported.flags = point->flags;
  reported.time = point->time;
  *point = std::move(reported);
}

absl::Status NoRoom(const model::OtlpMetricRules& rules) {
  return absl::ResourceExhaustedError(fmt::format(
      "there is no room for another series of delta temporality: delta_max_streams is {}",
      rules.delta_max_streams));
}

}  // namespace

void AddExponential(const OtlpPoint& more, OtlpPoint* total) {
  OtlpPoint scaled = more;
  int32_t scale = std::min(more.scale, total->scale);
  const auto rescale = [&] {
    Downscale(scaled.scale - scale, &scaled.positive);
    Downscale(scaled.scale - scale, &scaled.negative);
    Downscale(total->scale - scale, &total->positive);
    Downscale(total->scale - scale, &total->negative);
    scaled.scale = total->scale = scale;
  };
  rescale();
  while (SpanOf(scaled.positive, total->positive) > kMaxBuckets ||
         SpanOf(scaled.negative, total->negative) > kMaxBuckets) {
    --scale;
    rescale();
  }
  AddBuckets(scaled.positive, &total->positive);
  AddBuckets(scaled.negative, &total->negative);
  total->count += more.count;
  total->zero_count += more.zero_count;
  total->zero_threshold = std::max(total->zero_threshold, more.zero_threshold);
  AddSum(more, total);
}

bool TenantDeltaTotals::MakeRoom(size_t weight, uint64_t now, const model::OtlpMetricRules& rules) {
  const auto stale_after = static_cast<uint64_t>(
      absl::ToInt64Nanoseconds(std::max(rules.delta_max_stale, absl::ZeroDuration())));
  while (weight_ + weight > rules.delta_max_streams) {
    if (totals_.empty()) return false;
    const Total& oldest = totals_.back();
    if (oldest.updated + stale_after > now) return false;
    weight_ -= oldest.weight;
    by_series_.erase(oldest.series);
    totals_.pop_back();
  }
  return true;
}

absl::Status TenantDeltaTotals::Accumulate(const model::SeriesId& series, OtlpMetric::Kind kind,
                                           uint64_t now, const model::OtlpMetricRules& rules,
                                           OtlpPoint* point) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_series_.find(series);
  if (found != by_series_.end()) {
    Total& total = *found->second;
    if (point->time < total.point.time) {
      return absl::InvalidArgumentError(fmt::format(
          "a delta of {} ns is older than the last one, of {} ns", point->time, total.point.time));
    }
    total.updated = now;
    totals_.splice(totals_.begin(), totals_, found->second);
    // A total may have grown beyond its room, by one point at most.
    if (!MakeRoom(0, now, rules)) return NoRoom(rules);
    const bool resent = point->time == total.point.time;
    if (!resent && !point->no_recorded_value()) {
      if (kind == OtlpMetric::Kind::kHistogram && !SameLayout(*point, total.point)) {
        total.point = CountsOf(*point);
      } else {
        Add(kind, *point, &total.point);
      }
      total.point.time = point->time;
      weight_ -= total.weight;
      total.weight = WeightOf(total.point);
      weight_ += total.weight;
    }
    Report(total.point, point);
    return absl::OkStatus();
  }
  const size_t weight = WeightOf(*point);
  if (!MakeRoom(weight, now, rules)) return NoRoom(rules);
  totals_.push_front({series, now, weight, CountsOf(*point)});
  by_series_.emplace(series, totals_.begin());
  weight_ += weight;
  return absl::OkStatus();
}

size_t TenantDeltaTotals::weight() const {
  absl::MutexLock lock(&mutex_);
  return weight_;
}

TenantDeltaTotals* DeltaTotals::ForTenant(const std::string& tenant) {
  absl::MutexLock lock(&mutex_);
  std::unique_ptr<TenantDeltaTotals>& totals = tenants_[tenant];
  if (totals == nullptr) totals = std::make_unique<TenantDeltaTotals>();
  return totals.get();
}

}  // namespace tidegate::ingest
