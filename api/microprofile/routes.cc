#include "api/microprofile/routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_split.h"
#include "api/json/json_writer.h"
#include "api/microprofile/accept.h"
#include "api/microprofile/base_metrics.h"
#include "api/microprofile/json_format.h"
#include "api/microprofile/metric_tree.h"
#include "api/microprofile/text_format.h"

namespace tidegate::api {
namespace {

constexpr std::string_view kText = "text/plain";
constexpr std::string_view kExposition = "text/plain; version=0.0.4; charset=utf-8";

// The part of the tree that a path names.
struct Selection {
  const MetricTree* tree;
  std::optional<Scope> scope;  // None = all.
  std::string name;            // Empty = all of the scope.

  // Calls write(scope, name, metric) for each, scope by scope.
  template <typename Write>
  void Visit(const Write& write) const {
    for (size_t i = 0; i < kScopeNames.size(); ++i) {
      const auto current = static_cast<Scope>(i);
      if (scope && *scope != current) continue;
      for (const auto& [metric_name, metric] : tree->Of(current)) {
        if (name.empty() || name == metric_name) write(current, metric_name, metric);
      }
    }
  }
};

using WriteMetric =
    std::function<void(const std::string& name, const Metric& metric, JsonWriter* json)>;

// {"name": ...} of one scope, or {"scope": {"name": ...}} of all that have any.
std::string JsonTree(const Selection& selection, const WriteMetric& write) {
  StringSink sink;
  JsonWriter json(&sink);
  std::optional<Scope> open;
  json.BeginObject();
  selection.Visit([&](Scope scope, const std::string& name, const Metric& metric) {
    if (!selection.scope && open != scope) {
      if (open) json.EndObject();
      json.Key(kScopeNames[static_cast<size_t>(scope)]);
      json.BeginObject();
      open = scope;
    }
    json.Key(name);
    write(name, metric, &json);
  });
  if (open) json.EndObject();
  json.EndObject();
  json.Flush();
  return sink.text();
}

HttpResponse Json(std::string body) {
  HttpResponse response;
  response.content_type = kApplicationJson;
  response.body = std::move(body);
  return response;
}

HttpResponse Values(const Selection& selection, std::string_view accept) {
  const double text_quality = AcceptQuality(accept, kText);
  const double json_quality = AcceptQuality(accept, kApplicationJson);
  if (text_quality == 0 && json_quality == 0) {
    return TextResponse(406, "metrics are text/plain or application/json");
  }
  if (json_quality > text_quality) {
    return Json(JsonTree(selection, [](const std::string&, const Metric& metric, JsonWriter* json) {
      WriteValue(metric, json);
    }));
  }
  TextFormat format(selection.tree->global_tags);
  selection.Visit([&format](Scope scope, const std::string& name, const Metric& metric) {
    format.Write(scope, name, metric);
  });
  HttpResponse response;
  response.content_type = kExposition;
  response.body = format.text();
  return response;
}

HttpResponse Metadata(const Selection& selection, std::string_view accept) {
  if (AcceptQuality(accept, kApplicationJson) == 0) {
    return TextResponse(406, "what is known about metrics is application/json only");
  }
  const Tags& global = selection.tree->global_tags;
  return Json(JsonTree(selection,
                       [&global](const std::string& name, const Metric& metric, JsonWriter* json) {
                         WriteMetadata(name, metric, global, json);
                       }));
}

class Endpoint {
 public:
  Endpoint(const TenantResolver* resolver, std::shared_ptr<model::MetricsRegistry> registry,
           Tags global_tags)
      : resolver_(resolver), registry_(std::move(registry)), global_tags_(std::move(global_tags)) {}

  using Answer = HttpResponse (*)(const Selection& selection, std::string_view accept);

  void Handle(const HttpRequest& request, Answer answer, ResponseWriter& response) {
    const auto tenant = resolver_->Resolve(request, model::Permission::kAdmin);
    if (!tenant.ok()) return response.Send(TenantRefusal(tenant.status()));
    MetricTree tree;
    tree.global_tags = global_tags_;
    tree.Of(Scope::kBase) = base_.Read(model::ReadProcessFigures());
    AddRegistry(registry_.get(), &tree);
    response.Send(AnswerFrom(tree, request, answer));
  }

 private:
  static HttpResponse AnswerFrom(const MetricTree& tree, const HttpRequest& request,
                                 Answer answer) {
    Selection selection{&tree, std::nullopt, std::string(request.path.Get("name"))};
    if (request.path.Has("scope")) {
      const std::string_view scope = request.path.Get("scope");
      const auto found = std::find(kScopeNames.begin(), kScopeNames.end(), scope);
      if (found == kScopeNames.end()) {
        return TextResponse(404, "scopes are base, vendor and application");
      }
      selection.scope = static_cast<Scope>(found - kScopeNames.begin());
      const ScopeMetrics& metrics = tree.Of(*selection.scope);
      if (!selection.name.empty() && !metrics.contains(selection.name)) {
        return TextResponse(404, fmt::format("no metric of the scope {} has this name", scope));
      }
      if (metrics.empty()) {
        HttpResponse nothing;
        nothing.status = 204;
        return nothing;
      }
    }
    return answer(selection, request.headers.Get("Accept"));
  }

  const TenantResolver* const resolver_;
  const std::shared_ptr<model::MetricsRegistry> registry_;
  const Tags global_tags_;
  BaseMetrics base_;
};

}  // namespace

absl::StatusOr<Tags> ParseTags(std::string_view text) {
  Tags tags;
  if (text.empty()) return tags;
  for (absl::string_view tag : absl::StrSplit(absl::string_view(text.data(), text.size()), ',')) {
    const std::vector<std::string> parts = absl::StrSplit(tag, absl::MaxSplits('=', 1));
    if (parts.size() != 2 || parts[0].empty() || parts[1].empty()) {
      return absl::InvalidArgumentError(
          fmt::format("\"{}\" is no tag: name=value, separated by commas", std::string(tag)));
    }
    tags.emplace_back(parts[0], parts[1]);
  }
  return tags;
}

void AddMicroProfileRoutes(const TenantResolver* resolver,
                           std::shared_ptr<model::MetricsRegistry> registry, Tags global_tags,
                           Router* router) {
  const auto endpoint =
      std::make_shared<Endpoint>(resolver, std::move(registry), std::move(global_tags));
  const auto add = [&](HttpMethod method, std::string_view pattern, Endpoint::Answer answer) {
    Route route;
    route.method = method;
    route.pattern = std::string(pattern);
    route.handler = [endpoint, answer](const HttpRequest& request, ResponseWriter& response) {
      endpoint->Handle(request, answer, response);
    };
    router->Add(std::move(route));
  };
  for (std::string_view pattern : {"/metrics", "/metrics/:scope", "/metrics/:scope/:name"}) {
    add(HttpMethod::kGet, pattern, Values);
    add(HttpMethod::kOptions, pattern, Metadata);
  }
}

}  // namespace tidegate::api
