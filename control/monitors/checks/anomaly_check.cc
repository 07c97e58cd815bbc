#include "control/monitors/checks/anomaly_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "control/monitoring.h"
#include "control/monitors/metrics/selectors.h"

namespace tidegate::control {
namespace {

constexpr absl::Duration kTrainingPeriod = absl::Hours(24 * 14);
constexpr absl::Duration kTrainingStep = absl::Minutes(10);
constexpr absl::Duration kTrainEvery = absl::Hours(1);
constexpr absl::Duration kKeepFor = absl::Hours(24);
constexpr absl::Duration kMeanOver = absl::Minutes(3);
constexpr absl::Duration kWindow = absl::Minutes(30);
constexpr size_t kMaxTrainingHosts = 50;

constexpr double kTail = 0.001;  // Of training values that are not usual, at each end.

double Quantile(double share, std::vector<double>* values) {
  const auto last = static_cast<double>(values->size() - 1);
  const auto at = values->begin() + static_cast<std::ptrdiff_t>(std::round(share * last));
  std::nth_element(values->begin(), at, values->end());
  return *at;
}

std::vector<std::string> HostsOf(const CheckScene& scene, const Scope& role, bool watched_only) {
  const ScopeFilter scope(
      {role.role.empty() ? role.service : fmt::format("{}:{}", role.service, role.role)});
  std::vector<std::string> hosts;
  for (const HostRecord& host : *scene.hosts) {
    if (host.retired || (watched_only && !IsWatched(host))) continue;
    if (scope.Holds(host)) hosts.push_back(host.id);
  }
  return hosts;
}

// Evenly chosen when there are many: they are alike, or training is pointless.
std::vector<std::string> ForTraining(const std::vector<std::string>& hosts) {
  if (hosts.size() <= kMaxTrainingHosts) return hosts;
  std::vector<std::string> chosen;
  for (size_t i = 0; i < kMaxTrainingHosts; ++i) {
    chosen.push_back(hosts[i * hosts.size() / kMaxTrainingHosts]);
  }
  return chosen;
}

}  // namespace

std::optional<UsualRange> Train(std::vector<double> values) {
  if (values.size() < kMinTrainingValues) return std::nullopt;
  UsualRange usual;
  usual.median = Quantile(0.5, &values);
  usual.low = Quantile(kTail, &values);
  usual.high = Quantile(1 - kTail, &values);
  for (double& value : values) value = std::abs(value - usual.median);
  const double deviation = 1.4826 * Quantile(0.5, &values);
  usual.spread = std::max({deviation, 0.02 * std::abs(usual.median), kSmallestSpread});
  return usual;
}

double Strangeness(const UsualRange& usual, double value) {
  if (value >= usual.low && value <= usual.high) return 0;
  return std::abs(value - usual.median) / usual.spread;
}

double AnomalyBound(Sensitivity sensitivity) {
  switch (sensitivity) {
    case Sensitivity::kSensitive:
      return 6;
    case Sensitivity::kNormal:
      return 9;
    case Sensitivity::kInsensitive:
      break;
  }
  return 14;
}

const std::vector<std::string>& AnomalyMetrics() {
  static const auto* const metrics =
      new std::vector<std::string>{"loadavg5", "cpu.user.percentage", "cpu.system.percentage",
                                   "cpu.iowait.percentage", "memory.used"};
  return *metrics;
}

absl::StatusOr<const AnomalyModels::Model*> AnomalyModels::Of(const CheckScene& scene,
                                                              const std::string& tenant,
                                                              const Scope& role, absl::Time from) {
  const std::string key =
      fmt::format("{}/{}:{}/{}", tenant, role.service, role.role, absl::ToUnixSeconds(from));
  const auto found = models_.find(key);
  if (found != models_.end() && scene.time - found->second.trained_at < kTrainEvery) {
    return &found->second;
  }
  Model model;
  model.trained_at = scene.time;
  const std::vector<std::string> hosts = ForTraining(HostsOf(scene, role, false));
  const absl::Time start = std::max(from, scene.time - kTrainingPeriod);
  if (!hosts.empty() && start < scene.time) {
    for (const std::string& metric : AnomalyMetrics()) {
      const auto grid = scene.reader->Grid(SelectorOfAny(metric, kHostLabel, hosts), start,
                                           scene.time, kTrainingStep);
      if (!grid.ok()) return grid.status();
      std::vector<double> values;
      for (const query::ResultSeries& series : *grid) {
        for (const query::FloatPoint& point : series.floats) values.push_back(point.value);
      }
      const auto usual = Train(std::move(values));
      if (usual.has_value()) model.usual[metric] = *usual;
    }
  }
  Model& kept = models_[key];
  kept = std::move(model);
  return &kept;
}

void AnomalyModels::Forget(absl::Time now) {
  std::erase_if(models_,
                [&](const auto& entry) { return now - entry.second.trained_at > kKeepFor; });
}

absl::StatusOr<CheckResults> CheckAnomalies(const CheckScene& scene, const std::string& tenant,
                                            const AnomalyCheck& check, AnomalyModels* models) {
  const absl::Time from = absl::FromUnixSeconds(check.training_from.value_or(0));
  std::map<std::string, CheckResult> by_host;
  for (const std::string& scope : check.scopes) {
    const Scope role = ParseScope(scope);
    const auto model = models->Of(scene, tenant, role, from);
    if (!model.ok()) return model.status();
    const std::vector<std::string> listed = HostsOf(scene, role, true);
    const std::set<std::string, std::less<>> hosts(listed.begin(), listed.end());
    for (const auto& [metric, usual] : (*model)->usual) {
      const auto window =
          scene.reader->Window(SelectorOfAll(metric, kHostLabel), scene.time, kWindow);
      if (!window.ok()) return window.status();
      for (const query::ResultSeries& series : **window) {
        const std::string host(series.labels.Get(kHostLabel));
        const auto mean = MeanOfLatest(series.floats, scene.time, kMeanOver);
        if (!hosts.contains(host) || !mean.has_value()) continue;
        CheckResult& result = by_host[host];
        const double strangeness = Strangeness(usual, mean->value);
        result.target = host;
        result.observed = std::max(result.observed, mean->newest);
        if (strangeness <= result.value.value_or(-1)) continue;
        result.value = strangeness;
        result.message = fmt::format("{} is {:.4g}, usual is {:.4g} +- {:.3g}", metric, mean->value,
                                     usual.median, usual.spread);
      }
    }
  }
  CheckResults results;
  for (auto& [host, result] : by_host) {
    const auto beyond = [&](const std::optional<Sensitivity>& sensitivity) {
      return sensitivity.has_value() && result.value.value_or(0) > AnomalyBound(*sensitivity);
    };
    if (beyond(check.warning)) result.level = AlertLevel::kWarning;
    if (beyond(check.critical)) result.level = AlertLevel::kCritical;
    result.value.reset();  // It is told in the message.
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace tidegate::control
