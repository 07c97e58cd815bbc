#include "api/http/router.h"

#include <algorithm>
#include <utility>

#include "api/http/target.h"

namespace tidegate::api {
namespace {

// Whether the pattern goes on with whatever comes.
bool HasRest(const std::vector<std::string>& segments) {
  return !segments.empty() && segments.back() == "*";
}

bool IsParameter(const std::string& segment) { return segment.size() > 1 && segment[0] == ':'; }

std::string AllowedMethods(const std::vector<const Route*>& routes) {
  std::string allow;
  const auto add = [&allow](std::string_view method) {
    allow.append(allow.empty() ? "" : ", ").append(method);
  };
  for (const Route* route : routes) {
    add(MethodName(route->method));
    if (route->method == HttpMethod::kGet) add("HEAD");
  }
  return allow;
}

void AnswerPreflight(const HttpRequest&, ResponseWriter& response) {
  HttpResponse nothing;
  nothing.status = 204;
  response.Send(std::move(nothing));
}

}  // namespace

void Router::AllowCrossOrigin(std::string_view prefix) {
  cross_origin_.Add(DecodePath(prefix).value_or(std::vector<std::string>()));
  if (preflight_ != nullptr) return;
  auto preflight = std::make_unique<Route>();
  preflight->method = HttpMethod::kOptions;
  preflight->pattern = "OPTIONS";  // Its name in metrics: no path.
  preflight->handler = AnswerPreflight;
  preflight->nonblocking = true;
  preflight_ = preflight.get();
  routes_.push_back(std::move(preflight));
}

void Router::Add(Route route) {
  auto owned = std::make_unique<const Route>(std::move(route));
  // Patterns are ours and hold no escapes.
  const std::vector<std::string> segments =
      DecodePath(owned->pattern).value_or(std::vector<std::string>());
  if (std::none_of(segments.begin(), segments.end(), IsParameter) && !HasRest(segments)) {
    literals_[segments].push_back(owned.get());
  } else {
    const auto same = std::find_if(patterns_.begin(), patterns_.end(),
                                   [&](const Path& path) { return path.segments == segments; });
    if (same != patterns_.end()) {
      same->routes.push_back(owned.get());
    } else {
      patterns_.push_back({segments, {owned.get()}});
    }
  }
  routes_.push_back(std::move(owned));
}

RouteMatch Router::Find(HttpMethod method, const std::vector<std::string>& segments) const {
  RouteMatch match = FindExact(method, segments);
  if (match.route != nullptr || !cross_origin_.Covers(segments)) return match;
  if (method == HttpMethod::kOptions) {
    match = RouteMatch();
    match.route = preflight_;
  } else if (match.status == 405) {
    match.allow.append(", OPTIONS");
  }
  return match;
}

RouteMatch Router::FindExact(HttpMethod method, const std::vector<std::string>& segments) const {
  if (const auto literal = literals_.find(segments); literal != literals_.end()) {
    return Choose(method, literal->second);
  }
  RouteMatch none;
  none.status = 404;
  for (const Path& path : patterns_) {
    if (!Matches(path, segments)) continue;
    RouteMatch match = Choose(method, path.routes);
    if (match.route == nullptr) {  // Another pattern may know the method.
      if (!none.allow.empty()) none.allow.append(", ");
      none.status = match.status;
      none.allow.append(match.allow);
      continue;
    }
    for (size_t i = 0; i < path.segments.size(); ++i) {
      if (IsParameter(path.segments[i])) match.path.Add(path.segments[i].substr(1), segments[i]);
    }
    return match;
  }
  return none;
}

RouteMatch Router::Choose(HttpMethod method, const Routes& routes) {
  RouteMatch match;
  for (const Route* route : routes) {
    const bool exact = route->method == method;
    const bool head = method == HttpMethod::kHead && route->method == HttpMethod::kGet;
    if (exact || (head && match.route == nullptr)) match.route = route;
    if (exact) return match;
  }
  if (match.route == nullptr) {
    match.status = 405;
    match.allow = AllowedMethods(routes);
  }
  return match;
}

bool Router::Matches(const Path& path, const std::vector<std::string>& segments) {
  const bool rest = HasRest(path.segments);
  const size_t size = path.segments.size();
  if (rest ? segments.size() < size : segments.size() != size) return false;
  for (size_t i = 0; i < size - (rest ? 1 : 0); ++i) {
    const bool matches =
        IsParameter(path.segments[i]) ? !segments[i].empty() : path.segments[i] == segments[i];
    if (!matches) return false;
  }
  return true;
}

}  // namespace tidegate::api
