// Why a point was not stored: the `reason` label of the rejection counters.
#ifndef TIDEGATE_INGEST_ADMIT_REJECT_REASON_H_
#define TIDEGATE_INGEST_ADMIT_REJECT_REASON_H_

#include <cstddef>
#include <cstdint>

namespace tidegate::ingest {

enum class RejectReason : uint8_t {
  kInvalidLabels,       // No label set, no metric name, a duplicate, not UTF-8.
  kLabelLimit,          // Too many labels, or a name or value that is too long.
  kSeriesLimit,         // The tenant has as many series as it may have.
  kMetricSeriesLimit,   // The metric has.
  kDuplicateTimestamp,  // Another value is stored at this timestamp.
  kTooFarInFuture,
  kTooOld,
  kTooLarge,  // A label set, histogram or line that fits into no log frame.
  kInvalidHistogram,
  kInvalidExemplar,  // Dropped and counted; never fails a push.
  kExemplarLimit,    // The same.
  kInvalidMetadata,  // Dropped and counted; never fails a push.
  kMetadataTooLong,  // The same.
  kMetadataLimit,    // The same: the tenant has metadata of as many metrics as it may have.
  // Logs only; the names are Loki's.
  kMissingLabels,
  kMaxLabelNames,
  kLabelNameTooLong,
  kLabelValueTooLong,
  kDuplicateLabelNames,
  kMissingEnforcedLabels,
  kLineTooLong,
  kDisallowedMetadata,
  kMetadataTooLarge,
  kMetadataTooMany,
  kRateLimited,
  kPerStreamRateLimit,
  kStreamLimit,
  kBlockedIngestion,
  // Remote write 2.0: references that lead nowhere, series without a point.
  kInvalidSymbols,
  kInvalidPoint,  // Of another protocol: it cannot be made a sample.
  kRelabelling,   // write_relabel_configs dropped it; never fails a push.
};

inline constexpr size_t kRejectReasons = 31;

// "duplicate_timestamp", ...; stable, dashboards rely on it.
const char* RejectReasonName(RejectReason reason);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_REJECT_REASON_H_
