// Metric families for scrapes in protobuf (proto/prometheus/metrics.proto).
#ifndef TIDEGATE_PROTO_WIRE_METRIC_FAMILY_H_
#define TIDEGATE_PROTO_WIRE_METRIC_FAMILY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/histogram.h"
#include "model/sample.h"

namespace tidegate::wire {

enum class FamilyType : uint8_t { kUntyped, kHistogram, kGaugeHistogram };

// Either a value or a native histogram, which must outlive it and has no custom buckets: the schema
// has no place for those.
struct FamilyMetric {
  std::vector<std::pair<std::string, std::string>> labels;
  model::TimestampMs timestamp = 0;
  double value = 0;
  const model::FloatHistogram* histogram = nullptr;
};

// One MetricFamily, with its size as a varint in front.
std::string DelimitedFamily(std::string_view name, FamilyType type,
                            const std::vector<FamilyMetric>& metrics);

}  // namespace tidegate::wire

#endif  // TIDEGATE_PROTO_WIRE_METRIC_FAMILY_H_
