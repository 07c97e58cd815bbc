// The label that tells the tenants of one query apart.
#ifndef TIDEGATE_QUERY_SERVICE_TENANT_LABEL_H_
#define TIDEGATE_QUERY_SERVICE_TENANT_LABEL_H_

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/federation.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/request_context.h"

namespace tidegate::query {

// Mimir's and Loki's names: the label, and what a series' own label of that name becomes.
inline constexpr std::string_view kTenantLabel = "__tenant_id__";
inline constexpr std::string_view kOriginalTenantLabel = "original___tenant_id__";

model::Labels WithTenant(model::LabelsView labels, const std::string& tenant);

using Matchers = std::vector<model::CompiledMatcher>;

// What is asked of one tenant: matchers on the label are decided here, those on a series' own label
// of that name go on under it. Nothing when the tenant does not match.
absl::StatusOr<std::optional<Matchers>> MatchersFor(const Matchers& matchers,
                                                    const std::string& tenant);

// Calls ask_fn(context of the one tenant) for each of the context's tenants, sorted by name.
template <typename AskFn>
absl::Status ForEachTenant(const model::RequestContext& context, const AskFn& ask_fn) {
  for (const std::string& tenant : model::FederatedTenants(context.tenant)) {
    model::RequestContext one = context;
    one.tenant = tenant;
    if (absl::Status status = ask_fn(one); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// The same for those that can match a union of selections (storage::LabelQuery, StreamQuery): calls
// ask_fn(context, query of the one tenant).
template <typename Query, typename AskFn>
absl::Status ForEachTenant(const model::RequestContext& context, const Query& query,
                           const AskFn& ask_fn) {
  return ForEachTenant(context, [&](const model::RequestContext& one) -> absl::Status {
    Query narrowed = query;
    narrowed.selections.clear();
    for (const Matchers& matchers : query.selections) {
      auto rest = MatchersFor(matchers, one.tenant);
      if (!rest.ok()) return rest.status();
      if (rest->has_value()) narrowed.selections.push_back(**std::move(rest));
    }
    // No selection would mean everything.
    if (narrowed.selections.empty() && !query.selections.empty()) return absl::OkStatus();
    return ask_fn(one, narrowed);
  });
}

// What find_fn(context, query) of all tenants returns, sorted, each once, cut to the query's limit.
template <typename Query, typename FindFn>
absl::StatusOr<std::vector<std::string>> UnionOfTenants(const model::RequestContext& context,
                                                        const Query& query, const FindFn& find_fn) {
  std::vector<std::string> all;
  absl::Status status = ForEachTenant(
      context, query, [&](const model::RequestContext& one, const Query& narrowed) -> absl::Status {
        const absl::StatusOr<std::vector<std::string>> found = find_fn(one, narrowed);
        if (found.ok()) all.insert(all.end(), found->begin(), found->end());
        return found.status();
      });
  if (!status.ok()) return status;
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (query.limit != 0 && all.size() > query.limit) all.resize(query.limit);
  return all;
}

// The names of one tenant's labels as the query sees them.
std::vector<std::string> NamesWithTenant(std::vector<std::string> names);
// The name under which the tenant's own data have a label.
std::string OwnName(const std::string& label_name);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_TENANT_LABEL_H_
