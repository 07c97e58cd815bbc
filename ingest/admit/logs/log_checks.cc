#include "ingest/admit/logs/log_checks.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "ingest/admit/batch_checks.h"
#include "ingest/admit/label_text.h"
#include "ingest/admit/logs/detected_level.h"
#include "ingest/admit/logs/stream_checks.h"
#include "ingest/decode/loki/stream_labels.h"
#include "model/series_id.h"

namespace tidegate::ingest {
namespace {

std::string Rfc3339(model::TimestampNs timestamp) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", absl::FromUnixNanos(timestamp),
                          absl::UTCTimeZone());
}

size_t MetadataBytes(model::LabelsView metadata) {
  size_t bytes = 0;
  for (const model::Label& label : metadata) bytes += label.name.size() + label.value.size();
  return bytes;
}

TokenRate Rate(double per_second, double burst) {
  return {per_second, burst == 0 ? per_second : burst};
}

// As Loki prints sizes (go-humanize's, and its flagext.ByteSize): powers of 1024 with their unit.
std::string SizeText(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "KB", "MB", "GB"};
  double size = static_cast<double>(bytes);
  int unit = 0;
  for (; size >= 1024 && unit < 3; ++unit) size /= 1024;
  return fmt::format("{:g}{}", size, kUnits[unit]);
}

// Checks one push. Streams and entries that are kept move to the front of their columns.
class LogChecks {
 public:
  LogChecks(const std::string& tenant, const model::LogLimits& limits, absl::Time now,
            LogRates* rates, DecodedPush* push, Rejections* rejections);

  absl::Status Run();

 private:
  void CheckStream(model::BatchSeries series);
  void KeepEntries(model::BatchSeries* series);
  bool CheckEntry(model::LogEntryView* entry);
  bool CheckTime(const model::LogEntryView& entry);
  bool CheckMetadata(const model::LogEntryView& entry);
  bool CheckStreamRate(const model::LogEntryView& entry);
  absl::Status CheckTenantRate() const;
  template <typename Describe>
  bool Refuse(RejectReason reason, Describe describe_fn) {
    rejections_.Add(reason, {.entries = 1}, describe_fn);
    return false;
  }
  std::string Stream() const { return StreamText(labels_); }

  const std::string& tenant_;
  const model::LogLimits& limits_;
  const absl::Time now_;
  LogRates& rates_;
  DecodedPush& push_;
  model::WriteBatch& batch_;
  Rejections& rejections_;
  model::TimestampNs oldest_;
  model::TimestampNs newest_;
  bool detects_levels_;

  std::vector<model::Label> labels_;  // Of the stream at work.
  std::string stream_key_;
  std::vector<model::BatchSeries> kept_series_;
  uint32_t kept_entries_ = 0;
  uint64_t bytes_ = 0;
};

LogChecks::LogChecks(const std::string& tenant, const model::LogLimits& limits, absl::Time now,
                     LogRates* rates, DecodedPush* push, Rejections* rejections)
    : tenant_(tenant),
      limits_(limits),
      now_(now),
      rates_(*rates),
      push_(*push),
      batch_(push->batch),
      rejections_(*rejections),
      oldest_(kOldestAccepted * 1'000'000),
      newest_(kNewestAccepted * 1'000'000),
      detects_levels_(limits.discover_log_levels && limits.allow_structured_metadata) {
  if (limits.reject_old_samples && limits.reject_old_samples_max_age > absl::ZeroDuration()) {
    oldest_ = std::max(oldest_, absl::ToUnixNanos(now - limits.reject_old_samples_max_age));
  }
  if (limits.creation_grace_period > absl::ZeroDuration()) {
    newest_ = std::min(newest_, absl::ToUnixNanos(now + limits.creation_grace_period));
  }
}

bool LogChecks::CheckTime(const model::LogEntryView& entry) {
  if (entry.timestamp < oldest_) {
    return Refuse(RejectReason::kTooOld, [&] {
      return fmt::format(
          "entry for stream '{}' has timestamp too old: {}, oldest acceptable timestamp is: {}",
          Stream(), Rfc3339(entry.timestamp), Rfc3339(oldest_));
    });
  }
  if (entry.timestamp > newest_) {
    return Refuse(RejectReason::kTooFarInFuture, [&] {
      return fmt::format("entry for stream '{}' has timestamp too new: {}", Stream(),
                         Rfc3339(entry.timestamp));
    });
  }
  return true;
}

bool LogChecks::CheckMetadata(const model::LogEntryView& entry) {
  if (entry.structured_metadata.empty()) return true;
  if (!limits_.allow_structured_metadata) {
    return Refuse(RejectReason::kDisallowedMetadata, [&] {
      return fmt::format(
          "stream '{}' includes structured metadata, but this feature is "
          "disallowed. Please see `limits_config.allow_structured_metadata` or "
          "contact your Loki administrator to enable it",
          Stream());
    });
  }
  const model::LabelsView metadata(entry.structured_metadata);
  const size_t most_bytes = limits_.max_structured_metadata_size;
  if (const size_t bytes = most_bytes == 0 ? 0 : MetadataBytes(metadata); bytes > most_bytes) {
    return Refuse(RejectReason::kMetadataTooLarge, [&] {
      return fmt::format(
          "stream '{}' has structured metadata too large: '{}' bytes, limit: '{}' "
          "bytes. Please see `limits_config.max_structured_metadata_size` or "
          "contact your Loki administrator to increase it",
          Stream(), bytes, most_bytes);
    });
  }
  const uint32_t most = limits_.max_structured_metadata_entries_count;
  if (const size_t count = most == 0 ? 0 : metadata.size(); count > most) {
    return Refuse(RejectReason::kMetadataTooMany, [&] {
      return fmt::format(
          "stream '{}' has too many structured metadata labels: '{}', limit: '{}'. "
          "Please see `limits_config.max_structured_metadata_entries_count` or "
          "contact your Loki administrator to increase it",
          Stream(), count, most);
    });
  }
  return true;
}

bool LogChecks::CheckStreamRate(const model::LogEntryView& entry) {
  if (limits_.per_stream_rate_limit == 0) return true;
  const TokenRate rate = Rate(static_cast<double>(limits_.per_stream_rate_limit),
                              static_cast<double>(limits_.per_stream_rate_limit_burst));
  const size_t bytes =
      entry.line.size() + MetadataBytes(model::LabelsView(entry.structured_metadata));
  if (rates_.streams.Take(stream_key_, rate, static_cast<double>(bytes), now_)) return true;
  return Refuse(RejectReason::kPerStreamRateLimit, [&] {
    return fmt::format(
        "Per stream rate limit exceeded (limit: {}/sec) while attempting to ingest for stream "
        "'{}' totaling {}, consider splitting a stream via additional labels or contact your Loki "
        "administrator to see if the limit can be increased",
        SizeText(limits_.per_stream_rate_limit), Stream(), SizeText(bytes));
  });
}

bool LogChecks::CheckEntry(model::LogEntryView* entry) {
  if (!CheckTime(*entry)) return false;
  if (limits_.max_line_size != 0 && entry->line.size() > limits_.max_line_size) {
    if (!limits_.max_line_size_truncate) {
      return Refuse(RejectReason::kLineTooLong, [&] {
        return fmt::format(
            "max entry size '{}' bytes exceeded for stream '{}' while adding an "
            "entry with length '{}' bytes",
            limits_.max_line_size, Stream(), entry->line.size());
      });
    }
    entry->line = entry->line.substr(0, limits_.max_line_size);
  }
  return CheckMetadata(*entry) && CheckStreamRate(*entry);
}

void LogChecks::KeepEntries(model::BatchSeries* series) {
  DetectedLevel level(model::LabelsView(series->label_bytes), &push_.arena);
  const uint32_t begin = kept_entries_;
  model::TimestampNs last_sent = 0;
  for (uint32_t i = series->entries_begin; i < series->entries_end; ++i) {
    model::LogEntryView entry = batch_.entries[i];
    if (!CheckEntry(&entry)) continue;
    if (detects_levels_) {
      entry.structured_metadata = level.Add(entry.line, entry.structured_metadata);
    }
    if (limits_.increment_duplicate_timestamp) {
      const bool again = kept_entries_ > begin && entry.timestamp == last_sent &&
                         entry.line != batch_.entries[kept_entries_ - 1].line;
      last_sent = entry.timestamp;
      if (again) entry.timestamp = batch_.entries[kept_entries_ - 1].timestamp + 1;
    }
    bytes_ += entry.line.size();
    batch_.entries[kept_entries_++] = entry;
  }
  series->entries_begin = begin;
  series->entries_end = kept_entries_;
}

void LogChecks::CheckStream(model::BatchSeries series) {
  const PointCounts entries = {.entries = series.entries_end - series.entries_begin};
  labels_.clear();
  for (const model::Label& label : model::LabelsView(series.label_bytes)) labels_.push_back(label);
  if (labels_.empty()) {
    rejections_.Add(RejectReason::kMissingLabels, entries,
                    [] { return "error at least one label pair is required per stream"; });
    return;
  }
  const size_t sent = labels_.size();
  AddServiceName(limits_, &labels_);
  if (const StreamProblem problem = CheckStreamLabels(tenant_, limits_, labels_);
      !problem.text.empty()) {
    rejections_.Add(problem.reason, entries, [&] { return problem.text; });
    return;
  }
  if (labels_.size() != sent) series.label_bytes = LabelBytes(labels_, &push_.arena);
  series.id = model::HashLabelBytes(series.label_bytes);
  if (limits_.per_stream_rate_limit != 0) {
    stream_key_ = fmt::format("{}/{:016x}{:016x}", tenant_, series.id.high, series.id.low);
  }
  KeepEntries(&series);
  if (series.entries_begin != series.entries_end) kept_series_.push_back(series);
}

absl::Status LogChecks::CheckTenantRate() const {
  constexpr double kMegabyte = 1e6;
  if (limits_.ingestion_rate_mb <= 0 || kept_entries_ == 0) return absl::OkStatus();
  const TokenRate rate =
      Rate(limits_.ingestion_rate_mb * kMegabyte, limits_.ingestion_burst_size_mb * kMegabyte);
  uint64_t bytes = bytes_;
  for (uint32_t i = 0; i < kept_entries_; ++i) {
    bytes += MetadataBytes(model::LabelsView(batch_.entries[i].structured_metadata));
  }
  if (rates_.tenants.Take(tenant_, rate, static_cast<double>(bytes), now_)) {
    return absl::OkStatus();
  }
  rejections_.AddSilently(RejectReason::kRateLimited, kept_entries_);
  return absl::ResourceExhaustedError(fmt::format(
      "ingestion rate limit exceeded for user {} (limit: {} bytes/sec) while attempting to ingest "
      "'{}' lines totaling '{}' bytes, reduce log volume or contact your Loki administrator to see "
      "if the limit can be increased",
      tenant_, static_cast<uint64_t>(rate.per_second), kept_entries_, bytes));
}

absl::Status LogChecks::Run() {
  for (const UnreadableStream& stream : push_.unreadable_streams) {
    rejections_.Add(RejectReason::kInvalidLabels, {.entries = stream.entries},
                    [&] { return stream.reason; });
  }
  kept_series_.reserve(batch_.series.size());
  for (const model::BatchSeries& series : batch_.series) CheckStream(series);
  batch_.series = std::move(kept_series_);
  batch_.entries.resize(kept_entries_);
  return CheckTenantRate();
}

}  // namespace

absl::Status CheckNotBlocked(const std::string& tenant, const model::LogLimits& limits,
                             absl::Time now) {
  if (now >= limits.block_ingestion_until) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format(
      "ingestion blocked for user '{}' until '{}' with status code '{}'", tenant,
      absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", limits.block_ingestion_until, absl::UTCTimeZone()),
      limits.block_ingestion_status_code));
}

absl::Status CheckLogs(const std::string& tenant, const model::LogLimits& limits, absl::Time now,
                       LogRates* rates, DecodedPush* push, Rejections* rejections) {
  return LogChecks(tenant, limits, now, rates, push, rejections).Run();
}

absl::StatusOr<model::Labels> StreamAdmission::Admit(std::string_view label_bytes) const {
  return model::CanonicalLabels(label_bytes);
}

absl::Status StreamAdmission::AdmitSeriesCount(uint64_t active) const {
  const uint64_t most = limits_.max_global_streams_per_user;
  if (most == 0 || active < most) return absl::OkStatus();
  return absl::ResourceExhaustedError("maximum active stream limit exceeded");
}

std::string StreamLimitText(const std::string& tenant, std::string_view label_bytes) {
  return fmt::format(
      "maximum active stream limit exceeded when trying to create stream {}, reduce the number of "
      "active streams (reduce labels or reduce label values), or contact your Loki administrator "
      "to see if the limit can be increased, user: '{}'",
      LabelText(label_bytes), tenant);
}

}  // namespace tidegate::ingest
