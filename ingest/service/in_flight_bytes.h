// A bound on the bytes of bodies at work at the same time.
#ifndef TIDEGATE_INGEST_SERVICE_IN_FLIGHT_BYTES_H_
#define TIDEGATE_INGEST_SERVICE_IN_FLIGHT_BYTES_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"

namespace tidegate::ingest {

// Thread safe; must outlive its reservations.
class InFlightBytes {
 public:
  // Gives its bytes back when it goes out of scope.
  class Reservation {
   public:
    Reservation(InFlightBytes* owner, uint64_t bytes) : owner_(owner), bytes_(bytes) {}
    Reservation(Reservation&& other) noexcept
        : owner_(std::exchange(other.owner_, nullptr)), bytes_(other.bytes_) {}
    Reservation& operator=(Reservation&&) = delete;
    ~Reservation() {
      if (owner_ != nullptr) owner_->bytes_.fetch_sub(bytes_, std::memory_order_relaxed);
    }

   private:
    InFlightBytes* owner_;
    uint64_t bytes_;
  };

  explicit InFlightBytes(uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // ResourceExhausted when the bound would be exceeded. A request that is alone is always let in:
  // its own size is bounded elsewhere, and it could never come through otherwise.
  absl::StatusOr<Reservation> Reserve(uint64_t bytes);

  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  const uint64_t max_bytes_;
  std::atomic<uint64_t> bytes_{0};
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_IN_FLIGHT_BYTES_H_
