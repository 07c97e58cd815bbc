// What of a push of logs may be stored, and what is added to it.
#ifndef TIDEGATE_INGEST_ADMIT_LOGS_LOG_CHECKS_H_
#define TIDEGATE_INGEST_ADMIT_LOGS_LOG_CHECKS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ingest/admit/logs/token_buckets.h"
#include "ingest/admit/rejections.h"
#include "ingest/decode/decoded_push.h"
#include "model/labels.h"
#include "model/tenant.h"
#include "storage/head.h"

namespace tidegate::ingest {

// Rates that are kept between pushes. Thread safe.
struct LogRates {
  TokenBuckets tenants;
  TokenBuckets streams;
};

// FailedPrecondition while the tenant's ingestion is blocked, with Loki's text.
absl::Status CheckNotBlocked(const std::string& tenant, const model::LogLimits& limits,
                             absl::Time now);

// Adds service_name and detected_level, and removes from the push what the tenant's limits refuse:
// streams (labels), entries (time, size, metadata), what is beyond the rates. Each refusal goes to
// `rejections` with Loki's text and reason. Streams that keep no entry leave the batch; ids are
// set. ResourceExhausted, with nothing to be stored, when the whole push is beyond the tenant's
// rate.
absl::Status CheckLogs(const std::string& tenant, const model::LogLimits& limits, absl::Time now,
                       LogRates* rates, DecodedPush* push, Rejections* rejections);

// Which new streams a tenant may have: every label set that CheckLogs let through, up to
// max_global_streams_per_user. Immutable; what it is given must outlive it.
class StreamAdmission final : public storage::SeriesAdmission {
 public:
  StreamAdmission(const std::string* tenant, const model::LogLimits* limits)
      : tenant_(*tenant), limits_(*limits) {}

  absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const override;
  absl::Status AdmitSeriesCount(uint64_t active) const override;

 private:
  const std::string& tenant_;
  const model::LogLimits& limits_;
};

// max_global_streams_per_user was reached when this stream came.
std::string StreamLimitText(const std::string& tenant, std::string_view label_bytes);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_LOGS_LOG_CHECKS_H_
