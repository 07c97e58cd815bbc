// Work that does not end by itself.
#ifndef TIDEGATE_TESTS_CONTRACT_FAKES_HANG_H_
#define TIDEGATE_TESTS_CONTRACT_FAKES_HANG_H_

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "model/request_context.h"

namespace tidegate::contract {

// Waits until the context is cancelled or its deadline passes, as honest work would notice; gives
// up after 20 s, so that a lost cancellation is a failed test and not a hanging one.
inline absl::Status HangUntilEnd(const model::RequestContext& context) {
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (absl::Now() < patience) {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return absl::InternalError("nobody ended the call");
}

}  // namespace tidegate::contract

#endif  // TIDEGATE_TESTS_CONTRACT_FAKES_HANG_H_
