#include "storage/head/tenant_append.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/synchronization/mutex.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/series_id.h"

namespace tidegate::storage::head {
namespace {

// A definition has to fit into a frame, and a frame should hold many.
constexpr size_t kMaxLabelBytes = 64 << 10;

bool InBounds(model::TimestampMs timestamp) {
  return model::kMinTimestamp <= timestamp && timestamp <= model::kMaxTimestamp;
}

// A point that breaks the bounds would make its frame unreadable. Senders' times are checked before
// they come here; this is the last line.
absl::Status CheckTimestamps(const model::WriteBatch& batch) {
  const auto point_ok = [](const auto& point) { return InBounds(point.timestamp); };
  const auto histogram_ok = [](const model::HistogramSample& histogram) {
    return InBounds(histogram.timestamp) && InBounds(histogram.start_timestamp);
  };
  if (std::ranges::all_of(batch.timestamps, InBounds) &&
      std::ranges::all_of(batch.start_timestamps, InBounds) &&
      std::ranges::all_of(batch.histograms, histogram_ok) &&
      std::ranges::all_of(batch.exemplars, point_ok)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("a timestamp is out of bounds");
}

uint32_t Points(const model::BatchSeries& series) {
  return series.samples_end - series.samples_begin + series.histograms_end -
         series.histograms_begin + series.exemplars_end - series.exemplars_begin +
         series.entries_end - series.entries_begin;
}

}  // namespace

absl::StatusOr<AppendResult> TenantAppend::Run() {
  if (absl::Status status = CheckTimestamps(batch_); !status.ok()) return status;
  frame_.Clear(head_.name());
  for (uint32_t series = 0; series < batch_.series.size(); ++series) {
    if (absl::Status status = AddSeries(series); !status.ok()) return status;
  }
  if (absl::Status status = Flush(); !status.ok()) return status;
  return std::move(result_);
}

absl::Status TenantAppend::AddSeries(uint32_t series) {
  const model::BatchSeries& in = batch_.series[series];
  if (Points(in) == 0) return absl::OkStatus();
  const SeriesRef ref = Resolve(series);
  if (ref == kNoSeries) return absl::OkStatus();
  if (head_.index_->epoch(ref) != epoch_) {
    if (absl::Status status = Define(ref); !status.ok()) return status;
  }
  if (absl::Status status = AddSamples(series, ref); !status.ok()) return status;
  if (in.histograms_begin != in.histograms_end) {
    if (absl::Status status = AddHistograms(series, ref); !status.ok()) return status;
  }
  if (in.exemplars_begin != in.exemplars_end) {
    if (absl::Status status = AddExemplars(series, ref); !status.ok()) return status;
  }
  if (in.entries_begin == in.entries_end) return absl::OkStatus();
  return AddEntries(series, ref);
}

// The number of a series, made if admitted; kNoSeries when it was rejected.
SeriesRef TenantAppend::Resolve(uint32_t series) {
  SeriesRef ref = head_.index_->Find(batch_.series[series].id, head_.last_ref_);
  if (ref == kNoSeries) ref = ResolveUnknown(series);
  if (ref == kNoSeries) return ref;
  if (ref != head_.last_ref_) {
    head_.index_->Follow(head_.last_ref_, ref);
    head_.last_ref_ = ref;
  }
  return ref;
}

SeriesRef TenantAppend::ResolveUnknown(uint32_t series) {
  const model::BatchSeries& in = batch_.series[series];
  absl::StatusOr<model::Labels> labels = admission_.Admit(in.label_bytes);
  if (!labels.ok()) {
    const bool beyond_limit = absl::IsOutOfRange(labels.status());
    RejectSeries(series, beyond_limit ? RejectReason::kLabelLimit : RejectReason::kInvalidLabels,
                 std::string(labels.status().message()));
    return kNoSeries;
  }
  if (labels->bytes().size() > kMaxLabelBytes) {
    RejectSeries(series, RejectReason::kTooLarge,
                 fmt::format("the labels of a series take {} bytes, more than {}",
                             labels->bytes().size(), kMaxLabelBytes));
    return kNoSeries;
  }
  // What arrived may have been another spelling of labels that are known.
  const model::SeriesId id = model::HashLabelBytes(labels->bytes());
  const SeriesRef known = head_.index_->Find(id);
  if (known != kNoSeries) return known;

  if (!AdmitNew(series, *labels)) return kNoSeries;
  ++result_.new_series;
  absl::WriterMutexLock lock(&head_.data_mutex_);
  return head_.index_->Add(id, *labels);
}

bool TenantAppend::AdmitNew(uint32_t series, const model::Labels& labels) {
  const absl::Status admitted =
      admission_.AdmitSeriesCount(head_.index_->size() - head_.idle_series_);
  if (!admitted.ok()) {
    RejectSeries(series, RejectReason::kSeriesLimit, std::string(admitted.message()));
    return false;
  }
  const uint64_t most = admission_.max_series_of_metric();
  if (most == 0 || !HasSeries(labels.metric_name(), most)) return true;
  RejectSeries(series, RejectReason::kMetricSeriesLimit, admission_.MetricIsFull());
  return false;
}

// Whether the metric has at least so many series that are not idle.
bool TenantAppend::HasSeries(std::string_view metric_name, uint64_t count) {
  const LabelDictionary& dictionary = head_.index_->dictionary();
  PairId pair = 0;
  if (!dictionary.FindPair(model::kMetricNameLabel, metric_name, &pair)) return false;
  const PostingsList& all = dictionary.postings(pair);
  if (all.count() < count) return false;
  if (head_.idle_series_ == 0 || full_metrics_.contains(pair)) return true;
  uint64_t active = 0;
  all.ForEachRun([&](SeriesRef begin, SeriesRef end) {
    for (SeriesRef ref = begin; ref < end; ++ref) {
      if (!head_.CountsAsIdle(head_.index_->epoch(ref))) ++active;
    }
    return active < count;
  });
  if (active >= count) full_metrics_.insert(pair);
  return active >= count;
}

absl::Status TenantAppend::Define(SeriesRef ref) {
  const model::Labels labels = head_.index_->LabelsOf(ref);
  absl::StatusOr<bool> added = AddToFrame([&] { return frame_.AddDefinition(ref, labels); });
  if (!added.ok()) return added.status();
  defined_.emplace_back(ref, head_.index_->epoch(ref));
  head_.index_->set_epoch(ref, epoch_);
  return absl::OkStatus();
}

absl::Status TenantAppend::AddSamples(uint32_t series, SeriesRef ref) {
  const model::BatchSeries& in = batch_.series[series];
  const bool has_starts = !batch_.start_timestamps.empty();
  for (uint32_t i = in.samples_begin; i < in.samples_end; ++i) {
    const LogRecord::Sample sample = {
        .ref = ref,
        .value = batch_.values[i],
        .timestamp = batch_.timestamps[i],
        .start_timestamp = has_starts ? batch_.start_timestamps[i] : 0};
    if (!head_.open_.IsPlainlyNew(ref, sample.timestamp)) {
      const StoredPoint known = head_.LookupUnsealed(ref, sample.timestamp);
      if (known.kind != StoredPoint::kNone &&
          CompareToKnown(known, sample.value) == Outcome::kConflict) {
        RejectSample(series, sample.timestamp, sample.value);
        continue;
      }
    }
    ++result_.samples;
    if (frame_.AddSample(series, sample)) [[likely]]
      continue;
    if (absl::Status status = Flush(); !status.ok()) return status;
    frame_.AddSample(series, sample);
  }
  return absl::OkStatus();
}

absl::Status TenantAppend::AddHistograms(uint32_t series, SeriesRef ref) {
  const model::BatchSeries& in = batch_.series[series];
  for (uint32_t i = in.histograms_begin; i < in.histograms_end; ++i) {
    const model::HistogramSample& histogram = batch_.histograms[i];
    encoded_.clear();
    model::EncodeHistogram(histogram.histogram, &encoded_);
    const StoredPoint known = head_.LookupUnsealed(ref, histogram.timestamp);
    if (known.kind != StoredPoint::kNone && CompareToKnown(known, encoded_) == Outcome::kConflict) {
      RejectHistogram(series, histogram.timestamp);
      continue;
    }
    absl::StatusOr<bool> added =
        AddToFrame([&] { return frame_.AddHistogram(series, ref, histogram, encoded_); });
    if (!added.ok()) return added.status();
    if (*added) {
      ++result_.histograms;
    } else {
      ++Reject(series, RejectReason::kTooLarge, histogram.timestamp,
               fmt::format("a histogram takes {} bytes, more than a log frame", encoded_.size()))
            .histograms;
    }
  }
  return absl::OkStatus();
}

absl::Status TenantAppend::AddExemplars(uint32_t series, SeriesRef ref) {
  const model::BatchSeries& in = batch_.series[series];
  for (uint32_t i = in.exemplars_begin; i < in.exemplars_end; ++i) {
    const model::Exemplar& exemplar = batch_.exemplars[i];
    if (head_.open_.ExemplarCount(ref) >= kMaxExemplars) {
      Reject(series, RejectReason::kExemplarLimit, exemplar.timestamp, "too many exemplars")
          .exemplars += in.exemplars_end - i;
      break;
    }
    absl::StatusOr<bool> added = AddToFrame([&] { return frame_.AddExemplar(ref, exemplar); });
    if (!added.ok()) return added.status();
    if (*added) {
      ++result_.exemplars;
    } else {
      ++Reject(series, RejectReason::kTooLarge, exemplar.timestamp,
               fmt::format("the labels of an exemplar take {} bytes, more than a log frame",
                           exemplar.labels.bytes().size()))
            .exemplars;
    }
  }
  return absl::OkStatus();
}

absl::Status TenantAppend::AddEntries(uint32_t series, SeriesRef ref) {
  const model::BatchSeries& in = batch_.series[series];
  for (uint32_t i = in.entries_begin; i < in.entries_end; ++i) {
    const model::LogEntryView& entry = batch_.entries[i];
    absl::StatusOr<bool> added = AddToFrame([&] { return frame_.AddEntry(ref, entry); });
    if (!added.ok()) return added.status();
    if (*added) {
      ++result_.entries;
    } else {
      ++Reject(series, RejectReason::kTooLarge, 0,
               fmt::format("a log line takes {} bytes, more than a log frame", entry.line.size()))
            .entries;
    }
  }
  return absl::OkStatus();
}

template <typename Add>
absl::StatusOr<bool> TenantAppend::AddToFrame(const Add& add) {
  if (add()) return true;
  if (absl::Status status = Flush(); !status.ok()) return status;
  return add();
}

absl::Status TenantAppend::Flush() {
  if (frame_.empty()) return absl::OkStatus();
  const absl::StatusOr<LogPosition> position = LogFrame();
  if (!position.ok()) {
    TakeBackDefinitions();
    if (!absl::IsFailedPrecondition(position.status())) return position.status();
    return absl::UnavailableError("the log has just lost frames that were not acknowledged");
  }
  result_.position = *position;
  const LogRecord& record = frame_.record();
  {
    absl::WriterMutexLock lock(&head_.data_mutex_);
    // Only points of one frame can still contradict each other: the first one stays, here as in a
    // replay.
    head_.Apply(
        record,
        [this, &record](size_t i) {
          --result_.samples;
          RejectSample(frame_.sample_series(i), record.samples[i].timestamp,
                       record.samples[i].value);
        },
        [this, &record](size_t i) {
          --result_.histograms;
          RejectHistogram(frame_.histogram_series(i), record.histograms[i].timestamp);
        });
  }
  KeepDefinitions();
  frame_.Clear(head_.name());
  return absl::OkStatus();
}

// Definitions are written twice, first in a frame of their own: later frames need them, and so
// damage to either frame costs no more than that frame's points. Both are of one generation, so
// neither is durable without the definitions.
absl::StatusOr<LogPosition> TenantAppend::LogFrame() {
  if (!defined_.empty()) {
    const absl::StatusOr<LogPosition> first =
        run_.log->Append(frame_.EncodeDefinitions(), run_.generation);
    if (!first.ok()) return first;
  }
  return run_.log->Append(frame_.Encode(), run_.generation);
}

void TenantAppend::KeepDefinitions() {
  for (const auto& [ref, epoch] : defined_) {
    // It was counted out at the last cut and is back.
    if (head_.CountsAsIdle(epoch)) --head_.idle_series_;
  }
  defined_.clear();
}

// Not in the log: the next frame that uses these series has to define them.
void TenantAppend::TakeBackDefinitions() {
  for (const auto& [ref, epoch] : defined_) head_.index_->set_epoch(ref, epoch);
  defined_.clear();
}

void TenantAppend::RejectSeries(uint32_t series, RejectReason reason, std::string message) {
  const model::BatchSeries& in = batch_.series[series];
  result_.rejections.push_back({.series = series,
                                .reason = reason,
                                .timestamp = 0,
                                .message = std::move(message),
                                .samples = in.samples_end - in.samples_begin,
                                .histograms = in.histograms_end - in.histograms_begin,
                                .exemplars = in.exemplars_end - in.exemplars_begin,
                                .entries = in.entries_end - in.entries_begin});
}

Rejection& TenantAppend::Reject(uint32_t series, RejectReason reason, model::TimestampMs timestamp,
                                const std::string& message) {
  auto& rejections = result_.rejections;
  if (rejections.empty() || rejections.back().series != series ||
      rejections.back().reason != reason) {
    rejections.push_back(
        {.series = series, .reason = reason, .timestamp = timestamp, .message = message});
  }
  return rejections.back();
}

void TenantAppend::RejectSample(uint32_t series, model::TimestampMs timestamp, double value) {
  ++Reject(series, RejectReason::kDuplicateTimestamp, timestamp,
           fmt::format("duplicate sample for timestamp {}; overrides not allowed: new value {}",
                       timestamp, value))
        .samples;
}

void TenantAppend::RejectHistogram(uint32_t series, model::TimestampMs timestamp) {
  ++Reject(series, RejectReason::kDuplicateTimestamp, timestamp,
           fmt::format("duplicate sample for timestamp {}; overrides not allowed: new value is a "
                       "histogram",
                       timestamp))
        .histograms;
}

}  // namespace tidegate::storage::head
