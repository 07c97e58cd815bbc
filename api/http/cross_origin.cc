#include "api/http/cross_origin.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tidegate::api {
namespace {

std::vector<std::pair<std::string, std::string>> FieldsFor(std::string_view origin) {
  return {{"Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin"},
          {"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
          {"Access-Control-Allow-Origin", std::string(origin)},
          {"Access-Control-Expose-Headers", "Date"}};
}

}  // namespace

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
  for (auto& [name, value] : FieldsFor(origin)) {
    response.AddHeader(std::move(name), std::move(value));
  }
}

std::vector<std::pair<std::string, std::string>> CrossOrigin::FieldsForUnread() const {
  if (prefixes_.empty()) return {};
  auto fields = FieldsFor("*");
  fields.emplace_back("Vary", "Origin");
  return fields;
}

}  // namespace tidegate::api
