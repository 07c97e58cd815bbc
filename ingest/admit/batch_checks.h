// Checks of points that need no look at what is stored.
#ifndef TIDEGATE_INGEST_ADMIT_BATCH_CHECKS_H_
#define TIDEGATE_INGEST_ADMIT_BATCH_CHECKS_H_

#include "ingest/admit/rejections.h"
#include "model/sample.h"
#include "model/tenant.h"
#include "model/write_batch.h"

namespace tidegate::ingest {

// The timestamps that a tenant may push at `now`: not older than max_age, not further ahead than
// max_future (zero and infinite mean "no limit" for both), and always within the bounds below: they
// keep the number of partitions that one push can ask for small.
inline constexpr model::TimestampMs kOldestAccepted = -2'208'988'800'000;  // 1900-01-01
inline constexpr model::TimestampMs kNewestAccepted = 7'258'118'400'000;   // 2200-01-01
model::TimeRange AcceptedTimes(const model::TenantLimits& limits, model::TimestampMs now);

// Removes from the batch what cannot be stored and adds it to `rejections`:
//   samples and histograms outside AcceptedTimes;
//   histograms that model::Validate refuses, after ReduceResolution (Prometheus' order);
//   exemplars outside AcceptedTimes or with more than max_exemplar_runes: silently;
//   metadata without a name, with invalid UTF-8, or with a name or unit longer than
//   max_metadata_length: silently. A longer help text is cut.
// Series stay, also without points: their indices do not change.
void CheckBatch(const model::TenantLimits& limits, model::TimestampMs now, model::WriteBatch* batch,
                Rejections* rejections);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_BATCH_CHECKS_H_
