#include "query/service/exemplars.h"

#include <map>
#include <memory>
#include <utility>

#include "model/labels.h"
#include "model/matcher.h"
#include "query/promql/syntax/ast.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/walk.h"

namespace tidegate::query {
namespace {

using storage::SelectedExemplars;

void CollectSelectors(const promql::Expr& expr, std::vector<const promql::VectorSelector*>* out) {
  if (const auto* selector = promql::If<promql::VectorSelector>(&expr)) out->push_back(selector);
  promql::ForEachChild(expr, [&](const promql::Expr& child) { CollectSelectors(child, out); });
}

// A series that several selectors name has the same exemplars each time.
class CollectingSink final : public storage::Sink<SelectedExemplars> {
 public:
  absl::Status Add(SelectedExemplars item) override {
    model::Labels labels = item.labels;
    found_.insert_or_assign(std::move(labels), std::move(item));
    return absl::OkStatus();
  }

  std::vector<SelectedExemplars> Take() {
    std::vector<SelectedExemplars> sorted;
    sorted.reserve(found_.size());
    for (auto& [labels, exemplars] : found_) sorted.push_back(std::move(exemplars));
    return sorted;
  }

 private:
  std::map<model::Labels, SelectedExemplars> found_;
};

}  // namespace

absl::StatusOr<std::vector<SelectedExemplars>> FindExemplars(const model::RequestContext& context,
                                                             std::string_view query,
                                                             model::TimeRange range,
                                                             storage::SeriesSource& source) {
  const absl::StatusOr<std::unique_ptr<const promql::Expr>> expr = promql::ParseExpr(query);
  if (!expr.ok()) return expr.status();
  std::vector<const promql::VectorSelector*> selectors;
  CollectSelectors(**expr, &selectors);
  CollectingSink sink;
  for (const promql::VectorSelector* selector : selectors) {
    absl::StatusOr<std::vector<model::CompiledMatcher>> matchers =
        model::CompileMatchers(selector->matchers);
    if (!matchers.ok()) return matchers.status();
    absl::Status status =
        source.SelectExemplars(context, {.matchers = *std::move(matchers), .range = range}, sink);
    if (!status.ok()) return status;
  }
  return sink.Take();
}

}  // namespace tidegate::query
