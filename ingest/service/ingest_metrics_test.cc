#include "ingest/service/ingest_metrics.h"

#include <string>

#include "gtest/gtest.h"
#include "model/metrics/metrics_registry.h"
#include "prometheus/text_serializer.h"

namespace tidegate::ingest {
namespace {

std::string Scrape(const model::MetricsRegistry& registry) {
  return prometheus::TextSerializer().Serialize(registry.Collect());
}

TEST(IngestMetricsTest, ATenantAppearsWhenItIsAskedFor) {
  model::MetricsRegistry registry;
  IngestMetrics metrics(&registry);
  EXPECT_EQ(Scrape(registry).find("tenant=\"a\""), std::string::npos);
  metrics.ForTenant("a").samples->Mark(5);
  EXPECT_NE(Scrape(registry).find("tidegate_ingest_samples_total{tenant=\"a\"} 5"),
            std::string::npos);
}

TEST(IngestMetricsTest, ATenantKeepsItsCounters) {
  model::MetricsRegistry registry;
  IngestMetrics metrics(&registry);
  const TenantMetrics& first = metrics.ForTenant("a");
  for (int i = 0; i < 100; ++i) metrics.ForTenant("tenant" + std::to_string(i));
  EXPECT_EQ(&metrics.ForTenant("a"), &first);
}

TEST(IngestMetricsTest, ReasonsAndResultsAreLabels) {
  model::MetricsRegistry registry;
  IngestMetrics metrics(&registry);
  const TenantMetrics& tenant = metrics.ForTenant("a");
  tenant.rejected[static_cast<size_t>(RejectReason::kTooOld)]->Increment(2);
  tenant.Requests(PushOutcome::kTooLarge).Increment();
  const std::string text = Scrape(registry);
  const auto line_with = [&](const std::string& name, const std::string& label) {
    size_t at = 0;
    while ((at = text.find("\n" + name + "{", at)) != std::string::npos) {
      const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
      if (line.find(label) != std::string::npos) return line.substr(line.rfind(' ') + 1);
      ++at;
    }
    return std::string();
  };
  EXPECT_EQ(line_with("tidegate_ingest_rejected_samples_total", "reason=\"too_old\""), "2");
  EXPECT_EQ(line_with("tidegate_ingest_requests_total", "result=\"too_large\""), "1");
  EXPECT_EQ(line_with("tidegate_ingest_requests_total", "result=\"stored\""), "0");
}

}  // namespace
}  // namespace tidegate::ingest
