#include "control/monitors/checks/check_scene.h"

namespace tidegate::control {
namespace {

bool BelongsToAny(const HostRecord& host, const std::vector<Scope>& scopes) {
  for (const Scope& scope : scopes) {
    for (const Scope& role : host.roles) {
      if (role.service == scope.service && (scope.role.empty() || role.role == scope.role)) {
        return true;
      }
    }
  }
  return false;
}

std::vector<Scope> Parse(const std::vector<std::string>& texts) {
  std::vector<Scope> scopes;
  for (const std::string& text : texts) scopes.push_back(ParseScope(text));
  return scopes;
}

}  // namespace

bool IsWatched(const HostRecord& host) {
  return !host.retired && (host.status == "working" || host.status == "standby");
}

ScopeFilter::ScopeFilter(const std::vector<std::string>& scopes,
                         const std::vector<std::string>& excluded)
    : scopes_(Parse(scopes)), excluded_(Parse(excluded)) {}

bool ScopeFilter::Holds(const HostRecord& host) const {
  return (scopes_.empty() || BelongsToAny(host, scopes_)) && !BelongsToAny(host, excluded_);
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
