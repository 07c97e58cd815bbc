// Says when the head must not grow any more.
#ifndef TIDEGATE_INGEST_SERVICE_HEAD_PRESSURE_H_
#define TIDEGATE_INGEST_SERVICE_HEAD_PRESSURE_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "storage/head.h"

namespace tidegate::ingest {

// Cutting early keeps the head small while the store takes the cuts. When it does not, hours of
// samples would gather in memory: beyond the bound pushes are refused, before the system kills the
// process. Thread safe; the head must outlive it.
class HeadPressure {
 public:
  // Zero = no bound.
  HeadPressure(const storage::Head* head, uint64_t max_bytes)
      : head_(head), max_bytes_(max_bytes) {}

  // Unavailable beyond the bound. Asks the head every kInterval; a moment of pushes fits in
  // between.
  absl::Status Check();

 private:
  const storage::Head* const head_;
  const uint64_t max_bytes_;
  std::atomic<int64_t> next_look_ns_{0};  // Of the steady clock.
  std::atomic<uint64_t> bytes_{0};
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_HEAD_PRESSURE_H_
