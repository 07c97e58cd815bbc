// What senders say about a metric: type, help, unit.
#ifndef TIDEGATE_MODEL_METADATA_H_
#define TIDEGATE_MODEL_METADATA_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace tidegate::model {

// Values are those of prompb.MetricMetadata.MetricType.
enum class MetricType : uint8_t {
  kUnknown = 0,
  kCounter = 1,
  kGauge = 2,
  kHistogram = 3,
  kGaugeHistogram = 4,
  kSummary = 5,
  kInfo = 6,
  kStateset = 7,
};

// "counter", "gaugehistogram", ... as the metadata API prints them.
std::string_view MetricTypeName(MetricType type);

struct MetricMetadata {
  std::string metric_family;
  MetricType type = MetricType::kUnknown;
  std::string help;
  std::string unit;
  friend bool operator==(const MetricMetadata&, const MetricMetadata&) = default;
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_METADATA_H_
