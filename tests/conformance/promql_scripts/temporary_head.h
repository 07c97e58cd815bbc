// The product's own head, filled from a memory source: scripts run on what queries run on.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_TEMPORARY_HEAD_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_TEMPORARY_HEAD_H_

#include <memory>

#include "absl/status/statusor.h"
#include "model/request_context.h"
#include "storage/head.h"
#include "storage/log/fake_log.h"
#include "storage/series_source.h"

namespace tidegate::conformance {

// Lives in memory only.
class TemporaryHead {
 public:
  // Takes everything that the source has for the context's tenant. Internal when the head refuses
  // a sample.
  static absl::StatusOr<std::unique_ptr<TemporaryHead>> Fill(const model::RequestContext& context,
                                                             storage::SeriesSource& from);

  storage::SeriesSource& source() { return *head_; }

 private:
  TemporaryHead() = default;

  storage::FakeLog log_;
  std::unique_ptr<storage::Head> head_ = storage::CreateHead({}, &log_);
};

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_TEMPORARY_HEAD_H_
