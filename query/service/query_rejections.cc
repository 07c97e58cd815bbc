#include "query/service/query_rejections.h"

#include <prometheus/registry.h>

#include "model/federation.h"
#include "query/vector/refused_by.h"

namespace tidegate::query {

QueryRejections::QueryRejections(prometheus::Registry* registry) {
  if (registry == nullptr) return;
  refused_ = &prometheus::BuildCounter()
                  .Name("tidegate_query_rejected_total")
                  .Help("Queries that a limit refused or ended.")
                  .Register(*registry);
}

void QueryRejections::Count(const std::string& tenant, const absl::Status& error) {
  const std::string limit = LimitThatRefused(error);
  if (refused_ == nullptr || limit.empty()) return;
  for (const std::string& name : model::FederatedTenants(tenant)) {
    refused_->Add({{"tenant", name}, {"reason", limit}}).Increment();
  }
}

}  // namespace tidegate::query
