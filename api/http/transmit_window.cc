#include "api/http/transmit_window.h"

namespace tidegate::api {

bool TransmitWindow::Enter(size_t bytes) {
  absl::MutexLock lock(&mutex_, absl::Condition(this, &TransmitWindow::HasRoomOrIsClosed));
  if (closed_) return false;
  bytes_ += bytes;
  return true;
}

void TransmitWindow::Leave(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  bytes_ -= bytes;
}

void TransmitWindow::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

}  // namespace tidegate::api
