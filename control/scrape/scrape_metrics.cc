#include "control/scrape/scrape_metrics.h"

namespace tidegate::control {
namespace {

constexpr std::array<const char*, kScrapeResults> kNames = {
    "success",   "connection_failed", "timeout",     "tls_failed", "http_status",  "unreadable",
    "too_large", "limit_exceeded",    "not_allowed", "not_stored", "misconfigured"};

prometheus::Counter& Counter(prometheus::Registry* registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(*registry).Add({});
}

}  // namespace

const char* ScrapeResultName(ScrapeResult result) { return kNames[static_cast<size_t>(result)]; }

ScrapeMetrics::ScrapeMetrics(prometheus::Registry* registry)
    : late(Counter(registry, "tidegate_scrapes_skipped_total",
                   "Scrapes that were not started because the one before was not over.")),
      samples(Counter(registry, "tidegate_scrape_samples_total", "Samples in scraped bodies.")),
      targets(prometheus::BuildGauge()
                  .Name("tidegate_scrape_targets")
                  .Help("Targets that are scraped.")
                  .Register(*registry)
                  .Add({})) {
  auto& family = prometheus::BuildCounter()
                     .Name("tidegate_scrapes_total")
                     .Help("Scrapes by how they ended.")
                     .Register(*registry);
  for (size_t i = 0; i < kScrapeResults; ++i) scrapes[i] = &family.Add({{"result", kNames[i]}});
}

}  // namespace tidegate::control
