#include "ingest/service/in_flight_bytes.h"

#include "absl/status/status.h"
#include "fmt/format.h"

namespace tidegate::ingest {

absl::StatusOr<InFlightBytes::Reservation> InFlightBytes::Reserve(uint64_t bytes) {
  const uint64_t before = bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (before == 0 || before + bytes <= max_bytes_) return Reservation(this, bytes);
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  return absl::ResourceExhaustedError(
      fmt::format("too many bytes in flight: {} are at work, {} more would exceed {}", before,
                  bytes, max_bytes_));
}

}  // namespace tidegate::ingest
