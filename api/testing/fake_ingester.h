// An ingester that keeps what it was given, and fails when it is told to.
#ifndef TIDEGATE_API_TESTING_FAKE_INGESTER_H_
#define TIDEGATE_API_TESTING_FAKE_INGESTER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "ingest/ingester.h"
#include "storage/testing/empty_source.h"

namespace tidegate::api {

// Thread safe. Counts one sample per push.
class FakeIngester : public ingest::Ingester {
 public:
  struct Pushed {
    std::string tenant;
    std::string body;
    ingest::PushFormat format = ingest::PushFormat::kRemoteWrite1;
    std::vector<std::pair<std::string, std::string>> labels = {};
    model::TimestampMs time = 0;
  };

  // The outcome of all further pushes and flushes.
  void Fail(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    failure_ = std::move(status);
  }
  // All further pushes store something and reject something.
  void Reject(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    rejection_ = std::move(status);
  }
  // How many streams every further push of logs has.
  void SetLogStreams(uint64_t streams) {
    absl::MutexLock lock(&mutex_);
    log_streams_ = streams;
  }
  std::vector<Pushed> pushed() const {
    absl::MutexLock lock(&mutex_);
    return pushed_;
  }
  int flushes() const {
    absl::MutexLock lock(&mutex_);
    return flushes_;
  }

  absl::StatusOr<ingest::PushResult> Push(const model::RequestContext& context,
                                          const ingest::PushRequest& request) override {
    absl::MutexLock lock(&mutex_);
    if (!failure_.ok()) return failure_;
    pushed_.push_back(
        {context.tenant, std::string(request.body), request.format, request.labels, request.time});
    ingest::PushResult result;
    result.samples = 1;
    result.rejected = rejection_;
    result.rejected_points = rejection_.ok() ? 0 : 2;
    result.log_streams = log_streams_;
    return result;
  }

  absl::Status Flush(const model::RequestContext&) override {
    absl::MutexLock lock(&mutex_);
    ++flushes_;
    return failure_;
  }

  storage::SeriesSource& series() override { return no_series_; }
  storage::LogSource& logs() override { return no_logs_; }
  absl::StatusOr<ingest::IngesterStats> Stats(const model::RequestContext&) override {
    absl::MutexLock lock(&mutex_);
    ingest::IngesterStats stats;
    stats.samples = pushed_.size();
    return stats;
  }
  absl::Status Ready() const override {
    absl::MutexLock lock(&mutex_);
    return failure_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<Pushed> pushed_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  absl::Status rejection_ ABSL_GUARDED_BY(mutex_);
  uint64_t log_streams_ ABSL_GUARDED_BY(mutex_) = 0;
  int flushes_ ABSL_GUARDED_BY(mutex_) = 0;
  // Bodies are not decoded, so there is nothing to read back.
  storage::EmptySeriesSource no_series_;
  storage::EmptyLogSource no_logs_;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_TESTING_FAKE_INGESTER_H_
