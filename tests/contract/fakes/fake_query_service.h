// A QueryService that answers what a test puts in.
#ifndef TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_QUERY_SERVICE_H_
#define TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_QUERY_SERVICE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "query/query_service.h"

namespace tidegate::contract {

// What it was asked last; what a method does not have stays empty.
struct AskedQuery {
  model::RequestContext context;
  std::string method;
  std::string query;  // Or the label's name.
  query::InstantRequest instant;
  query::RangeRequest range;
  query::MetadataRequest metadata;
  model::TimeRange time;
};

// Fill the answers before it is in use. Thread safe.
class FakeQueryService final : public query::QueryService {
 public:
  query::QueryResult result;
  query::LabelsResult labels;
  query::StringsResult strings;
  std::vector<storage::SelectedExemplars> exemplars;

  // Every call returns the error while it is not ok.
  void Fail(absl::Status error) {
    absl::MutexLock lock(&mutex_);
    error_ = std::move(error);
  }
  // Every call waits until its context ends.
  void Hang() {
    absl::MutexLock lock(&mutex_);
    hang_ = true;
  }
  AskedQuery asked() const {
    absl::MutexLock lock(&mutex_);
    return asked_;
  }
  // Waits until a hanging call has noticed its end, and returns how.
  absl::Status AwaitEnd();
  bool AwaitHang();

  absl::StatusOr<query::QueryResult> Instant(const model::RequestContext& context,
                                             const query::InstantRequest& request) override;
  absl::StatusOr<query::QueryResult> Range(const model::RequestContext& context,
                                           const query::RangeRequest& request) override;
  absl::StatusOr<query::LabelsResult> Series(const model::RequestContext& context,
                                             const query::MetadataRequest& request) override;
  absl::StatusOr<query::StringsResult> LabelNames(const model::RequestContext& context,
                                                  const query::MetadataRequest& request) override;
  absl::StatusOr<query::StringsResult> LabelValues(const model::RequestContext& context,
                                                   const std::string& label_name,
                                                   const query::MetadataRequest& request) override;
  absl::StatusOr<std::vector<storage::SelectedExemplars>> Exemplars(
      const model::RequestContext& context, const std::string& query,
      model::TimeRange range) override;
  absl::StatusOr<std::string> FormatQuery(const model::RequestContext& context,
                                          const std::string& query) override;
  absl::StatusOr<std::string> ParseQuery(const model::RequestContext& context,
                                         const std::string& query) override;

 private:
  // Notes what was asked, then the fault to show.
  absl::Status Begin(AskedQuery asked);

  mutable absl::Mutex mutex_;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool hang_ ABSL_GUARDED_BY(mutex_) = false;
  bool hanging_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  AskedQuery asked_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_QUERY_SERVICE_H_
