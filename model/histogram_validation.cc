// Prometheus' Validate (model/histogram/generic.go, histogram.go, float_histogram.go): the same
// order of checks and the same texts, because senders log them.
#include <cmath>
#include <limits>

#include "fmt/format.h"
#include "model/histogram.h"

namespace tidegate::model {
namespace {

absl::Status Invalid(std::string text) { return absl::InvalidArgumentError(text); }

absl::Status OnSide(std::string_view side, const absl::Status& status) {
  if (status.ok()) return status;
  return Invalid(fmt::format("{} side: {}", side,
                             std::string_view(status.message().data(), status.message().size())));
}

absl::Status CheckSpans(const std::vector<HistogramSpan>& spans, size_t buckets) {
  uint64_t needed = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    if (i > 0 && spans[i].offset < 0) {
      return Invalid(fmt::format(
          "span number {} with offset {}: histogram has a span whose offset is negative", i + 1,
          spans[i].offset));
    }
    needed += spans[i].length;
  }
  if (needed == buckets) return absl::OkStatus();
  return Invalid(
      fmt::format("spans need {} buckets, have {} buckets: histogram spans specify different "
                  "number of buckets than provided",
                  needed, buckets));
}

absl::Status NegativeBucket(size_t index, const std::string& count) {
  return Invalid(
      fmt::format("bucket number {} has observation count of {}: histogram has a bucket whose "
                  "observation count is negative",
                  index + 1, count));
}

// Adds up the populations of one side. Wrapping arithmetic as in the original: the sum is only
// compared for equality with the count.
absl::Status CheckBuckets(const std::vector<int64_t>& deltas, uint64_t* total) {
  uint64_t count = 0;
  for (size_t i = 0; i < deltas.size(); ++i) {
    count += static_cast<uint64_t>(deltas[i]);
    if (static_cast<int64_t>(count) < 0) {
      return NegativeBucket(i, fmt::format("{}", static_cast<int64_t>(count)));
    }
    *total += count;
  }
  return absl::OkStatus();
}

absl::Status CheckBuckets(const std::vector<double>& counts, double* total) {
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0) return NegativeBucket(i, fmt::format("{}", counts[i]));
    *total += counts[i];
  }
  return absl::OkStatus();
}

absl::Status CheckCustomBounds(const std::vector<double>& bounds,
                               const std::vector<HistogramSpan>& spans, size_t buckets) {
  double previous = -std::numeric_limits<double>::infinity();
  for (const double bound : bounds) {
    if (std::isnan(bound)) return Invalid("custom buckets: histogram custom bound must not be NaN");
    if (bound <= previous) {
      return Invalid(fmt::format(
          "custom buckets: previous bound is {:f} and current is {:f}: histogram custom bounds "
          "must be in strictly increasing order",
          previous, bound));
    }
    previous = bound;
  }
  if (previous == std::numeric_limits<double>::infinity()) {
    return Invalid(
        "custom buckets: last +Inf bound must not be explicitly defined: histogram custom bounds "
        "must be finite");
  }
  uint64_t needed = 0;
  uint64_t total_length = 0;
  for (size_t i = 0; i < spans.size(); ++i) {
    if (spans[i].offset < 0) {
      return Invalid(fmt::format(
          "custom buckets: span number {} with offset {}: histogram has a span whose offset is "
          "negative",
          i + 1, spans[i].offset));
    }
    needed += spans[i].length;
    total_length += spans[i].length + static_cast<uint64_t>(spans[i].offset);
  }
  if (needed != buckets) {
    return Invalid(
        fmt::format("custom buckets: spans need {} buckets, have {} buckets: histogram spans "
                    "specify different number of buckets than provided",
                    needed, buckets));
  }
  if (total_length > bounds.size() + 1) {
    return Invalid(
        fmt::format("custom buckets: only {} custom bounds defined which is insufficient to cover "
                    "total span length of {}: histogram custom bounds are too few",
                    bounds.size(), total_length));
  }
  return absl::OkStatus();
}

// The buckets of either kind under one name.
const std::vector<int64_t>& Positive(const IntHistogram& h) { return h.positive_deltas; }
const std::vector<double>& Positive(const FloatHistogram& h) { return h.positive_buckets; }
const std::vector<int64_t>& Negative(const IntHistogram& h) { return h.negative_deltas; }
const std::vector<double>& Negative(const FloatHistogram& h) { return h.negative_buckets; }

template <typename H>
absl::Status CheckCustomBuckets(const H& h) {
  const absl::Status bounds =
      CheckCustomBounds(h.custom_values, h.positive_spans, Positive(h).size());
  if (!bounds.ok()) return bounds;
  if (h.zero_count != 0) return Invalid("custom buckets: must have zero count of 0");
  if (h.zero_threshold != 0) return Invalid("custom buckets: must have zero threshold of 0");
  if (!h.negative_spans.empty()) return Invalid("custom buckets: must not have negative spans");
  if (!Negative(h).empty()) return Invalid("custom buckets: must not have negative buckets");
  return absl::OkStatus();
}

template <typename H, typename Count>
absl::Status CheckShape(const H& h, Count* positive, Count* negative) {
  if (h.uses_custom_buckets()) {
    if (absl::Status status = CheckCustomBuckets(h); !status.ok()) return status;
  } else if (h.schema >= kMinExponentialSchema && h.schema <= kMaxExponentialSchema) {
    absl::Status status = OnSide("negative", CheckSpans(h.negative_spans, Negative(h).size()));
    if (status.ok()) status = OnSide("negative", CheckBuckets(Negative(h), negative));
    if (!status.ok()) return status;
    if (!h.custom_values.empty()) {
      return Invalid("histogram with exponential schema must not have custom bounds");
    }
  } else {
    return Invalid(
        fmt::format("histogram has an invalid schema, which must be between -4 and 8 for "
                    "exponential buckets, or -53 for custom buckets, got schema {}",
                    h.schema));
  }
  absl::Status status = OnSide("positive", CheckSpans(h.positive_spans, Positive(h).size()));
  if (status.ok()) status = OnSide("positive", CheckBuckets(Positive(h), positive));
  return status;
}

absl::Status CheckHistogram(const IntHistogram& h) {
  uint64_t positive = 0;
  uint64_t negative = 0;
  if (absl::Status status = CheckShape(h, &positive, &negative); !status.ok()) return status;
  const uint64_t found = positive + negative + h.zero_count;
  if (std::isnan(h.sum)) {
    if (found <= h.count) return absl::OkStatus();
    return Invalid(
        fmt::format("{} observations found in buckets, but the Count field is {}: histogram's "
                    "observation count should be at least the number of observations found in the "
                    "buckets",
                    found, h.count));
  }
  if (found == h.count) return absl::OkStatus();
  return Invalid(
      fmt::format("{} observations found in buckets, but the Count field is {}: histogram's "
                  "observation count should equal the number of observations found in the buckets "
                  "(in absence of NaN)",
                  found, h.count));
}

absl::Status CheckHistogram(const FloatHistogram& h) {
  double positive = 0;
  double negative = 0;
  if (h.count < 0) {
    return Invalid(fmt::format(
        "count is {}: histogram has a bucket whose observation count is negative", h.count));
  }
  if (h.zero_count < 0) {
    return Invalid(fmt::format(
        "zero bucket has observation count of {}: histogram has a bucket whose observation count "
        "is negative",
        h.zero_count));
  }
  return CheckShape(h, &positive, &negative);
}

}  // namespace

absl::Status Validate(const Histogram& histogram) {
  return std::visit([](const auto& h) { return CheckHistogram(h); }, histogram);
}

}  // namespace tidegate::model
