#include "query/promql/functions/instant_rate.h"

#include <memory>
#include <utility>

#include "query/histogram/arithmetic.h"
#include "query/histogram/counter_reset.h"
#include "query/promql/functions/histogram_rate.h"
#include "query/promql/functions/start_time.h"

namespace tidegate::promql {
namespace {

using model::FloatHistogram;
using model::TimestampMs;

class LastTwo final : public RangeFunction {
 public:
  LastTwo(const RangeCall& call, bool rate) : call_(call), rate_(rate) {}

  absl::Status Apply(const RangeSeries& series, const SeriesWindows& windows,
                     StepSeries* out) override {
    for (size_t i = 0; i < call_.steps(); ++i) {
      const Pair pair = PickLast(series, windows, i);
      if (!pair.complete || pair.current.time == pair.previous.time) continue;
      if (pair.previous.histogram == nullptr && pair.current.histogram == nullptr) {
        out->SetFloat(i, FloatResult(pair));
      } else if (pair.previous.histogram != nullptr && pair.current.histogram != nullptr) {
        SetHistogramResult(pair, series, i, out);
      } else {
        call_.annotations->Warn(MixedFloatsHistogramsText(series.labels.metric_name()),
                                call_.position);
      }
    }
    return absl::OkStatus();
  }

 private:
  struct Sample {
    TimestampMs time = 0;
    TimestampMs start = 0;
    double value = 0;
    const FloatHistogram* histogram = nullptr;

    TimedStart timed_start() const { return {start, time}; }
  };
  struct Pair {
    Sample previous;
    Sample current;
    bool complete = false;
  };

  static Pair PickLast(const RangeSeries& series, const SeriesWindows& windows, size_t step) {
    Pair pair;
    uint32_t f = windows.floats.end[step];
    uint32_t h = windows.histograms.end[step];
    const auto take = [&](Sample* sample) {
      const bool has_float = f > windows.floats.begin[step];
      const bool has_histogram = h > windows.histograms.begin[step];
      if (!has_float && !has_histogram) return false;
      if (!has_histogram ||
          (has_float && series.times[f - 1] > series.histograms[h - 1].timestamp)) {
        --f;
        *sample = {series.times[f], series.StartTime(f), series.values[f], nullptr};
      } else {
        const HistogramAt& at = series.histograms[--h];
        *sample = {at.timestamp, at.start_timestamp, 0, at.histogram.get()};
      }
      return true;
    };
    pair.complete = take(&pair.current) && take(&pair.previous);
    return pair;
  }

  double FloatResult(const Pair& pair) const {
    double result = pair.current.value;
    const bool reset =
        rate_ && (pair.current.value < pair.previous.value ||
                  IsStartTimeReset(pair.previous.timed_start(), pair.current.timed_start()));
    if (!reset) result -= pair.previous.value;
    return rate_ ? result / Seconds(pair) : result;
  }

  static double Seconds(const Pair& pair) {
    return static_cast<double>(pair.current.time - pair.previous.time) / 1000;
  }

  void SetHistogramResult(const Pair& pair, const RangeSeries& series, size_t step,
                          StepSeries* out) {
    const AnnotationSite site{series.labels.metric_name(), call_.position, call_.annotations};
    NoteType(pair, site);
    FloatHistogram result = *pair.current.histogram;
    const bool reset =
        rate_ && (IsStartTimeReset(pair.previous.timed_start(), pair.current.timed_start()) ||
                  query::IsCounterReset(*pair.previous.histogram, *pair.current.histogram));
    if (!reset && !SubtractNoting(*pair.previous.histogram, site, &result)) return;
    result.counter_reset_hint = model::CounterResetHint::kGauge;
    query::Compact(&result);
    if (rate_) query::Divide(Seconds(pair), &result);
    out->SetHistogram(step, std::make_shared<const FloatHistogram>(std::move(result)));
  }

  void NoteType(const Pair& pair, const AnnotationSite& site) const {
    constexpr auto kGauge = model::CounterResetHint::kGauge;
    const bool previous_gauge = pair.previous.histogram->counter_reset_hint == kGauge;
    const bool current_gauge = pair.current.histogram->counter_reset_hint == kGauge;
    if (rate_ && (previous_gauge || current_gauge)) {
      site.annotations->Warn(NotCounterText(site.metric), site.position);
    }
    if (!rate_ && !(previous_gauge && current_gauge)) {
      site.annotations->Warn(NotGaugeText(site.metric), site.position);
    }
  }

  const RangeCall& call_;
  const bool rate_;
};

}  // namespace

std::unique_ptr<RangeFunction> Irate(const RangeCall& call) {
  return std::make_unique<LastTwo>(call, true);
}

std::unique_ptr<RangeFunction> Idelta(const RangeCall& call) {
  return std::make_unique<LastTwo>(call, false);
}

}  // namespace tidegate::promql
