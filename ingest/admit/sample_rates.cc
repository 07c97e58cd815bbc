#include "ingest/admit/sample_rates.h"

#include "fmt/format.h"

namespace tidegate::ingest {
namespace {

TokenRate RateOf(double per_second, uint64_t burst) {
  return {per_second, burst == 0 ? per_second : static_cast<double>(burst)};
}

}  // namespace

absl::Status SampleRates::AdmitRequest(const std::string& tenant, const model::TenantLimits& limits,
                                       absl::Time now) {
  const TokenRate rate = RateOf(limits.request_rate, limits.request_burst_size);
  if (requests_.Take(tenant, rate, 1, now)) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      fmt::format("tenant {} exceeded its request_rate of {} pushes a second with a burst of {}",
                  tenant, rate.per_second, rate.burst));
}

absl::Status SampleRates::AdmitPoints(const std::string& tenant, const model::TenantLimits& limits,
                                      uint64_t points, absl::Time now) {
  const TokenRate rate = RateOf(limits.ingestion_rate, limits.ingestion_burst_size);
  if (points_.Take(tenant, rate, static_cast<double>(points), now)) return absl::OkStatus();
  const bool never = static_cast<double>(points) > rate.burst;
  return absl::ResourceExhaustedError(
      fmt::format("tenant {} exceeded its ingestion_rate of {} samples a second with a burst of "
                  "{}, with a push "
                  "of {}{}",
                  tenant, rate.per_second, rate.burst, points,
                  never ? ": a push of that size needs a larger ingestion_burst_size" : ""));
}

}  // namespace tidegate::ingest
