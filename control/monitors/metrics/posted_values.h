// Values that hosts and services post, written through the ingester and read through the querier.
#ifndef TIDEGATE_CONTROL_MONITORS_METRICS_POSTED_VALUES_H_
#define TIDEGATE_CONTROL_MONITORS_METRICS_POSTED_VALUES_H_

#include <string>
#include <vector>

#include "control/monitoring.h"
#include "control/monitors/inventory/host_documents.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "query/query_service.h"
#include "storage/documents.h"

namespace tidegate::control {

// Thread safe.
class PostedValues final : public PostedMetrics {
 public:
  // Everything must outlive it.
  PostedValues(storage::Documents* documents, HostDocuments* hosts, ingest::Ingester* ingester,
               query::QueryService* queries, const model::Clock* clock)
      : documents_(*documents),
        hosts_(*hosts),
        ingester_(*ingester),
        queries_(*queries),
        clock_(*clock) {}

  // What can be stored of a body is, also when some of it is refused.
  absl::Status PostHosts(const model::RequestContext& context, std::string_view body) override;
  absl::Status PostService(const model::RequestContext& context, const std::string& service,
                           std::string_view body) override;
  absl::StatusOr<std::string> OfHost(const model::RequestContext& context, const std::string& host,
                                     const std::string& metric, int64_t from, int64_t to) override;
  absl::StatusOr<std::string> OfService(const model::RequestContext& context,
                                        const std::string& service, const std::string& metric,
                                        int64_t from, int64_t to) override;
  absl::StatusOr<std::string> Latest(const model::RequestContext& context,
                                     const std::vector<std::string>& hosts,
                                     const std::vector<std::string>& metrics) override;
  absl::StatusOr<std::string> NamesOfHost(const model::RequestContext& context,
                                          const std::string& host) override;
  absl::StatusOr<std::string> NamesOfService(const model::RequestContext& context,
                                             const std::string& service) override;

 private:
  absl::Status Push(const model::RequestContext& context, const std::string& body);
  absl::StatusOr<std::string> Values(const model::RequestContext& context,
                                     const std::string& selector, int64_t from, int64_t to);
  absl::StatusOr<std::string> Names(const model::RequestContext& context,
                                    const std::string& matcher);
  absl::Status CheckService(const std::string& tenant, const std::string& service);

  storage::Documents& documents_;
  HostDocuments& hosts_;
  ingest::Ingester& ingester_;
  query::QueryService& queries_;
  const model::Clock& clock_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_MONITORS_METRICS_POSTED_VALUES_H_
