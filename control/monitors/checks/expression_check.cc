#include "control/monitors/checks/expression_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "control/monitoring.h"
#include "control/monitors/expression/evaluation.h"
#include "control/monitors/expression/expression.h"
#include "control/monitors/expression/query_text.h"
#include "control/monitors/metrics/selectors.h"
#include "model/labels.h"

namespace tidegate::control {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr size_t kStandInMinutes = 2;

// Values by minute: the last one of each.
MinuteSeries ByMinute(const query::ResultSeries& series, MinuteRange range) {
  MinuteSeries minutes{model::ToMetricString(series.labels),
                       std::vector<double>(range.size(), std::numeric_limits<double>::quiet_NaN())};
  for (const query::FloatPoint& point : series.floats) {
    const int64_t minute = point.timestamp / kMinuteMs - range.first;
    if (minute < 0 || minute >= static_cast<int64_t>(range.size())) continue;
    minutes.values[static_cast<size_t>(minute)] = point.value;
  }
  return minutes;
}

// Behind the newest value the last two minutes repeat it.
void StandIn(std::vector<double>* values) {
  size_t newest = values->size();
  while (newest > 0 && std::isnan((*values)[newest - 1])) --newest;
  if (newest == 0) return;
  for (size_t i = newest; i < values->size() && i < newest + kStandInMinutes; ++i) {
    (*values)[i] = (*values)[newest - 1];
  }
}

// Posted values of hosts and services.
class PostedSource final : public ExpressionSource {
 public:
  explicit PostedSource(const CheckScene& scene) : scene_(scene) {}

  absl::StatusOr<std::vector<MinuteSeries>> Load(const Expression& leaf,
                                                 MinuteRange range) override {
    std::string selector;
    if (leaf.function == ExpressionFunction::kService) {
      selector = SelectorOf(leaf.metric, kServiceLabel, leaf.subject);
    } else if (leaf.function == ExpressionFunction::kHost) {
      selector = SelectorOf(leaf.metric, kHostLabel, leaf.subject);
    } else {
      const std::vector<std::string> hosts = HostsOf(leaf);
      if (hosts.empty()) return std::vector<MinuteSeries>();
      selector = SelectorOfAny(leaf.metric, kHostLabel, hosts);
    }
    // The whole last minute belongs to the range, but nothing behind the time of the check.
    const absl::Time end =
        std::min(absl::FromUnixMillis((range.last + 1) * kMinuteMs - 1), scene_.time);
    const absl::Time start = absl::FromUnixMillis(range.first * kMinuteMs - 1);
    if (end <= start) return std::vector<MinuteSeries>();
    const auto window = scene_.reader->Window(selector, end, end - start);
    if (!window.ok()) return window.status();
    std::vector<MinuteSeries> list;
    for (const query::ResultSeries& series : **window) {
      list.push_back(ByMinute(series, range));
      StandIn(&list.back().values);
    }
    return list;
  }

 private:
  // Those of roleSlots are the hosts that have the role or retired with it.
  std::vector<std::string> HostsOf(const Expression& leaf) const {
    const ScopeFilter role({leaf.subject});
    std::vector<std::string> hosts;
    for (const HostRecord& host : *scene_.hosts) {
      if (leaf.function == ExpressionFunction::kRole && host.retired) continue;
      if (role.Holds(host)) hosts.push_back(host.id);
    }
    return hosts;
  }

  const CheckScene& scene_;
};

}  // namespace

absl::StatusOr<CheckResults> CheckExpression(const CheckScene& scene,
                                             const ExpressionCheck& check) {
  const auto expression = ParseExpression(check.expression);
  if (!expression.ok()) return expression.status();
  const int64_t now = absl::ToUnixMillis(scene.time) / kMinuteMs;
  const MinuteRange range{now - absl::ToInt64Minutes(kFreshFor), now};
  PostedSource source(scene);
  const auto list = EvaluateExpression(*expression, range, now, &source);
  if (!list.ok()) return list.status();
  if (list->size() > 1) {
    return absl::FailedPreconditionError(
        fmt::format("the expression gives {} series", list->size()));
  }
  if (list->empty()) return CheckResults();
  const std::vector<double>& values = list->front().values;
  for (size_t i = values.size(); i-- > 0;) {
    if (std::isnan(values[i])) continue;
    CheckResult result;
    result.value = values[i];
    result.level = check.thresholds.Judge(values[i]);
    result.observed = (range.first + static_cast<int64_t>(i)) * kMinuteMs;
    return CheckResults{std::move(result)};
  }
  return CheckResults();
}

absl::StatusOr<CheckResults> CheckQuery(const CheckScene& scene, const QueryCheck& check) {
  const auto series =
      scene.reader->Instant(QuoteDottedNames(check.query), scene.time, absl::ZeroDuration());
  if (!series.ok()) return series.status();
  if ((*series)->size() > kMaxQuerySeries) {
    return absl::FailedPreconditionError(
        fmt::format("the query gives {} series, more than {}", (*series)->size(), kMaxQuerySeries));
  }
  CheckResults results;
  for (const query::ResultSeries& one : **series) {
    if (one.floats.empty()) continue;
    CheckResult& result = results.emplace_back();
    result.target = model::ToString(one.labels);
    result.value = one.floats.back().value;
    result.level = check.thresholds.Judge(*result.value);
    result.observed = absl::ToUnixMillis(scene.time);
    result.series.emplace();
    for (const model::Label& label : one.labels) {
      if (label.name == model::kMetricNameLabel) {
        result.series->name = label.value;
      } else {
        result.series->labels[std::string(label.name)] = label.value;
      }
    }
  }
  return results;
}

}  // namespace tidegate::control
