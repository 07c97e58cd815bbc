// Back-pressure between a writer that may block and the connection that takes its bytes away.
#ifndef TIDEGATE_API_HTTP_TRANSMIT_WINDOW_H_
#define TIDEGATE_API_HTTP_TRANSMIT_WINDOW_H_

#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace tidegate::api {

// Counts the bytes on their way. Thread safe.
class TransmitWindow {
 public:
  // A writer waits while this many bytes are on their way; its piece may then exceed the bound.
  explicit TransmitWindow(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Blocks until there is room, then counts `bytes`. False, at once, when the window is closed.
  bool Enter(size_t bytes);
  // `bytes` of what entered have left.
  void Leave(size_t bytes);
  // For good; lets every waiting writer go.
  void Close();

 private:
  bool HasRoomOrIsClosed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return closed_ || bytes_ < max_bytes_;
  }

  const size_t max_bytes_;
  absl::Mutex mutex_;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_HTTP_TRANSMIT_WINDOW_H_
