// Scrapes pools of targets on a few threads.
#ifndef TIDEGATE_CONTROL_SCRAPE_SCRAPER_H_
#define TIDEGATE_CONTROL_SCRAPE_SCRAPER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "control/outbound/outbound_policy.h"
#include "control/scrape/scrape_metrics.h"
#include "control/scrape/scrape_worker.h"
#include "control/scrape/target.h"
#include "control/targets.h"
#include "control/write/sample_sender.h"
#include "model/clock.h"

namespace tidegate::control {

struct ScraperOptions {
  int threads = 2;  // Each has its share of the targets; it starts with the first of them.
  std::string user_agent = "Tidegate";
  LimitGuard* limits = nullptr;  // Must outlive the scraper. Null: the defaults hold.
};

// Thread safe.
class Scraper final : public Targets {
 public:
  // Everything must outlive it.
  Scraper(const ScraperOptions& options, const OutboundPolicy* policy, SampleSender* sender,
          const model::Clock* clock, ScrapeMetrics* metrics);
  ~Scraper() override { Stop(); }

  // The pools from now on, of all tenants. Targets that stay go on undisturbed.
  void Apply(std::vector<std::shared_ptr<const Pool>> pools);
  // Ends all threads. Repeatable.
  void Stop();

  absl::StatusOr<TargetList> List(const model::RequestContext& context) override;
  absl::StatusOr<std::vector<TargetMetadata>> Metadata(const model::RequestContext& context,
                                                       const std::string& metric) override;
  absl::StatusOr<std::vector<RelabelStep>> RelabelSteps(const model::RequestContext& context,
                                                        const std::string& pool,
                                                        const model::Labels& labels) override;

 private:
  std::vector<std::shared_ptr<const Pool>> PoolsOf(const std::string& tenant);

  std::vector<std::unique_ptr<ScrapeWorker>> workers_;
  absl::Mutex mutex_;
  std::vector<std::shared_ptr<const Pool>> pools_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_SCRAPER_H_
