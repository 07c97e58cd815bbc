#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "query/federation.h"
#include "query/service/tenant_label.h"

namespace tidegate::query {
namespace {

using model::Labels;
using model::RequestContext;
using storage::LabelQuery;
using storage::SelectedExemplars;
using storage::SelectedSeries;
using storage::Selection;
using storage::Sink;
using Names = std::vector<std::string>;

template <typename Item>
class TenantSink final : public Sink<Item> {
 public:
  TenantSink(const std::string* tenant, Sink<Item>* out) : tenant_(*tenant), out_(*out) {}
  absl::Status Add(Item item) override {
    item.labels = WithTenant(item.labels, tenant_);
    return out_.Add(std::move(item));
  }
  absl::Status Hold(int64_t bytes) override { return out_.Hold(bytes); }

 private:
  const std::string& tenant_;
  Sink<Item>& out_;
};

template <typename Item, typename SelectFn>
absl::Status SelectAll(const RequestContext& context, const Selection& selection, Sink<Item>& sink,
                       const SelectFn& select_fn) {
  return ForEachTenant(context, [&](const RequestContext& one) -> absl::Status {
    auto matchers = MatchersFor(selection.matchers, one.tenant);
    if (!matchers.ok() || !matchers->has_value()) return matchers.status();
    TenantSink<Item> tenant_sink(&one.tenant, &sink);
    return select_fn(one, Selection{**std::move(matchers), selection.range}, tenant_sink);
  });
}

class FederatedSource final : public storage::SeriesSource {
 public:
  explicit FederatedSource(storage::SeriesSource* source) : source_(*source) {}

  absl::Status Select(const RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override {
    if (!model::IsFederated(context.tenant)) return source_.Select(context, selection, sink);
    return SelectAll(
        context, selection, sink,
        [this](const RequestContext& one, const Selection& narrowed, Sink<SelectedSeries>& out) {
          return source_.Select(one, narrowed, out);
        });
  }

  absl::Status SelectExemplars(const RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override {
    if (!model::IsFederated(context.tenant)) {
      return source_.SelectExemplars(context, selection, sink);
    }
    return SelectAll(
        context, selection, sink,
        [this](const RequestContext& one, const Selection& narrowed, Sink<SelectedExemplars>& out) {
          return source_.SelectExemplars(one, narrowed, out);
        });
  }

  absl::StatusOr<std::vector<Labels>> Series(const RequestContext& context,
                                             const LabelQuery& query) override {
    if (!model::IsFederated(context.tenant)) return source_.Series(context, query);
    std::vector<Labels> all;
    const auto add_series = [&](const RequestContext& one, const LabelQuery& narrowed) {
      const auto found = source_.Series(one, narrowed);
      if (!found.ok()) return found.status();
      for (const Labels& labels : *found) all.push_back(WithTenant(labels, one.tenant));
      return absl::OkStatus();
    };
    absl::Status status = ForEachTenant(context, query, add_series);
    if (!status.ok()) return status;
    if (query.limit != 0 && all.size() > query.limit) all.resize(query.limit);
    return all;
  }

  absl::StatusOr<Names> LabelNames(const RequestContext& context,
                                   const LabelQuery& query) override {
    if (!model::IsFederated(context.tenant)) return source_.LabelNames(context, query);
    return UnionOfTenants(
        context, query,
        [this](const RequestContext& one, const LabelQuery& narrowed) -> absl::StatusOr<Names> {
          auto names = source_.LabelNames(one, narrowed);
          if (!names.ok()) return names.status();
          return NamesWithTenant(*std::move(names));
        });
  }

  absl::StatusOr<Names> LabelValues(const RequestContext& context, const std::string& label_name,
                                    const LabelQuery& query) override {
    if (!model::IsFederated(context.tenant)) {
      return source_.LabelValues(context, label_name, query);
    }
    return UnionOfTenants(context, query,
                          [&](const RequestContext& one, const LabelQuery& narrowed) {
                            if (label_name == kTenantLabel) return NameIfAny(one, narrowed);
                            return source_.LabelValues(one, OwnName(label_name), narrowed);
                          });
  }

 private:
  // The tenant's name when it has series there.
  absl::StatusOr<Names> NameIfAny(const RequestContext& context, LabelQuery query) {
    query.limit = 1;
    const auto series = source_.Series(context, query);
    if (!series.ok()) return series.status();
    return series->empty() ? Names() : Names{context.tenant};
  }

  storage::SeriesSource& source_;
};

}  // namespace

std::unique_ptr<storage::SeriesSource> FederateTenants(storage::SeriesSource* source) {
  return std::make_unique<FederatedSource>(source);
}

}  // namespace tidegate::query
