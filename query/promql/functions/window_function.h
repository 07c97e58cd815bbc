// Range functions that look at one window at a time.
#ifndef TIDEGATE_QUERY_PROMQL_FUNCTIONS_WINDOW_FUNCTION_H_
#define TIDEGATE_QUERY_PROMQL_FUNCTIONS_WINDOW_FUNCTION_H_

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "query/promql/functions/function.h"

namespace tidegate::promql {

// The samples of one series in the window of one step; never empty.
struct Window {
  model::LabelsView labels;
  std::span<const model::TimestampMs> times;
  std::span<const double> values;
  std::span<const model::TimestampMs> start_times;  // Empty or parallel to `times`.
  std::span<const HistogramAt> histograms;
  size_t step = 0;

  bool mixed() const { return !values.empty() && !histograms.empty(); }
};

// Calls a functor `absl::Status (const RangeCall&, const Window&, StepSeries*)` for every step
// whose window has samples. The functor may keep scratch memory.
template <typename Visit>
class WindowFunction final : public RangeFunction {
 public:
  WindowFunction(const RangeCall& call, Visit visit) : call_(call), visit_(std::move(visit)) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    Window window;
    window.labels = series.labels;
    for (size_t i = 0; i < call_.steps(); ++i) {
      const uint32_t begin = windows.floats.begin[i];
      const uint32_t end = windows.floats.end[i];
      const uint32_t histogram_begin = windows.histograms.begin[i];
      const uint32_t histogram_end = windows.histograms.end[i];
      if (begin == end && histogram_begin == histogram_end) continue;
      window.times = series.times.subspan(begin, end - begin);
      window.values = series.values.subspan(begin, end - begin);
      if (!series.start_times.empty()) {
        window.start_times = series.start_times.subspan(begin, end - begin);
      }
      window.histograms =
          series.histograms.subspan(histogram_begin, histogram_end - histogram_begin);
      window.step = i;
      absl::Status status = visit_(call_, window, out);
      if (status.ok()) status = CheckNowAndThen(end - begin + histogram_end - histogram_begin);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  static constexpr size_t kCheckInterval = 100'000;

  // Many long windows of one series can take long.
  absl::Status CheckNowAndThen(size_t samples) {
    work_ += samples;
    if (work_ < kCheckInterval) return absl::OkStatus();
    work_ = 0;
    return call_.request->Check();
  }

  const RangeCall& call_;
  Visit visit_;
  size_t work_ = 0;
};

template <typename Visit>
std::unique_ptr<RangeFunction> MakeWindowFunction(const RangeCall& call, Visit visit) {
  return std::make_unique<WindowFunction<Visit>>(call, std::move(visit));
}

// A function of the floats of a window; histograms beside them are ignored with an info, windows
// without floats have no result.
template <typename OfFloats>
std::unique_ptr<RangeFunction> MakeFloatWindowFunction(const RangeCall& call, OfFloats of_floats) {
  return MakeWindowFunction(
      call, [of_floats = std::move(of_floats)](const RangeCall& site, const Window& window,
                                               StepSeries* out) mutable {
        if (window.values.empty()) return absl::OkStatus();
        if (window.mixed()) {
          site.annotations->Inform(HistogramIgnoredInMixedRangeText(window.labels.metric_name()),
                                   site.first_position);
        }
        out->SetFloat(window.step, of_floats(window));
        return absl::OkStatus();
      });
}

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_FUNCTIONS_WINDOW_FUNCTION_H_
