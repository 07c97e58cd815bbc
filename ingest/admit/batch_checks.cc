#include "ingest/admit/batch_checks.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "ingest/admit/label_text.h"
#include "model/histogram.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

using model::TimestampMs;

bool IsLimit(absl::Duration duration) {
  return duration > absl::ZeroDuration() && duration != absl::InfiniteDuration();
}

size_t Runes(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; });
}

size_t Runes(const model::Labels& labels) {
  size_t runes = 0;
  for (const model::Label& label : labels) runes += Runes(label.name) + Runes(label.value);
  return runes;
}

// To at most so many bytes, between two characters.
void CutText(size_t bytes, std::string* text) {
  if (text->size() <= bytes) return;
  while (bytes > 0 && (static_cast<uint8_t>((*text)[bytes]) & 0xC0) == 0x80) --bytes;
  text->resize(bytes);
}

// Walks the series of a batch and moves what is kept to the front of each column.
class BatchFilter {
 public:
  BatchFilter(const model::TenantLimits& limits, const model::TimeRange& times,
              model::WriteBatch* batch, Rejections* rejections)
      : limits_(limits), times_(times), batch_(*batch), rejections_(*rejections) {}

  void FilterSamples();
  void FilterHistograms();
  void FilterExemplars();
  void FilterMetadata();

 private:
  void RejectTime(const model::BatchSeries& series, TimestampMs timestamp, PointCounts points);
  bool KeepHistogram(const model::BatchSeries& series, model::HistogramSample* sample);
  bool KeepExemplar(const model::Exemplar& exemplar) const;

  const model::TenantLimits& limits_;
  const model::TimeRange times_;
  model::WriteBatch& batch_;
  Rejections& rejections_;
};

void BatchFilter::RejectTime(const model::BatchSeries& series, TimestampMs timestamp,
                             PointCounts points) {
  const bool future = timestamp > times_.max;
  const RejectReason reason = future ? RejectReason::kTooFarInFuture : RejectReason::kTooOld;
  rejections_.Add(reason, points, [&] {
    return fmt::format(
        "{}: timestamp {} (accepted: {} to {}) of series {}",
        future ? "out of bounds: timestamp is too far in the future" : "too old sample", timestamp,
        times_.min, times_.max, LabelText(series.label_bytes));
  });
}

void BatchFilter::FilterSamples() {
  const auto& times = batch_.timestamps;
  if (std::all_of(times.begin(), times.end(),
                  [range = times_](TimestampMs t) { return range.Contains(t); })) {
    return;
  }
  uint32_t kept = 0;
  for (model::BatchSeries& series : batch_.series) {
    const uint32_t begin = kept;
    for (uint32_t i = series.samples_begin; i < series.samples_end; ++i) {
      if (!times_.Contains(batch_.timestamps[i])) {
        RejectTime(series, batch_.timestamps[i], {.samples = 1});
        continue;
      }
      batch_.timestamps[kept] = batch_.timestamps[i];
      batch_.values[kept] = batch_.values[i];
      if (!batch_.start_timestamps.empty()) {
        batch_.start_timestamps[kept] = batch_.start_timestamps[i];
      }
      ++kept;
    }
    series.samples_begin = begin;
    series.samples_end = kept;
  }
  batch_.timestamps.resize(kept);
  batch_.values.resize(kept);
  if (!batch_.start_timestamps.empty()) batch_.start_timestamps.resize(kept);
}

bool BatchFilter::KeepHistogram(const model::BatchSeries& series, model::HistogramSample* sample) {
  if (!times_.Contains(sample->timestamp)) {
    RejectTime(series, sample->timestamp, {.histograms = 1});
    return false;
  }
  model::ReduceResolution(&sample->histogram);
  const absl::Status status = model::Validate(sample->histogram);
  if (status.ok()) return true;
  rejections_.Add(RejectReason::kInvalidHistogram, {.histograms = 1}, [&] {
    return fmt::format("{}: timestamp {} of series {}", std::string(status.message()),
                       sample->timestamp, LabelText(series.label_bytes));
  });
  return false;
}

bool BatchFilter::KeepExemplar(const model::Exemplar& exemplar) const {
  if (!times_.Contains(exemplar.timestamp)) return false;
  return limits_.max_exemplar_runes == 0 || Runes(exemplar.labels) <= limits_.max_exemplar_runes;
}

void BatchFilter::FilterHistograms() {
  if (batch_.histograms.empty()) return;
  uint32_t kept = 0;
  for (model::BatchSeries& series : batch_.series) {
    const uint32_t begin = kept;
    for (uint32_t i = series.histograms_begin; i < series.histograms_end; ++i) {
      if (!KeepHistogram(series, &batch_.histograms[i])) continue;
      if (kept != i) batch_.histograms[kept] = std::move(batch_.histograms[i]);
      ++kept;
    }
    series.histograms_begin = begin;
    series.histograms_end = kept;
  }
  batch_.histograms.resize(kept);
}

void BatchFilter::FilterExemplars() {
  if (batch_.exemplars.empty()) return;
  uint32_t kept = 0;
  for (model::BatchSeries& series : batch_.series) {
    const uint32_t begin = kept;
    for (uint32_t i = series.exemplars_begin; i < series.exemplars_end; ++i) {
      if (!KeepExemplar(batch_.exemplars[i])) continue;
      if (kept != i) batch_.exemplars[kept] = std::move(batch_.exemplars[i]);
      ++kept;
    }
    series.exemplars_begin = begin;
    series.exemplars_end = kept;
  }
  rejections_.AddSilently(RejectReason::kInvalidExemplar, batch_.exemplars.size() - kept);
  batch_.exemplars.resize(kept);
}

void BatchFilter::FilterMetadata() {
  const size_t removed = std::erase_if(batch_.metadata, [](const model::MetricMetadata& metadata) {
    return metadata.metric_family.empty() || !model::IsValidUtf8(metadata.metric_family) ||
           !model::IsValidUtf8(metadata.help) || !model::IsValidUtf8(metadata.unit);
  });
  rejections_.AddSilently(RejectReason::kInvalidMetadata, removed);
  const size_t most = limits_.max_metadata_length;
  if (most == 0) return;
  const size_t too_long =
      std::erase_if(batch_.metadata, [most](const model::MetricMetadata& metadata) {
        return metadata.metric_family.size() > most || metadata.unit.size() > most;
      });
  rejections_.AddSilently(RejectReason::kMetadataTooLong, too_long);
  for (model::MetricMetadata& metadata : batch_.metadata) CutText(most, &metadata.help);
}

}  // namespace

model::TimeRange AcceptedTimes(const model::TenantLimits& limits, TimestampMs now) {
  // Longer durations would overflow, and reach beyond the model's bounds from any sane `now`.
  const auto limit_ms = [](absl::Duration duration) {
    return std::min<int64_t>(absl::ToInt64Milliseconds(duration), 2 * model::kMaxTimestamp);
  };
  model::TimeRange range = {kOldestAccepted, kNewestAccepted};
  if (IsLimit(limits.max_future))
    range.max = std::min(range.max, now + limit_ms(limits.max_future));
  if (IsLimit(limits.max_age)) range.min = std::max(range.min, now - limit_ms(limits.max_age));
  return range;
}

void CheckBatch(const model::TenantLimits& limits, TimestampMs now, model::WriteBatch* batch,
                Rejections* rejections) {
  BatchFilter filter(limits, AcceptedTimes(limits, now), batch, rejections);
  filter.FilterSamples();
  filter.FilterHistograms();
  filter.FilterExemplars();
  filter.FilterMetadata();
}

}  // namespace tidegate::ingest
