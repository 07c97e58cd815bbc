// The way of one push: bound, decompress, decode, check, append, wait until it is durable.
#ifndef TIDEGATE_INGEST_SERVICE_PUSH_PATH_H_
#define TIDEGATE_INGEST_SERVICE_PUSH_PATH_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest/admit/logs/log_checks.h"
#include "ingest/admit/rejections.h"
#include "ingest/admit/sample_rates.h"
#include "ingest/decode/otlp_metrics/delta_totals.h"
#include "ingest/ingester.h"
#include "ingest/service/entry_pressure.h"
#include "ingest/service/head_pressure.h"
#include "ingest/service/in_flight_bytes.h"
#include "ingest/service/ingest_metrics.h"
#include "ingest/service/metadata_cache.h"
#include "ingest/service/push_buffers.h"
#include "model/clock.h"
#include "model/push_rules.h"
#include "model/tenant.h"
#include "model/write_batch.h"
#include "storage/head.h"
#include "storage/log.h"
#include "storage/store.h"

namespace tidegate::ingest {

// What a push path works on. Everything must outlive it.
struct PushPathParts {
  storage::Log* log = nullptr;
  storage::Head* head = nullptr;
  storage::Store* store = nullptr;
  const model::TenantRegistry* tenants = nullptr;
  const model::Clock* clock = nullptr;
  IngestMetrics* metrics = nullptr;
  EntryPressure* entry_pressure = nullptr;
  const model::PushRulesSource* push_rules = nullptr;  // nullptr: the defaults.
};

// Thread safe.
class PushPath {
 public:
  // Unavailable while the head holds more than `max_head_bytes` (0 = any).
  PushPath(const PushPathParts& parts, uint64_t max_in_flight_bytes, uint64_t max_head_bytes)
      : parts_(parts),
        in_flight_(max_in_flight_bytes),
        head_pressure_(parts.head, max_head_bytes) {}

  // As Ingester::Push; InvalidArgument also for a tenant that is not known. What was accepted is
  // durable before its metadata goes to the store, so that a store that is away costs no sample.
  absl::StatusOr<PushResult> Push(const model::RequestContext& context, const PushRequest& request);

 private:
  std::shared_ptr<const model::PushRules> RulesOf(const std::string& tenant) const;
  absl::StatusOr<PushResult> PushForTenant(const model::RequestContext& context,
                                           const model::TenantConfig& tenant,
                                           const PushRequest& request, Rejections* rejections);
  absl::StatusOr<PushResult> StoreSamples(const model::RequestContext& context,
                                          const model::TenantConfig& tenant,
                                          const model::PushRules& rules, DecodedPush* push,
                                          Rejections* rejections);
  absl::StatusOr<PushResult> StoreLogs(const model::RequestContext& context,
                                       const model::TenantConfig& tenant, DecodedPush* push,
                                       Rejections* rejections);
  absl::Status Append(const model::RequestContext& context, const model::WriteBatch& batch,
                      const storage::SeriesAdmission& admission, PushResult* result,
                      Rejections* rejections);
  absl::Status StoreMetadata(const model::RequestContext& context,
                             const model::TenantLimits& limits,
                             const std::vector<model::MetricMetadata>& metadata,
                             Rejections* rejections);
  absl::Status ReadAllMetadata(const model::RequestContext& context);

  const PushPathParts parts_;
  InFlightBytes in_flight_;
  HeadPressure head_pressure_;
  PushBuffers buffers_;
  MetadataCache metadata_;
  LogRates log_rates_;
  SampleRates sample_rates_;
  DeltaTotals deltas_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_PUSH_PATH_H_
