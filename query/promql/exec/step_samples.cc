#include "query/promql/exec/step_samples.h"

namespace tidegate::promql {

uint64_t SamplesIn(const model::FloatHistogram& histogram) {
  const size_t numbers = histogram.positive_buckets.size() + histogram.negative_buckets.size() +
                         histogram.positive_spans.size() + histogram.negative_spans.size() +
                         histogram.custom_values.size();
  return 8 + numbers / 2;
}

void StepSamples::Add(const query::StepSeries& series) {
  for (size_t i = 0; i < series.steps(); ++i) {
    if (!series.has(i)) continue;
    const bool float_sample = series.kinds[i] == query::SampleKind::kFloat;
    const uint64_t samples = float_sample ? 1 : SamplesIn(*series.histograms[i]);
    total_[i] += samples;
    read_[i] += samples;
  }
}

void StepSamples::Add(const WindowIndex& floats) {
  uint32_t seen = 0;  // Everything before it was in some earlier window, or in none.
  for (size_t i = 0; i < total_.size(); ++i) {
    total_[i] += floats.end[i] - floats.begin[i];
    const uint32_t fresh = std::max(floats.begin[i], seen);
    if (floats.end[i] > fresh) read_[i] += floats.end[i] - fresh;
    seen = std::max(seen, floats.end[i]);
  }
}

void StepSamples::Add(const WindowIndex& windows, std::span<const HistogramAt> histograms) {
  uint32_t seen = 0;
  for (size_t i = 0; i < total_.size(); ++i) {
    for (uint32_t h = windows.begin[i]; h < windows.end[i]; ++h) {
      const uint64_t samples = SamplesIn(*histograms[h].histogram);
      total_[i] += samples;
      if (h >= seen) read_[i] += samples;
    }
    seen = std::max(seen, windows.end[i]);
  }
}

void StepSamples::AddToAll(const StepSamples& once) {
  for (size_t i = 0; i < total_.size(); ++i) {
    total_[i] += once.total_.front();
    read_[i] += once.read_.front();
  }
}

}  // namespace tidegate::promql
