#include "tests/contract/fakes/fake_ingester.h"

#include "tests/contract/fakes/hang.h"

namespace tidegate::contract {

absl::Status FakeIngester::Begin(const model::RequestContext& context) {
  bool hang = false;
  {
    absl::MutexLock lock(&mutex_);
    context_ = context;
    if (!error_.ok()) return error_;
    hang = hang_;
  }
  return hang ? HangUntilEnd(context) : absl::OkStatus();
}

absl::StatusOr<ingest::PushResult> FakeIngester::Push(const model::RequestContext& context,
                                                      const ingest::PushRequest& request) {
  if (absl::Status status = Begin(context); !status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  body_ = std::string(request.body);
  return result_;
}

absl::Status FakeIngester::Flush(const model::RequestContext& context) { return Begin(context); }

absl::StatusOr<ingest::IngesterStats> FakeIngester::Stats(const model::RequestContext& context) {
  if (absl::Status status = Begin(context); !status.ok()) return status;
  return ingest::IngesterStats{1, 2, 3, uint64_t{1} << 40, {{"too_old", 5}}};
}

}  // namespace tidegate::contract
