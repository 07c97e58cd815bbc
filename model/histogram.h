// Native histograms, as samples of their own.
//
// Rules and names follow the Prometheus native histogram specification
// (prometheus/docs/specs/native_histograms.md).
#ifndef TIDEGATE_MODEL_HISTOGRAM_H_
#define TIDEGATE_MODEL_HISTOGRAM_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/sample.h"

namespace tidegate::model {

// Exponential schemas are -4..8 (bucket bounds grow by 2^(2^-schema)); -53 has custom bounds.
inline constexpr int32_t kMinExponentialSchema = -4;
inline constexpr int32_t kMaxExponentialSchema = 8;
inline constexpr int32_t kCustomBucketsSchema = -53;

// Values are those of prompb.Histogram.ResetHint.
enum class CounterResetHint : uint8_t { kUnknown = 0, kReset = 1, kNotReset = 2, kGauge = 3 };

// `length` consecutive buckets, `offset` buckets after the end of the previous span (the first
// span's offset is the index of its first bucket and may be negative).
struct HistogramSpan {
  int32_t offset = 0;
  uint32_t length = 0;
  friend bool operator==(const HistogramSpan&, const HistogramSpan&) = default;
};

// Populations as floats; buckets hold absolute counts, in the order of the spans. What the query
// engine computes with.
struct FloatHistogram {
  CounterResetHint counter_reset_hint = CounterResetHint::kUnknown;
  int32_t schema = 0;
  double zero_threshold = 0;  // The zero bucket is [-zero_threshold, zero_threshold].
  double zero_count = 0;
  double count = 0;
  double sum = 0;
  std::vector<HistogramSpan> positive_spans;
  std::vector<HistogramSpan> negative_spans;
  std::vector<double> positive_buckets;
  std::vector<double> negative_buckets;
  std::vector<double> custom_values;  // Upper bounds, ascending, without +Inf; schema -53 only.

  bool uses_custom_buckets() const { return schema == kCustomBucketsSchema; }
  bool is_stale() const { return IsStaleNan(sum); }
};

// Populations as integers, kept exactly; buckets hold the difference to the bucket before (the
// first one is absolute), as prompb carries them.
struct IntHistogram {
  CounterResetHint counter_reset_hint = CounterResetHint::kUnknown;
  int32_t schema = 0;
  double zero_threshold = 0;
  uint64_t zero_count = 0;
  uint64_t count = 0;
  double sum = 0;
  std::vector<HistogramSpan> positive_spans;
  std::vector<HistogramSpan> negative_spans;
  std::vector<int64_t> positive_deltas;
  std::vector<int64_t> negative_deltas;
  std::vector<double> custom_values;

  bool uses_custom_buckets() const { return schema == kCustomBucketsSchema; }
};

using Histogram = std::variant<IntHistogram, FloatHistogram>;

FloatHistogram ToFloat(const Histogram& histogram);
CounterResetHint ResetHint(const Histogram& histogram);
double HistogramSum(const Histogram& histogram);
bool IsStale(const Histogram& histogram);

// The same kind and the same bits in every field.
bool SameBits(const Histogram& a, const Histogram& b);

// The rules of Prometheus' Histogram.Validate / FloatHistogram.Validate (model/histogram), with
// their texts. InvalidArgument. Bounded by the size of the histogram.
absl::Status Validate(const Histogram& histogram);

// Reduces exponential schemas 9..52 to 8 by merging buckets; others are left alone.
void ReduceResolution(Histogram* histogram);

// One histogram sample of a series.
struct HistogramSample {
  TimestampMs timestamp = 0;
  TimestampMs start_timestamp = 0;  // 0 = unknown.
  Histogram histogram;
};

// Self-contained, versioned bytes (docs/formats/histogram.md); exact to the bit. Appends to `out`.
void EncodeHistogram(const Histogram& histogram, std::string* out);
// Reads one histogram from the front of `bytes` and removes it. DataLoss when malformed; never
// allocates more than a small multiple of the bytes.
absl::StatusOr<Histogram> DecodeHistogram(std::string_view* bytes);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_HISTOGRAM_H_
