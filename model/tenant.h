// Tenants and what each may do.
#ifndef TIDEGATE_MODEL_TENANT_H_
#define TIDEGATE_MODEL_TENANT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "model/api_key.h"
#include "model/control_limits.h"
#include "model/log_limits.h"
#include "model/outbound_rules.h"

namespace tidegate::model {

inline constexpr std::string_view kDefaultTenant = "default";

// Limits of one tenant; zero means "no limit" wherever a limit counts something. The defaults keep
// a process healthy and reject nothing that a sane sender pushes.
struct TenantLimits {
  // --- Push ---
  double request_rate = 0;                    // Pushes of metrics a second. 429.
  uint64_t request_burst_size = 0;            // 0 = one second's worth.
  double ingestion_rate = 0;                  // Samples, histograms and exemplars a second. 429.
  uint64_t ingestion_burst_size = 0;          // 0 = one second's worth.
  size_t max_body_bytes = 32 << 20;           // As received. 413.
  size_t max_decompressed_bytes = 128 << 20;  // After snappy, zstd or gzip. 413.
  uint32_t max_labels_per_series = 0;         // 400 for the series.
  uint32_t max_label_name_bytes = 0;          // 400 for the series.
  uint32_t max_label_value_bytes = 0;         // 400 for the series.
  uint64_t max_series = 0;             // Series with data in the head. 400 for new series only.
  uint64_t max_series_per_metric = 0;  // The same, of one metric name.
  absl::Duration max_future = absl::Minutes(10);  // Samples further ahead of the clock: 400.
  absl::Duration max_age = absl::ZeroDuration();  // Older samples: 400. Zero = any age.
  uint32_t max_exemplar_runes = 128;  // Label names and values of one exemplar together.
  // Metadata, as Mimir has it: longer help texts are cut, with a longer name or unit it is left
  // out, and so are new metrics beyond the second. Never an error of the push.
  uint32_t max_metadata_length = 1024;
  uint64_t max_global_metadata_per_user = 0;  // Metrics with metadata; each has one.
  // --- Query ---
  uint64_t max_query_samples = 50'000'000;       // Samples loaded by one query. 422.
  uint64_t max_query_bytes = uint64_t{4} << 30;  // Memory of one query. 422.
  uint64_t max_query_series = 0;                 // Series touched by one query. 422.
  absl::Duration max_query_timeout = absl::Minutes(2);
  uint32_t max_concurrent_queries = 20;          // More wait their turn.
  uint32_t max_queued_queries = 64;              // Waiting; more are 503 with Retry-After.
  uint64_t max_query_expression_size_bytes = 0;  // Of a query's text, in both languages. 400.
  uint32_t max_tenants_per_query = 64;           // Named as a|b in X-Scope-OrgID. 400.
  LogLimits logs;
  ControlLimits control;
};

// Everything that is configured about a tenant. Immutable.
struct TenantConfig {
  std::string name;
  TenantLimits limits;
  absl::Duration retention = absl::InfiniteDuration();  // Zero in the configuration = infinite.
  std::vector<ApiKey> keys;                             // Ids are unique within the tenant.
  OutboundRules outbound;
};

// A key and whose it is.
struct KeyHolder {
  std::shared_ptr<const TenantConfig> tenant;
  const ApiKey* key = nullptr;  // In tenant->keys.
};

// Knows the tenants. Thread safe; the returned snapshot stays valid while it is held, and a reload
// replaces it for the next caller.
class TenantRegistry {
 public:
  virtual ~TenantRegistry() = default;
  // nullptr when the tenant is unknown.
  virtual std::shared_ptr<const TenantConfig> Find(std::string_view tenant) const = 0;

  // Authentication is on as soon as some tenant has a key. Registries without keys need not say so.
  virtual bool RequiresKeys() const { return false; }
  // The holder of the secret with this digest; nothing when no tenant has that key. Compares in
  // constant time.
  virtual std::optional<KeyHolder> FindKey(const KeyDigest& digest) const {
    (void)digest;
    return std::nullopt;
  }
};

// 1..150 bytes of [A-Za-z0-9!_.*'()-], not "." or ".." (Mimir's rule for tenant ids).
bool IsValidTenantName(std::string_view name);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_TENANT_H_
