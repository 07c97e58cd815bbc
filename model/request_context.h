// Who asks, until when, and whether they still wait for the answer.
#ifndef TIDEGATE_MODEL_REQUEST_CONTEXT_H_
#define TIDEGATE_MODEL_REQUEST_CONTEXT_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace tidegate::model {

// Travels with every request through all services (over gRPC as metadata and deadline). Copies
// share the cancellation flag. Thread safe.
struct RequestContext {
  std::string tenant;
  std::string request_id;
  absl::Time deadline = absl::InfiniteFuture();
  std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);

  void Cancel() const { cancelled->store(true, std::memory_order_relaxed); }
  bool IsCancelled() const { return cancelled->load(std::memory_order_relaxed); }
  // Ok while the work should go on; Cancelled or DeadlineExceeded otherwise. Cheap enough to be
  // asked every few thousand samples (the clock is read).
  absl::Status Check() const {
    if (IsCancelled()) return absl::CancelledError("the client has gone away");
    if (deadline != absl::InfiniteFuture() && absl::Now() >= deadline) {
      return absl::DeadlineExceededError("the request's deadline has passed");
    }
    return absl::OkStatus();
  }
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_REQUEST_CONTEXT_H_
