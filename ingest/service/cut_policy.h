// When to cut the head. A pure function; the cutter asks it.
#ifndef TIDEGATE_INGEST_SERVICE_CUT_POLICY_H_
#define TIDEGATE_INGEST_SERVICE_CUT_POLICY_H_

#include <cstdint>

#include "absl/time/time.h"

namespace tidegate::ingest {

struct CutPolicy {
  absl::Duration interval = absl::Minutes(30);
  uint64_t head_bytes = 0;   // Cut early beyond this much memory. Zero = never.
  uint64_t entry_bytes = 0;  // Cut early beyond this much memory for log entries. Zero = never.
  uint64_t log_bytes = 0;    // Cut early beyond this much log. Zero = never.
  // After a failed hand-over: doubles from first to max.
  absl::Duration first_retry = absl::Seconds(1);
  absl::Duration max_retry = absl::Minutes(1);
};

struct CutState {
  absl::Time last_cut;      // When the last one was begun; start-up before the first.
  absl::Time last_failure;  // Meaningful when failures > 0.
  int failures = 0;         // Attempts that failed since the last success.
  uint64_t head_bytes = 0;  // Log entries included.
  uint64_t entry_bytes = 0;
  uint64_t log_bytes = 0;
};

// True when a cut is to be begun, or a failed hand-over to be tried again. A clock that was set
// back counts as "due": waiting for it could take forever.
bool CutIsDue(const CutPolicy& policy, const CutState& state, absl::Time now);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_CUT_POLICY_H_
