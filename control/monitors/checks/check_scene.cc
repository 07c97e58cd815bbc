#include "control/monitors/checks/check_scene.h"

#include <algorithm>

namespace tidegate::control {
namespace {

bool Belongs(const HostRecord& host, const std::string& text) {
  const Scope scope = ParseScope(text);
  return std::any_of(host.roles.begin(), host.roles.end(), [&](const Scope& role) {
    return role.service == scope.service && (scope.role.empty() || role.role == scope.role);
  });
}

bool BelongsToAny(const HostRecord& host, const std::vector<std::string>& scopes) {
  return std::any_of(scopes.begin(), scopes.end(),
                     [&](const std::string& scope) { return Belongs(host, scope); });
}

}  // namespace

bool IsWatched(const HostRecord& host) {
  return !host.retired && (host.status == "working" || host.status == "standby");
}

bool IsInScope(const HostRecord& host, const std::vector<std::string>& scopes,
               const std::vector<std::string>& excluded) {
  return (scopes.empty() || BelongsToAny(host, scopes)) && !BelongsToAny(host, excluded);
}

std::optional<RecentMean> MeanOfLatest(const std::vector<query::FloatPoint>& points,
                                       absl::Time time, absl::Duration duration) {
  if (points.empty()) return std::nullopt;
  const model::TimestampMs newest = points.back().timestamp;
  if (absl::ToUnixMillis(time) - newest > absl::ToInt64Milliseconds(kFreshFor)) return std::nullopt;
  const model::TimestampMs after = newest - absl::ToInt64Milliseconds(duration);
  double sum = 0;
  int64_t count = 0;
  for (auto point = points.rbegin(); point != points.rend() && point->timestamp > after; ++point) {
    sum += point->value;
    ++count;
  }
  return RecentMean{sum / static_cast<double>(count), newest};
}

}  // namespace tidegate::control
