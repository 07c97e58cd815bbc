// One holder at a time, of all the processes that share a store.
#ifndef TIDEGATE_CONTROL_LEASE_LEASE_H_
#define TIDEGATE_CONTROL_LEASE_LEASE_H_

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "model/clock.h"
#include "storage/documents.h"

namespace tidegate::control {

struct LeaseOptions {
  std::string key = "leases/control";
  // Who this process is. A process that comes back under the same name takes the lease at once, so
  // a name that two processes could have at the same time must not be used.
  std::string holder;
  // A lease that nobody has renewed for so long is free. Each waiting process measures that by its
  // own clock from the last change it has seen, so clocks need not agree.
  absl::Duration ttl = absl::Seconds(5);
};

// A document that its holder writes again and again. Every change of holder raises the epoch. What
// the holder writes through Commit takes effect only while the lease is still its own: a holder
// that was asleep cannot undo what its successor did. Owned by one thread, but for held() and
// epoch().
class Lease {
 public:
  // Everything must outlive it.
  Lease(LeaseOptions options, storage::Documents* documents, const model::Clock* clock)
      : options_(std::move(options)), documents_(*documents), clock_(*clock) {}

  // Renews the lease, or takes it when it is free. Call it at least three times per ttl. Returns
  // whether it is held now: not any more when it could not be renewed within two thirds of the ttl.
  bool Renew();
  // Gives it up, so that the next process need not wait for the ttl.
  void Release();

  bool held() const { return held_.load(std::memory_order_acquire); }
  // Of the time since it was taken; 0 while it never was.
  uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }

  // Commits these writes if the lease is held, and renews it with them. FailedPrecondition when it
  // is not (any more); other errors as Documents::Commit: Aborted may also come from an expected
  // version of the caller's.
  absl::Status Commit(std::vector<storage::DocumentWrite> writes);

 private:
  // The document as it lies there.
  struct State {
    uint64_t version = 0;
    uint64_t epoch = 0;
    std::string holder;  // Empty: released.
  };

  absl::StatusOr<State> Read();
  bool KeepHeld();
  bool TryTake();
  bool IsFree(const State& state);
  storage::DocumentWrite Writing(const std::string& holder, uint64_t epoch) const;
  absl::Status Write(std::vector<storage::DocumentWrite> writes, const std::string& holder,
                     uint64_t epoch);

  const LeaseOptions options_;
  storage::Documents& documents_;
  const model::Clock& clock_;

  std::atomic<bool> held_{false};
  std::atomic<uint64_t> epoch_{0};
  uint64_t version_ = 0;  // Of the document, as last seen or written.
  bool seen_ = false;     // A holder's version, at:
  absl::Time seen_at_;
  absl::Time renewed_at_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_LEASE_LEASE_H_
