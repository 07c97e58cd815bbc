#include "api/microprofile/metric.h"

namespace tidegate::api {

std::string_view TypeName(const MetricValue& value) {
  static constexpr std::array<std::string_view, std::variant_size_v<MetricValue>> kNames = {
      "gauge", "counter", "meter", "histogram", "timer"};
  return kNames[value.index()];
}

}  // namespace tidegate::api
