#include "query/promql/functions/changes.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "query/histogram/arithmetic.h"
#include "query/histogram/counter_reset.h"
#include "query/promql/functions/start_time.h"
#include "query/promql/functions/window_function.h"

namespace tidegate::promql {
namespace {

using model::TimestampMs;

// A float or a histogram.
struct AnySample {
  TimedStart time;
  double value = 0;
  const model::FloatHistogram* histogram = nullptr;
};

// Walks floats and histograms of a window in order of time.
class Walker {
 public:
  explicit Walker(const Window& window) : window_(window) {}

  // False when nothing is left.
  bool Next(AnySample* sample) {
    const bool has_float = float_ < window_.values.size();
    const bool has_histogram = histogram_ < window_.histograms.size();
    if (!has_float && !has_histogram) return false;
    if (!has_histogram ||
        (has_float && window_.times[float_] < window_.histograms[histogram_].timestamp)) {
      const TimestampMs start = window_.start_times.empty() ? 0 : window_.start_times[float_];
      *sample = {{start, window_.times[float_]}, window_.values[float_], nullptr};
      ++float_;
    } else {
      const HistogramAt& at = window_.histograms[histogram_++];
      *sample = {{at.start_timestamp, at.timestamp}, 0, at.histogram.get()};
    }
    return true;
  }

 private:
  const Window& window_;
  size_t float_ = 0;
  size_t histogram_ = 0;
};

struct Changed {
  static bool Pair(const AnySample& a, const AnySample& b) {
    if ((a.histogram == nullptr) != (b.histogram == nullptr)) return true;
    if (a.histogram != nullptr) return !query::SameContent(*a.histogram, *b.histogram);
    return a.value != b.value && !(std::isnan(a.value) && std::isnan(b.value));
  }
};

struct Reset {
  static bool Pair(const AnySample& a, const AnySample& b) {
    if ((a.histogram == nullptr) != (b.histogram == nullptr)) return true;
    if (IsStartTimeReset(a.time, b.time)) return true;
    if (a.histogram != nullptr) return query::IsCounterReset(*a.histogram, *b.histogram);
    return b.value < a.value;
  }
};

// Leaves the last sample at or before the start of the window and all behind it. False when no
// sample lies inside.
bool Anchor(TimestampMs start, Window* window) {
  const auto float_after =
      std::upper_bound(window->times.begin(), window->times.end(), start) - window->times.begin();
  const auto histogram_after =
      std::upper_bound(window->histograms.begin(), window->histograms.end(), start,
                       [](TimestampMs t, const HistogramAt& at) { return t < at.timestamp; }) -
      window->histograms.begin();
  auto first_float = static_cast<size_t>(float_after);
  auto first_histogram = static_cast<size_t>(histogram_after);
  if (first_float == window->values.size() && first_histogram == window->histograms.size()) {
    return false;
  }
  if (first_float > 0 &&
      (first_histogram == 0 ||
       window->times[first_float - 1] >= window->histograms[first_histogram - 1].timestamp)) {
    --first_float;
  } else if (first_histogram > 0) {
    --first_histogram;
  }
  window->times = window->times.subspan(first_float);
  window->values = window->values.subspan(first_float);
  if (!window->start_times.empty()) window->start_times = window->start_times.subspan(first_float);
  window->histograms = window->histograms.subspan(first_histogram);
  return true;
}

// Counts pairs of neighbours, window by window: for series with histograms.
template <typename Counts>
absl::Status CountWindow(const RangeCall& call, const Window& whole, StepSeries* out) {
  Window window = whole;
  if (call.anchored && !Anchor(call.windows.start(whole.step), &window)) return absl::OkStatus();
  Walker walker(window);
  AnySample previous;
  AnySample current;
  walker.Next(&previous);
  int64_t count = 0;
  while (walker.Next(&current)) {
    if (Counts::Pair(previous, current)) ++count;
    previous = current;
  }
  out->SetFloat(window.step, static_cast<double>(count));
  return absl::OkStatus();
}

template <typename Counts>
class NeighbourCounter final : public RangeFunction {
 public:
  explicit NeighbourCounter(const RangeCall& call)
      : call_(call), windows_(call, CountWindow<Counts>) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    if (!series.histograms.empty()) return windows_.Apply(series, windows, out);
    CountUpToEach(series);
    for (size_t i = 0; i < call_.steps(); ++i) {
      uint32_t begin = windows.floats.begin[i];
      const uint32_t end = windows.floats.end[i];
      if (call_.anchored) {
        const TimestampMs start = call_.windows.start(i);
        const uint32_t reach_begin = begin;
        while (begin < end && series.times[begin] <= start) ++begin;
        if (begin == end) continue;
        if (begin > reach_begin) --begin;
      }
      if (begin == end) continue;
      out->SetFloat(i, static_cast<double>(counts_[end - 1] - counts_[begin]));
    }
    return absl::OkStatus();
  }

 private:
  // counts_[i]: how many of the pairs up to sample i count.
  void CountUpToEach(const RangeSeries& series) {
    counts_.resize(series.values.size());
    int64_t count = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      if (i > 0 && Counts::Pair(FloatAt(series, i - 1), FloatAt(series, i))) ++count;
      counts_[i] = count;
    }
  }

  static AnySample FloatAt(const RangeSeries& series, size_t i) {
    return {{series.StartTime(i), series.times[i]}, series.values[i], nullptr};
  }

  const RangeCall& call_;
  WindowFunction<decltype(&CountWindow<Counts>)> windows_;
  std::vector<int64_t> counts_;
};

}  // namespace

std::unique_ptr<RangeFunction> Changes(const RangeCall& call) {
  return std::make_unique<NeighbourCounter<Changed>>(call);
}

std::unique_ptr<RangeFunction> Resets(const RangeCall& call) {
  return std::make_unique<NeighbourCounter<Reset>>(call);
}

}  // namespace tidegate::promql
