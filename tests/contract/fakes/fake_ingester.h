// An Ingester that answers what a test puts in.
#ifndef TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_INGESTER_H_
#define TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_INGESTER_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "ingest/ingester.h"
#include "storage/testing/empty_source.h"
#include "tests/contract/fakes/fake_series_source.h"

namespace tidegate::contract {

// Keeps the last push. Thread safe.
class FakeIngester final : public ingest::Ingester {
 public:
  // Every call returns the error while it is not ok.
  void Fail(absl::Status error) {
    absl::MutexLock lock(&mutex_);
    error_ = std::move(error);
  }
  // Pushes and flushes wait until their context ends.
  void Hang() {
    absl::MutexLock lock(&mutex_);
    hang_ = true;
  }
  void Answer(ingest::PushResult result) {
    absl::MutexLock lock(&mutex_);
    result_ = std::move(result);
  }
  std::string body() const {
    absl::MutexLock lock(&mutex_);
    return body_;
  }
  model::RequestContext context() const {
    absl::MutexLock lock(&mutex_);
    return context_;
  }

  absl::StatusOr<ingest::PushResult> Push(const model::RequestContext& context,
                                          const ingest::PushRequest& request) override;
  absl::Status Flush(const model::RequestContext& context) override;
  storage::SeriesSource& series() override { return series_; }
  storage::LogSource& logs() override { return no_logs_; }
  absl::StatusOr<ingest::IngesterStats> Stats(const model::RequestContext& context) override;
  absl::Status Ready() const override { return absl::OkStatus(); }

 private:
  // The fault to show, after noting who asks.
  absl::Status Begin(const model::RequestContext& context);

  mutable absl::Mutex mutex_;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  bool hang_ ABSL_GUARDED_BY(mutex_) = false;
  ingest::PushResult result_ ABSL_GUARDED_BY(mutex_);
  std::string body_ ABSL_GUARDED_BY(mutex_);
  model::RequestContext context_ ABSL_GUARDED_BY(mutex_);
  FakeSeriesSource series_;
  // Nothing is asked of it here: log_source_contract_test asks real ones.
  storage::EmptyLogSource no_logs_;
};

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_FAKES_FAKE_INGESTER_H_
