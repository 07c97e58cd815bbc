// What the store knows about metric families already, so that only changes go there.
#ifndef TIDEGATE_INGEST_SERVICE_METADATA_CACHE_H_
#define TIDEGATE_INGEST_SERVICE_METADATA_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "model/metadata.h"

namespace tidegate::ingest {

// Senders repeat all their metadata every minute; it hardly ever changes. Holds a hash per family,
// and forgets a tenant whose families become too many: they are then stored once more. Thread safe.
class MetadataCache {
 public:
  static constexpr size_t kMaxFamilies = 200'000;  // Per tenant.

  struct Change {
    std::vector<model::MetricMetadata> changed;  // Each family once (the last one sent).
    size_t refused = 0;                          // Families beyond the limit.
  };
  // Those of `metadata` that were not remembered. With a limit (0 = none) families that are new to
  // the tenant are left out when it has so many; for that, all that the store has must have been
  // remembered. Calls at the same moment may pass the limit together.
  Change Changed(const std::string& tenant, const std::vector<model::MetricMetadata>& metadata,
                 uint64_t max_families = 0);
  // To be called when they are durable in the store.
  void Remember(const std::string& tenant, const std::vector<model::MetricMetadata>& stored);

  // Whether RememberAll has been called, and nothing was forgotten since.
  bool KnowsAll(const std::string& tenant);
  // All that the store has of the tenant.
  void RememberAll(const std::string& tenant, const std::vector<model::MetricMetadata>& stored);

 private:
  struct Families {
    absl::flat_hash_map<std::string, uint64_t> prints;  // Family to what is known of it.
    bool complete = false;
  };

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Families> tenants_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_METADATA_CACHE_H_
