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
using storage::LogBatch;
using storage::LogSelection;
using storage::StreamQuery;
using storage::StreamVolume;
using Names = std::vector<std::string>;

class TenantSink final : public storage::Sink<LogBatch> {
 public:
  TenantSink(const std::string* tenant, storage::Sink<LogBatch>* out)
      : tenant_(*tenant), out_(*out) {}

  absl::Status Add(LogBatch batch) override {
    // Batches of a stream often come in a row.
    if (batch.stream != last_) {
      labelled_ = std::make_shared<const Labels>(WithTenant(*batch.stream, tenant_));
      last_ = std::move(batch.stream);
    }
    batch.stream = labelled_;
    return out_.Add(std::move(batch));
  }
  absl::Status Hold(int64_t bytes) override { return out_.Hold(bytes); }

 private:
  const std::string& tenant_;
  storage::Sink<LogBatch>& out_;
  std::shared_ptr<const Labels> last_;      // As it came.
  std::shared_ptr<const Labels> labelled_;  // The same with the tenant.
};

class FederatedLogSource final : public storage::LogSource {
 public:
  explicit FederatedLogSource(storage::LogSource* source) : source_(*source) {}

  absl::Status SelectLogs(const RequestContext& context, const LogSelection& selection,
                          storage::Sink<LogBatch>& sink) override {
    if (!model::IsFederated(context.tenant)) return source_.SelectLogs(context, selection, sink);
    return ForEachTenant(context, [&](const RequestContext& one) -> absl::Status {
      auto matchers = MatchersFor(selection.matchers, one.tenant);
      if (!matchers.ok() || !matchers->has_value()) return matchers.status();
      LogSelection narrowed = selection;
      narrowed.matchers = **std::move(matchers);
      TenantSink tenant_sink(&one.tenant, &sink);
      return source_.SelectLogs(one, narrowed, tenant_sink);
    });
  }

  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const RequestContext& context,
                                                          const StreamQuery& query) override {
    if (!model::IsFederated(context.tenant)) return source_.StreamVolumes(context, query);
    std::vector<StreamVolume> all;
    const auto add_volumes = [&](const RequestContext& one, const StreamQuery& narrowed) {
      auto found = source_.StreamVolumes(one, narrowed);
      if (!found.ok()) return found.status();
      for (StreamVolume& volume : *found) {
        volume.stream = WithTenant(volume.stream, one.tenant);
        all.push_back(std::move(volume));
      }
      return absl::OkStatus();
    };
    absl::Status status = ForEachTenant(context, query, add_volumes);
    if (!status.ok()) return status;
    if (query.limit != 0 && all.size() > query.limit) all.resize(query.limit);
    return all;
  }

  absl::StatusOr<Names> StreamLabelNames(const RequestContext& context,
                                         const StreamQuery& query) override {
    if (!model::IsFederated(context.tenant)) return source_.StreamLabelNames(context, query);
    return UnionOfTenants(
        context, query,
        [this](const RequestContext& one, const StreamQuery& narrowed) -> absl::StatusOr<Names> {
          auto names = source_.StreamLabelNames(one, narrowed);
          if (!names.ok()) return names.status();
          return NamesWithTenant(*std::move(names));
        });
  }

  absl::StatusOr<Names> StreamLabelValues(const RequestContext& context,
                                          const std::string& label_name,
                                          const StreamQuery& query) override {
    if (!model::IsFederated(context.tenant)) {
      return source_.StreamLabelValues(context, label_name, query);
    }
    return UnionOfTenants(context, query,
                          [&](const RequestContext& one, const StreamQuery& narrowed) {
                            if (label_name == kTenantLabel) return NameIfAny(one, narrowed);
                            return source_.StreamLabelValues(one, OwnName(label_name), narrowed);
                          });
  }

 private:
  // The tenant's name when it has streams there.
  absl::StatusOr<Names> NameIfAny(const RequestContext& context, StreamQuery query) {
    query.limit = 1;
    const auto names = source_.StreamLabelNames(context, query);
    if (!names.ok()) return names.status();
    return names->empty() ? Names() : Names{context.tenant};
  }

  storage::LogSource& source_;
};

}  // namespace

std::unique_ptr<storage::LogSource> FederateLogTenants(storage::LogSource* source) {
  return std::make_unique<FederatedLogSource>(source);
}

}  // namespace tidegate::query
