// The ingester of this process, put together from its parts.
#ifndef TIDEGATE_INGEST_SERVICE_LOCAL_INGESTER_H_
#define TIDEGATE_INGEST_SERVICE_LOCAL_INGESTER_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "ingest/ingester.h"
#include "ingest/service/producer_identity.h"
#include "model/metrics/metrics_registry.h"
#include "storage/head.h"
#include "storage/log.h"

namespace tidegate::ingest {

// What an ingester stands on. CreateIngester opens the real ones; tests bring their own.
struct IngesterParts {
  std::unique_ptr<storage::Log> log;
  std::unique_ptr<storage::Head> head;  // Over `log`.
  storage::Store* store = nullptr;
  const model::TenantRegistry* tenants = nullptr;
  const model::Clock* clock = nullptr;
  model::MetricsRegistry* metrics = nullptr;
  std::unique_ptr<ProducerIdentity> identity;  // Loaded.
  // Log entries can come at hundreds of megabytes a second. Infinite = only Flush cuts.
  absl::Duration cut_poll = absl::Milliseconds(200);
  absl::Duration store_retry = absl::Seconds(1);  // While the store is away at start-up.
};

// Starts the replay. The directory in `options` must exist.
std::unique_ptr<LocalIngester> CreateIngesterFromParts(const IngesterOptions& options,
                                                       IngesterParts parts);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_LOCAL_INGESTER_H_
