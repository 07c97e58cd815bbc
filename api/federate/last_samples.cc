#include "api/federate/last_samples.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "query/selector_text.h"

namespace tidegate::api {
namespace {

// Prometheus' lookback.
constexpr int64_t kLookbackMs = 5 * 60 * 1000;

absl::Status TooMuch() {
  return absl::ResourceExhaustedError("federation would load too many samples into memory");
}

// Nothing when the series has ended or cannot be exposed.
std::optional<LastSample> LastOf(const storage::SeriesColumns& columns) {
  const bool has_float = !columns.values.empty();
  if (!columns.histograms.empty()) {
    const model::HistogramSample& last = columns.histograms.back();
    if (!has_float || last.timestamp > columns.timestamps->back()) {
      model::FloatHistogram histogram = model::ToFloat(last.histogram);
      if (histogram.is_stale() || histogram.uses_custom_buckets()) return std::nullopt;
      return LastSample{last.timestamp, 0,
                        std::make_shared<const model::FloatHistogram>(std::move(histogram))};
    }
  }
  if (!has_float || model::IsStaleNan(columns.values.back())) return std::nullopt;
  return LastSample{columns.timestamps->back(), columns.values.back(), nullptr};
}

int64_t BytesOf(const model::Labels& labels, const LastSample& sample) {
  size_t bytes = labels.bytes().size() + sizeof(LastSamples::value_type);
  if (const model::FloatHistogram* const h = sample.histogram.get(); h != nullptr) {
    bytes += sizeof(*h) + (h->positive_buckets.size() + h->negative_buckets.size() +
                           h->positive_spans.size() + h->negative_spans.size()) *
                              sizeof(double);
  }
  return static_cast<int64_t>(bytes);
}

class LastSampleSink final : public storage::Sink<storage::SelectedSeries> {
 public:
  LastSampleSink(const model::TenantLimits& limits, LastSamples* samples)
      : max_samples_(limits.max_query_samples),
        max_bytes_(limits.max_query_bytes),
        samples_(*samples) {}

  absl::Status Add(storage::SelectedSeries series) override {
    read_ += series.columns.values.size() + series.columns.histograms.size();
    if (max_samples_ != 0 && read_ > max_samples_) return TooMuch();
    std::optional<LastSample> last = LastOf(series.columns);
    if (!last.has_value()) return absl::OkStatus();
    const int64_t bytes = BytesOf(series.labels, *last);
    samples_[std::move(series.labels)] = *std::move(last);
    return Hold(bytes);
  }
  absl::Status Hold(int64_t bytes) override {
    held_ += bytes;
    const bool fits = max_bytes_ == 0 || held_ <= static_cast<int64_t>(max_bytes_);
    return fits ? absl::OkStatus() : TooMuch();
  }

 private:
  const uint64_t max_samples_;
  const uint64_t max_bytes_;
  LastSamples& samples_;
  uint64_t read_ = 0;
  int64_t held_ = 0;
};

}  // namespace

absl::StatusOr<LastSamples> SelectLastSamples(storage::SeriesSource* source,
                                              const model::RequestContext& context,
                                              const model::TenantLimits& limits,
                                              const std::vector<std::string>& selectors,
                                              model::TimestampMs now) {
  LastSamples samples;
  LastSampleSink sink(limits, &samples);
  for (const std::string& selector : selectors) {
    auto matchers = query::ParseSelector(selector);
    if (!matchers.ok()) return matchers.status();
    const storage::Selection selection{*std::move(matchers), {now - kLookbackMs + 1, now}};
    if (absl::Status status = source->Select(context, selection, sink); !status.ok()) return status;
  }
  return samples;
}

}  // namespace tidegate::api
