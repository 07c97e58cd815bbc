// What the scraper tells about itself.
#ifndef TIDEGATE_CONTROL_SCRAPE_SCRAPE_METRICS_H_
#define TIDEGATE_CONTROL_SCRAPE_SCRAPE_METRICS_H_

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <array>

#include "control/targets.h"

namespace tidegate::control {

inline constexpr size_t kScrapeResults = static_cast<size_t>(ScrapeResult::kMisconfigured) + 1;

// "success", "connection_failed", ...: the label `result`.
const char* ScrapeResultName(ScrapeResult result);

// Thread safe.
struct ScrapeMetrics {
  explicit ScrapeMetrics(prometheus::Registry* registry);

  std::array<prometheus::Counter*, kScrapeResults> scrapes;  // By how they ended.
  prometheus::Counter& late;  // Not started because the one before was still on its way.
  prometheus::Counter& samples;
  prometheus::Gauge& targets;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_SCRAPE_METRICS_H_
