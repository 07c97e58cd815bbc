#include "ingest/service/cut_policy.h"

#include <algorithm>

namespace tidegate::ingest {
namespace {

bool HasPassed(absl::Duration wait, absl::Time since, absl::Time now) {
  return now < since || now - since >= wait;
}

absl::Duration RetryAfter(const CutPolicy& policy, int failures) {
  absl::Duration wait = policy.first_retry;
  for (int i = 1; i < failures && wait < policy.max_retry; ++i) wait *= 2;
  return std::min(wait, policy.max_retry);
}

}  // namespace

bool CutIsDue(const CutPolicy& policy, const CutState& state, absl::Time now) {
  if (state.failures > 0) {
    return HasPassed(RetryAfter(policy, state.failures), state.last_failure, now);
  }
  if (policy.head_bytes != 0 && state.head_bytes > policy.head_bytes) return true;
  if (policy.entry_bytes != 0 && state.entry_bytes > policy.entry_bytes) return true;
  if (policy.log_bytes != 0 && state.log_bytes > policy.log_bytes) return true;
  return HasPassed(policy.interval, state.last_cut, now);
}

}  // namespace tidegate::ingest
