#include "control/rules/evaluation/for_state.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "model/quote.h"

namespace tidegate::control {
namespace {

std::string Without(model::LabelsView labels, std::string_view name) {
  return std::string(model::LabelsBuilder(labels).Erase(name).Build().bytes());
}

struct Written {
  absl::Time at;
  absl::Time active_at;
};
// By label bytes of the alert.
using WrittenAlerts = absl::flat_hash_map<std::string, Written>;

// What was still alive within the tolerance: a stale marker ends a series for both queries.
absl::StatusOr<WrittenAlerts> Read(const std::string& tenant, absl::Time now,
                                   absl::Duration tolerance, const std::string& alert,
                                   RuleQueries* queries) {
  const std::string selector =
      fmt::format("ALERTS_FOR_STATE{{alertname={}}}", model::Quoted(alert));
  RuleQuery query{tenant, query::RuleLanguage::kPromQl, selector, now, tolerance};
  const absl::StatusOr<std::vector<RuleSample>> values = queries->Instant(query);
  if (!values.ok()) return values.status();
  WrittenAlerts written;
  if (values->empty()) return written;
  query.expr = fmt::format("timestamp({})", selector);
  const absl::StatusOr<std::vector<RuleSample>> times = queries->Instant(query);
  if (!times.ok()) return times.status();
  for (const RuleSample& sample : *values) {
    written[Without(sample.labels, model::kMetricNameLabel)].active_at =
        absl::FromUnixSeconds(static_cast<int64_t>(sample.value));
  }
  for (const RuleSample& sample : *times) {
    written[std::string(sample.labels.bytes())].at =
        absl::FromUnixSeconds(static_cast<int64_t>(sample.value));
  }
  return written;
}

}  // namespace

absl::Time RestoredActiveAt(absl::Time now, absl::Time last_written, absl::Time active_at,
                            absl::Duration hold, const ForStateOptions& options) {
  const absl::Duration remaining = hold - (last_written - active_at);
  if (remaining <= absl::ZeroDuration()) return active_at;  // Was firing: fires again at once.
  if (remaining < options.grace_period) return now + options.grace_period - hold;
  return active_at + (now - last_written);  // The time of the outage does not count.
}

void RestoreForState(const std::string& tenant, absl::Time now, const ForStateOptions& options,
                     RuleQueries* queries, AlertingRule* rule) {
  const absl::Duration hold = rule->spec().hold;
  const bool worth_it = hold >= options.grace_period && !rule->active().empty();
  if (worth_it) {
    const absl::StatusOr<WrittenAlerts> written =
        Read(tenant, now, options.outage_tolerance, rule->spec().alert, queries);
    if (written.ok()) {
      for (auto& [key, alert] : rule->active()) {
        const auto found = written->find(key);
        if (found == written->end()) continue;
        alert.active_at =
            RestoredActiveAt(now, found->second.at, found->second.active_at, hold, options);
      }
    } else {
      spdlog::warn("tenant {}: alert {}: its 'for' state cannot be restored: {}", tenant,
                   rule->spec().alert, std::string(written.status().message()));
    }
  }
  rule->Restored();
}

}  // namespace tidegate::control
