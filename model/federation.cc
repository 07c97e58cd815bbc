#include "model/federation.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace tidegate::model {
namespace {

// Zero means "no limit".
template <typename T>
void Tighten(const T& other, T* limit) {
  if (other == T()) return;
  if (*limit == T() || other < *limit) *limit = other;
}

void TightenLogs(const LogLimits& other, LogLimits* limits) {
  Tighten(other.max_entries_limit_per_query, &limits->max_entries_limit_per_query);
  Tighten(other.max_query_length, &limits->max_query_length);
  Tighten(other.max_query_range, &limits->max_query_range);
  Tighten(other.max_query_lookback, &limits->max_query_lookback);
  Tighten(other.max_log_query_series, &limits->max_log_query_series);
  Tighten(other.max_streams_matchers_per_query, &limits->max_streams_matchers_per_query);
  Tighten(other.max_query_bytes_read, &limits->max_query_bytes_read);
  Tighten(other.volume_max_series, &limits->volume_max_series);
}

void TightenAll(const TenantLimits& other, TenantLimits* limits) {
  Tighten(other.max_query_samples, &limits->max_query_samples);
  Tighten(other.max_query_bytes, &limits->max_query_bytes);
  Tighten(other.max_query_series, &limits->max_query_series);
  Tighten(other.max_query_timeout, &limits->max_query_timeout);
  Tighten(other.max_concurrent_queries, &limits->max_concurrent_queries);
  Tighten(other.max_queued_queries, &limits->max_queued_queries);
  Tighten(other.max_query_expression_size_bytes, &limits->max_query_expression_size_bytes);
  Tighten(other.max_tenants_per_query, &limits->max_tenants_per_query);
  TightenLogs(other.logs, &limits->logs);
}

}  // namespace

std::vector<std::string> FederatedTenants(std::string_view tenants) {
  const std::set<std::string> names =
      absl::StrSplit(absl::string_view(tenants.data(), tenants.size()), '|');
  return {names.begin(), names.end()};
}

std::string JoinTenants(const std::vector<std::string>& names) { return absl::StrJoin(names, "|"); }

std::shared_ptr<const TenantConfig> FindForQueries(const TenantRegistry& tenants,
                                                   std::string_view names) {
  if (!IsFederated(names)) return tenants.Find(names);
  auto combined = std::make_shared<TenantConfig>();
  bool first = true;
  for (const std::string& name : FederatedTenants(names)) {
    const auto tenant = tenants.Find(name);
    if (tenant == nullptr) return nullptr;
    if (first) {
      combined->limits = tenant->limits;
      combined->retention = tenant->retention;
      first = false;
    }
    TightenAll(tenant->limits, &combined->limits);
    combined->retention = std::max(combined->retention, tenant->retention);
  }
  combined->name = JoinTenants(FederatedTenants(names));
  return combined;
}

}  // namespace tidegate::model
