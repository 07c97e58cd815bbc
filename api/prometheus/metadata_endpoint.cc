#include "api/prometheus/metadata_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "api/prometheus/envelope.h"
#include "api/prometheus/parameters.h"

namespace tidegate::api {
namespace {

using Families = std::map<std::string, std::vector<model::MetricMetadata>>;

absl::StatusOr<size_t> CountParameter(const Parameters& parameters, std::string_view name) {
  const std::string_view text = parameters.Get(name);
  if (text.empty()) return std::numeric_limits<size_t>::max();
  const auto value = ParseInteger(text);
  if (!value.ok()) return absl::InvalidArgumentError(fmt::format("{} must be a number", name));
  return *value <= 0 ? std::numeric_limits<size_t>::max() : static_cast<size_t>(*value);
}

Families ByName(std::vector<model::MetricMetadata> all) {
  Families families;
  for (model::MetricMetadata& metadata : all) {
    auto& entries = families[metadata.metric_family];
    if (std::find(entries.begin(), entries.end(), metadata) == entries.end()) {
      entries.push_back(std::move(metadata));
    }
  }
  return families;
}

void WriteEntry(const model::MetricMetadata& metadata, JsonWriter& json) {
  json.BeginObject();
  json.Key("type");
  json.String(model::MetricTypeName(metadata.type));
  json.Key("help");
  json.String(metadata.help);
  json.Key("unit");
  json.String(metadata.unit);
  json.EndObject();
}

void WriteFamilies(const Families& families, size_t limit, size_t limit_per_metric,
                   JsonWriter& json) {
  json.BeginObject();
  for (const auto& [name, entries] : families) {
    if (limit-- == 0 || !json.ok()) break;
    json.Key(name);
    json.BeginArray();
    const size_t count = std::min(limit_per_metric, entries.size());
    for (size_t i = 0; i < count; ++i) WriteEntry(entries[i], json);
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace

ApiEndpoint MetadataEndpoint(MetadataSource source) {
  return [source = std::move(source)](const ApiRequest& request,
                                      ResponseWriter& response) -> absl::Status {
    const auto limit = CountParameter(request.parameters, "limit");
    if (!limit.ok()) return limit.status();
    const auto limit_per_metric = CountParameter(request.parameters, "limit_per_metric");
    if (!limit_per_metric.ok()) return limit_per_metric.status();
    auto all = source(request.context, std::string(request.parameters.Get("metric")));
    if (!all.ok()) return all.status();
    Envelope envelope(&response);
    WriteFamilies(ByName(*std::move(all)), *limit, *limit_per_metric, envelope.data());
    envelope.Finish();
    return absl::OkStatus();
  };
}

}  // namespace tidegate::api
