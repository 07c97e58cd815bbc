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
    case RejectReason::kInvalidExemplar:
      return "invalid_exemplar";
    case RejectReason::kInvalidMetadata:
      return "invalid_metadata";
  }
  return "unknown";
}

}  // namespace tidegate::ingest
