// Documents that one process at a time changes.
#ifndef TIDEGATE_CONTROL_LEASE_OWNED_DOCUMENTS_H_
#define TIDEGATE_CONTROL_LEASE_OWNED_DOCUMENTS_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "storage/documents.h"

namespace tidegate::control {

// Every transaction also writes one document, the owner's, at the version that this object wrote
// last. Whoever claims it later ends what earlier owners can commit: a process that was asleep
// changes nothing any more. A commit whose answer was lost is looked up, so that a caller always
// knows whether it took place. Thread safe.
class OwnedDocuments {
 public:
  // Everything must outlive it.
  OwnedDocuments(std::string owner_key, storage::Documents* documents,
                 const std::atomic<bool>* stop)
      : key_(std::move(owner_key)), documents_(*documents), stop_(*stop) {}

  // All or nothing, exactly once. The first one claims. Aborted: an expected version was another.
  // FailedPrecondition: somebody else is the owner now, and nothing will ever be committed again.
  // Cancelled: stopped while the outcome was not known. Others as Documents::Commit: not committed.
  absl::Status Commit(std::vector<storage::DocumentWrite> writes);

  // Ok while nobody else has claimed it; claims it first. For what must not be done twice although
  // it is no commit.
  absl::Status EnsureOwned();

  storage::Documents& documents() { return documents_; }

 private:
  absl::Status Claim() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What the document says, asked until somebody answers.
  absl::StatusOr<storage::Document> Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string key_;
  storage::Documents& documents_;
  const std::atomic<bool>& stop_;
  absl::Mutex mutex_;
  std::string name_ ABSL_GUARDED_BY(mutex_);  // Empty: not claimed yet.
  uint64_t sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t version_ ABSL_GUARDED_BY(mutex_) = 0;
  bool lost_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_LEASE_OWNED_DOCUMENTS_H_
