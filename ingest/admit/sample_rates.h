// How many pushes and points of metrics a second a tenant may send.
#ifndef TIDEGATE_INGEST_ADMIT_SAMPLE_RATES_H_
#define TIDEGATE_INGEST_ADMIT_SAMPLE_RATES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ingest/admit/logs/token_buckets.h"
#include "model/tenant.h"

namespace tidegate::ingest {

// A bucket for each limit of each tenant, kept in this process. Thread safe. Both methods take what
// they are asked for, or say ResourceExhausted (429) and take nothing: the sender comes back with
// all of it. Zero limits never refuse; a burst of zero is one second's worth.
class SampleRates {
 public:
  // request_rate: one push, before its body is looked at.
  absl::Status AdmitRequest(const std::string& tenant, const model::TenantLimits& limits,
                            absl::Time now);
  // ingestion_rate: the samples, histograms and exemplars of a push. A push of more than a burst
  // can never pass, and the text says so.
  absl::Status AdmitPoints(const std::string& tenant, const model::TenantLimits& limits,
                           uint64_t points, absl::Time now);

 private:
  TokenBuckets requests_;
  TokenBuckets points_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_SAMPLE_RATES_H_
