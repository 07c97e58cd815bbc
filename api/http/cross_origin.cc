#include "api/http/cross_origin.h"

#include <algorithm>
#include <utility>

namespace tidegate::api {

bool CrossOrigin::Covers(const std::vector<std::string>& segments) const {
  return std::any_of(prefixes_.begin(), prefixes_.end(), [&](const auto& prefix) {
    return segments.size() > prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), segments.begin());
  });
}

void CrossOrigin::AddFields(const HttpRequest& request, ResponseWriter& response) const {
  if (!Covers(request.segments)) return;
  // Answers with and without Origin differ, so a cache in between is told, also by those without.
  response.AddHeader("Vary", "Origin");
  const std::string_view origin = request.headers.Get("Origin");
  if (origin.empty()) return;
  response.AddHeader("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin");
  response.AddHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.AddHeader("Access-Control-Allow-Origin", std::string(origin));
  response.AddHeader("Access-Control-Expose-Headers", "Date");
}

}  // namespace tidegate::api
