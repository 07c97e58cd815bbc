#include "control/monitors/checks/metric_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "control/monitoring.h"
#include "control/monitors/checks/percent_metric.h"
#include "control/monitors/metrics/selectors.h"
#include "model/quote.h"

namespace tidegate::control {
namespace {

// The longest mean and how old its newest value may be: one window serves all checks of a metric.
constexpr absl::Duration kWindow = absl::Minutes(30);
constexpr absl::Duration kLongWindow = absl::Hours(24);  // For ten values that come rarely.

using Means = std::map<std::string, RecentMean>;  // By host.

absl::StatusOr<Means> PlainMeans(const CheckScene& scene, const HostCheck& check) {
  const auto window =
      scene.reader->Window(SelectorOfAll(check.metric, kHostLabel), scene.time, kWindow);
  if (!window.ok()) return window.status();
  Means means;
  for (const query::ResultSeries& series : **window) {
    const auto mean = MeanOfLatest(series.floats, scene.time, absl::Minutes(check.duration));
    if (mean.has_value()) means[std::string(series.labels.Get(kHostLabel))] = *mean;
  }
  return means;
}

absl::StatusOr<Means> PercentMeans(const CheckScene& scene, const HostCheck& check) {
  const std::string selector = fmt::format("{{__name__=~{},{}!=\"\"}}",
                                           model::Quoted(PartsPattern(check.metric)), kHostLabel);
  const auto window = scene.reader->Window(selector, scene.time, kWindow);
  if (!window.ok()) return window.status();
  std::map<std::string, std::map<std::string, double>> parts;  // By host, then name.
  std::map<std::string, model::TimestampMs> newest;
  for (const query::ResultSeries& series : **window) {
    const auto mean = MeanOfLatest(series.floats, scene.time, absl::Minutes(check.duration));
    if (!mean.has_value()) continue;
    const std::string host(series.labels.Get(kHostLabel));
    parts[host][std::string(series.labels.metric_name())] = mean->value;
    newest[host] = std::max(newest[host], mean->newest);
  }
  Means means;
  for (const auto& [host, of_host] : parts) {
    const auto percent = PercentOf(check.metric, of_host, check.thresholds.above);
    if (percent.has_value()) means[host] = {*percent, newest[host]};
  }
  return means;
}

absl::StatusOr<std::vector<query::FloatPoint>> Points(const CheckScene& scene,
                                                      const std::string& selector,
                                                      absl::Duration span) {
  const auto window = scene.reader->Window(selector, scene.time, span);
  if (!window.ok()) return window.status();
  std::vector<query::FloatPoint> points;
  // An external check may write several series of a service under one name.
  for (const query::ResultSeries& series : **window) {
    points.insert(points.end(), series.floats.begin(), series.floats.end());
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
  return points;
}

// When the newest value came; nothing within the reach of the check.
absl::StatusOr<std::optional<absl::Time>> LastSeen(const CheckScene& scene,
                                                   const std::string& selector,
                                                   absl::Duration reach) {
  const auto newest =
      scene.reader->Instant(fmt::format("timestamp({})", selector), scene.time, reach);
  if (!newest.ok()) return newest.status();
  std::optional<absl::Time> last;
  for (const query::ResultSeries& series : **newest) {
    if (series.floats.empty()) continue;
    const absl::Time time =
        absl::FromUnixMillis(static_cast<int64_t>(series.floats.front().value * 1000));
    last = std::max(last.value_or(time), time);
  }
  return last;
}

AlertLevel JudgeMissing(const ServiceCheck& check, absl::Duration missing) {
  const auto beyond = [&](const std::optional<int64_t>& minutes) {
    return minutes.has_value() && missing >= absl::Minutes(*minutes);
  };
  if (beyond(check.missing_critical)) return AlertLevel::kCritical;
  return beyond(check.missing_warning) ? AlertLevel::kWarning : AlertLevel::kOk;
}

}  // namespace

absl::StatusOr<CheckResults> CheckHosts(const CheckScene& scene, const HostCheck& check) {
  const absl::StatusOr<Means> means =
      IsPercentMetric(check.metric) ? PercentMeans(scene, check) : PlainMeans(scene, check);
  if (!means.ok()) return means.status();
  const ScopeFilter scope(check.scopes, check.exclude_scopes);
  CheckResults results;
  for (const HostRecord& host : *scene.hosts) {
    if (!IsWatched(host) || !scope.Holds(host)) continue;
    const auto mean = means->find(host.id);
    if (mean == means->end()) continue;
    CheckResult& result = results.emplace_back();
    result.target = host.id;
    result.value = mean->second.value;
    result.level = check.thresholds.Judge(mean->second.value);
    result.observed = mean->second.newest;
  }
  return results;
}

absl::StatusOr<CheckResults> CheckConnectivity(const CheckScene& scene,
                                               const ConnectivityCheck& check) {
  const auto posts =
      scene.reader->Instant(SelectorOfAll(kHostPostMetric, kHostLabel), scene.time, kGoneAfter);
  if (!posts.ok()) return posts.status();
  std::set<std::string, std::less<>> alive;
  for (const query::ResultSeries& series : **posts) {
    alive.emplace(series.labels.Get(kHostLabel));
  }
  const ScopeFilter scope(check.scopes, check.exclude_scopes);
  CheckResults results;
  for (const HostRecord& host : *scene.hosts) {
    if (!IsWatched(host) || !host.has_posted || !scope.Holds(host)) continue;
    const bool is_gone = !alive.contains(host.id);
    if (is_gone && scene.after_outage) continue;
    CheckResult& result = results.emplace_back();
    result.target = host.id;
    result.level = is_gone ? check.on_gone : AlertLevel::kOk;
    result.observed = absl::ToUnixMillis(scene.time);
  }
  return results;
}

absl::StatusOr<CheckResults> CheckService(const CheckScene& scene, const ServiceCheck& check,
                                          absl::Time since) {
  const std::string selector = SelectorOf(check.metric, kServiceLabel, check.service);
  auto points = Points(scene, selector, kWindow);
  if (!points.ok()) return points.status();
  const auto wanted = static_cast<size_t>(check.duration);
  if (!points->empty() && points->size() < wanted) {
    points = Points(scene, selector, kLongWindow);
    if (!points.ok()) return points.status();
  }
  CheckResult result;
  bool judged = false;
  if (points->size() > wanted) {
    points->erase(points->begin(), points->end() - static_cast<std::ptrdiff_t>(wanted));
  }
  if (const auto mean = MeanOfLatest(*points, scene.time, kLongWindow); mean.has_value()) {
    result.value = mean->value;
    result.level = check.thresholds.Judge(mean->value);
    result.observed = mean->newest;
    judged = true;
  }
  const bool watches_gaps = check.missing_warning.has_value() || check.missing_critical.has_value();
  if (!watches_gaps || scene.after_outage) {
    return judged ? CheckResults{std::move(result)} : CheckResults();
  }
  absl::Time last = judged ? absl::FromUnixMillis(result.observed) : since;
  if (!judged) {
    const absl::Duration reach = absl::Minutes(
        std::max(check.missing_warning.value_or(0), check.missing_critical.value_or(0)));
    const auto seen = LastSeen(scene, selector, reach + kFreshFor);
    if (!seen.ok()) return seen.status();
    last = std::max(last, seen->value_or(since));
  }
  const AlertLevel missing = JudgeMissing(check, scene.time - last);
  if (missing > AlertLevel::kOk && missing >= result.level) {
    result.level = missing;
    result.observed = absl::ToUnixMillis(scene.time);
    result.message = fmt::format("no value of {} for {} minutes", check.metric,
                                 absl::ToInt64Minutes(scene.time - last));
    judged = true;
  }
  return judged ? CheckResults{std::move(result)} : CheckResults();
}

}  // namespace tidegate::control
