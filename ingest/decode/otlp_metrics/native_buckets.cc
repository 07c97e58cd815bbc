#include "ingest/decode/otlp_metrics/native_buckets.h"

#include <algorithm>
#include <cstddef>

namespace tidegate::ingest {
namespace {

constexpr int64_t kFilledGap = 2;

// Takes populated buckets in ascending order.
class SpanWriter {
 public:
  SpanWriter(std::vector<model::HistogramSpan>* spans, std::vector<int64_t>* deltas)
      : spans_(*spans), deltas_(*deltas) {}

  void Add(int64_t index, int64_t count) {
    const int64_t gap = index - next_;
    if (spans_.empty() || gap > kFilledGap) {
      spans_.push_back({static_cast<int32_t>(spans_.empty() ? index : gap), 0});
    } else {
      for (int64_t i = 0; i < gap; ++i) Append(0);
    }
    Append(count);
    next_ = index + 1;
  }

 private:
  void Append(int64_t count) {
    ++spans_.back().length;
    deltas_.push_back(count - last_);
    last_ = count;
  }

  std::vector<model::HistogramSpan>& spans_;
  std::vector<int64_t>& deltas_;
  int64_t next_ = 0;
  int64_t last_ = 0;
};

}  // namespace

void AppendNativeBuckets(const OtlpBuckets& buckets, int32_t scale_down, int32_t shift,
                         std::vector<model::HistogramSpan>* spans, std::vector<int64_t>* deltas) {
  SpanWriter writer(spans, deltas);
  const int32_t steps = std::clamp(scale_down, 0, 40);
  int64_t merged_index = 0;
  uint64_t merged = 0;
  for (size_t i = 0; i < buckets.counts.size(); ++i) {
    const int64_t index = ((int64_t{buckets.offset} + static_cast<int64_t>(i)) >> steps) + shift;
    if (index != merged_index && merged != 0) {
      writer.Add(merged_index, static_cast<int64_t>(merged));
      merged = 0;
    }
    merged_index = index;
    merged += buckets.counts[i];
  }
  if (merged != 0) writer.Add(merged_index, static_cast<int64_t>(merged));
}

}  // namespace tidegate::ingest
