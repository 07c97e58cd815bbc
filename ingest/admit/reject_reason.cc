#include "ingest/admit/reject_reason.h"

namespace tidegate::ingest {

const char* RejectReasonName(RejectReason reason) {
  switch (reason) {
    case RejectReason::kInvalidLabels:
      return "invalid_labels";
    case RejectReason::kLabelLimit:
      return "label_limit";
    case RejectReason::kSeriesLimit:
      return "series_limit";
    case RejectReason::kMetricSeriesLimit:
      return "per_metric_series_limit";
    case RejectReason::kDuplicateTimestamp:
      return "duplicate_timestamp";
    case RejectReason::kTooFarInFuture:
      return "too_far_in_future";
    case RejectReason::kTooOld:
      return "too_old";
    case RejectReason::kTooLarge:
      return "too_large";
    case RejectReason::kInvalidHistogram:
      return "invalid_histogram";
    case RejectReason::kExemplarLimit:
      return "exemplar_limit";
    case RejectReason::kInvalidExemplar:
      return "invalid_exemplar";
    case RejectReason::kInvalidMetadata:
      return "invalid_metadata";
    case RejectReason::kMetadataTooLong:
      return "metadata_too_long";
    case RejectReason::kMetadataLimit:
      return "metadata_limit";
    case RejectReason::kMissingLabels:
      return "missing_labels";
    case RejectReason::kMaxLabelNames:
      return "max_label_names_per_series";
    case RejectReason::kLabelNameTooLong:
      return "label_name_too_long";
    case RejectReason::kLabelValueTooLong:
      return "label_value_too_long";
    case RejectReason::kDuplicateLabelNames:
      return "duplicate_label_names";
    case RejectReason::kMissingEnforcedLabels:
      return "missing_enforced_labels";
    case RejectReason::kLineTooLong:
      return "line_too_long";
    case RejectReason::kDisallowedMetadata:
      return "disallowed_structured_metadata";
    case RejectReason::kMetadataTooLarge:
      return "structured_metadata_too_large";
    case RejectReason::kMetadataTooMany:
      return "structured_metadata_too_many";
    case RejectReason::kRateLimited:
      return "rate_limited";
    case RejectReason::kPerStreamRateLimit:
      return "per_stream_rate_limit";
    case RejectReason::kStreamLimit:
      return "stream_limit";
    case RejectReason::kBlockedIngestion:
      return "blocked_ingestion";
    case RejectReason::kInvalidSymbols:
      return "invalid_symbols";
    case RejectReason::kInvalidPoint:
      return "invalid_point";
    case RejectReason::kRelabelling:
      return "write_relabelling";
  }
  return "unknown";
}

}  // namespace tidegate::ingest
