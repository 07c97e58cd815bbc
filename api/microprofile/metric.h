// A metric as MicroProfile Metrics 1.1 sees it.
#ifndef TIDEGATE_API_MICROPROFILE_METRIC_H_
#define TIDEGATE_API_MICROPROFILE_METRIC_H_

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/metrics/decaying_reservoir.h"
#include "model/metrics/event_rates.h"

namespace tidegate::api {

// base: every process has them; vendor: the machinery, HTTP and RocksDB; application: what Tidegate
// is for.
enum class Scope : uint8_t { kBase, kVendor, kApplication };
inline constexpr std::array<std::string_view, 3> kScopeNames = {"base", "vendor", "application"};

struct Gauge {
  double value = 0;
};
struct Counter {
  double value = 0;
};
struct MeterFigures {
  model::RateFigures rates;
};
struct HistogramFigures {
  model::ValueFigures values;
};
struct TimerFigures {
  model::ValueFigures seconds;
  model::RateFigures rates;
};
using MetricValue = std::variant<Gauge, Counter, MeterFigures, HistogramFigures, TimerFigures>;

// "gauge", "counter", "meter", "histogram", "timer".
std::string_view TypeName(const MetricValue& value);

using Tags = std::vector<std::pair<std::string, std::string>>;

struct Metric {
  MetricValue value;
  std::string unit = "none";  // MicroProfile's: "milliseconds", "bytes", ...
  std::string description;
  Tags tags;  // Its own, sorted by name; those of the process are kept apart.
};

// Name -> metric, of one scope.
using ScopeMetrics = std::map<std::string, Metric>;

// All of a process, by Scope.
struct MetricTree {
  std::array<ScopeMetrics, kScopeNames.size()> scopes;
  Tags global_tags;

  const ScopeMetrics& Of(Scope scope) const { return scopes[static_cast<size_t>(scope)]; }
  ScopeMetrics& Of(Scope scope) { return scopes[static_cast<size_t>(scope)]; }
};

}  // namespace tidegate::api

#endif  // TIDEGATE_API_MICROPROFILE_METRIC_H_
