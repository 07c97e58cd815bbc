// Counts the queries that limits refused.
#ifndef TIDEGATE_QUERY_SERVICE_QUERY_REJECTIONS_H_
#define TIDEGATE_QUERY_SERVICE_QUERY_REJECTIONS_H_

#include <prometheus/counter.h>
#include <prometheus/family.h>

#include <string>

#include "absl/status/status.h"

namespace prometheus {
class Registry;
}

namespace tidegate::query {

// Thread safe. Counts nothing without a registry, which must outlive it.
class QueryRejections {
 public:
  explicit QueryRejections(prometheus::Registry* registry);

  // By the limit that the error names (LimitThatRefused); other errors do not count. A query over
  // several tenants (model/federation.h) counts for each of them.
  void Count(const std::string& tenant, const absl::Status& error);

 private:
  prometheus::Family<prometheus::Counter>* refused_ = nullptr;
};

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_SERVICE_QUERY_REJECTIONS_H_
