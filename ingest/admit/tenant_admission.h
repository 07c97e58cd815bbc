// Which new series a tenant may have.
#ifndef TIDEGATE_INGEST_ADMIT_TENANT_ADMISSION_H_
#define TIDEGATE_INGEST_ADMIT_TENANT_ADMISSION_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/labels.h"
#include "model/tenant.h"
#include "storage/head.h"

namespace tidegate::ingest {

// Prometheus' rules for label sets (UTF-8 names, sorted, no duplicates, a metric name) and the
// tenant's limits. Immutable and thread safe; the limits must outlive it. Texts are Prometheus'
// where it has one (storage/remote/write_handler.go) and name series, limit and value otherwise.
class TenantAdmission final : public storage::SeriesAdmission {
 public:
  explicit TenantAdmission(const model::TenantLimits* limits) : limits_(*limits) {}

  absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const override;
  absl::Status AdmitSeriesCount(uint64_t active) const override;
  uint64_t max_series_of_metric() const override { return limits_.max_series_per_metric; }
  std::string MetricIsFull() const override;

 private:
  absl::Status CheckLimits(const model::Labels& labels) const;

  const model::TenantLimits& limits_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_ADMIT_TENANT_ADMISSION_H_
