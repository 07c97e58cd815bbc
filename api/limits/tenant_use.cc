#include "api/limits/tenant_use.h"

#include <prometheus/registry.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <set>
#include <string_view>
#include <utility>

namespace tidegate::api {
namespace {

// Counters of this process with the labels `tenant` and `reason`.
constexpr std::string_view kRejections[] = {"tidegate_query_rejected_total",
                                            "tidegate_control_rejected_total"};

// Reasons of the ingester that do not have their limit's name.
constexpr std::pair<std::string_view, std::string_view> kLimitOfReason[] = {
    {"label_limit", "max_labels_per_series"},
    {"series_limit", "max_series"},
    {"per_metric_series_limit", "max_series_per_metric"},
    {"too_far_in_future", "max_future"},
    {"too_old", "max_age"},
    {"metadata_too_long", "max_metadata_length"},
    {"metadata_limit", "max_global_metadata_per_user"},
    {"rate_limited", "ingestion_rate"},
    {"stream_limit", "max_global_streams_per_user"},
    {"label_name_too_long", "max_label_name_length"},
    {"label_value_too_long", "max_label_value_length"},
    {"missing_enforced_labels", "enforced_labels"},
    {"line_too_long", "max_line_size"},
    {"disallowed_structured_metadata", "allow_structured_metadata"},
    {"structured_metadata_too_large", "max_structured_metadata_size"},
    {"structured_metadata_too_many", "max_structured_metadata_entries_count"},
    {"blocked_ingestion", "block_ingestion_until"},
};

std::string LabelOf(const prometheus::ClientMetric& metric, std::string_view name) {
  for (const auto& label : metric.label) {
    if (label.name == name) return label.value;
  }
  return "";
}

void AddRejected(const prometheus::Registry& metrics, const std::string& tenant,
                 std::map<std::string, uint64_t>* rejected) {
  for (const prometheus::MetricFamily& family : metrics.Collect()) {
    const auto* end = std::end(kRejections);
    if (std::find(std::begin(kRejections), end, family.name) == end) continue;
    for (const prometheus::ClientMetric& metric : family.metric) {
      if (metric.counter.value == 0 || LabelOf(metric, "tenant") != tenant) continue;
      (*rejected)[LabelOf(metric, "reason")] += static_cast<uint64_t>(metric.counter.value);
    }
  }
}

// An array of JSON's.
absl::StatusOr<uint64_t> CountElements(const absl::StatusOr<std::string>& text) {
  if (!text.ok()) return text.status();
  boost::system::error_code error;
  const boost::json::value array = boost::json::parse(*text, error);
  if (error || !array.is_array()) return absl::InternalError("not an array");
  return array.get_array().size();
}

// Of all regions; nothing when they cannot be asked.
absl::StatusOr<uint64_t> CountJobs(control::Workspaces& workspaces, const std::string& tenant) {
  uint64_t count = 0;
  for (const std::string_view region : control::kWorkspaceRegions) {
    const auto jobs = workspaces.Jobs(tenant, std::string(region));
    if (!jobs.ok()) return jobs.status();
    count += jobs->size();
  }
  return count;
}

}  // namespace

TenantUse UseOf(const TenantUseSources& sources, const model::RequestContext& context) {
  TenantUse use;
  const auto note = [&use](const std::string& limit, const absl::StatusOr<uint64_t>& count) {
    if (count.ok()) use.used[limit] = *count;
  };
  if (sources.ingester != nullptr) {
    const auto stats = sources.ingester->Stats(context);
    if (stats.ok()) {
      use.used["max_series"] = stats->series;
      use.rejected = stats->rejected;
    }
  }
  if (sources.journal != nullptr) {
    use.used["max_concurrent_queries"] = sources.journal->Active(context.tenant).size();
  }
  if (sources.metadata) {
    const auto metadata = sources.metadata(context, "");
    if (metadata.ok()) use.used["max_global_metadata_per_user"] = metadata->size();
  }
  if (sources.workspaces != nullptr) {
    note("max_scrape_jobs", CountJobs(*sources.workspaces, context.tenant));
  }
  if (sources.rules != nullptr) note("max_rule_groups", sources.rules->Count(context));
  if (sources.hosts != nullptr) {
    const auto hosts = sources.hosts->List(context.tenant);
    if (hosts.ok()) use.used["max_hosts"] = hosts->size();
  }
  if (sources.monitoring != nullptr) {
    note("max_monitors", CountElements(sources.monitoring->monitors().List(context.tenant)));
  }
  if (sources.push_groups != nullptr) note("max_push_groups", sources.push_groups->Count(context));
  if (sources.metrics != nullptr) AddRejected(*sources.metrics, context.tenant, &use.rejected);
  return use;
}

std::string LimitOfReason(const std::string& reason) {
  for (const auto& [known, limit] : kLimitOfReason) {
    if (known == reason) return std::string(limit);
  }
  // Queries, control and some of the ingester's are counted by the name of the limit.
  constexpr std::string_view kNoLimits[] = {
      "invalid_labels",        "duplicate_timestamp", "too_large",      "invalid_histogram",
      "invalid_exemplar",      "exemplar_limit",      "missing_labels", "invalid_metadata",
      "duplicate_label_names", "invalid_symbols"};
  const auto* end = std::end(kNoLimits);
  return std::find(std::begin(kNoLimits), end, reason) == end ? reason : "";
}

}  // namespace tidegate::api
