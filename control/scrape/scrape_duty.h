// Scraping, as a duty of the active process.
#ifndef TIDEGATE_CONTROL_SCRAPE_SCRAPE_DUTY_H_
#define TIDEGATE_CONTROL_SCRAPE_SCRAPE_DUTY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "control/lease/duties.h"
#include "control/scrape/pool_source.h"
#include "control/scrape/scraper.h"
#include "control/targets.h"

namespace tidegate::control {

// Brings the pools of all sources to the scraper while this process is the active one. The duty's
// methods belong to one thread; what Targets has is thread safe.
class ScrapeDuty final : public Duty, public Targets {
 public:
  // Everything must outlive it.
  ScrapeDuty(const ScraperOptions& options, std::vector<PoolSource*> sources,
             const OutboundPolicy* policy, SampleSender* sender, const model::Clock* clock,
             ScrapeMetrics* metrics);

  bool HasWork() override;
  void Begin() override;
  void Continue() override;
  void End() override;

  absl::StatusOr<TargetList> List(const model::RequestContext& context) override;
  absl::StatusOr<std::vector<TargetMetadata>> Metadata(const model::RequestContext& context,
                                                       const std::string& metric) override;
  absl::StatusOr<std::vector<RelabelStep>> RelabelSteps(const model::RequestContext& context,
                                                        const std::string& pool,
                                                        const model::Labels& labels) override;

 private:
  std::shared_ptr<Scraper> scraper();

  const ScraperOptions options_;
  const std::vector<PoolSource*> sources_;
  const OutboundPolicy* const policy_;
  SampleSender* const sender_;
  const model::Clock* const clock_;
  ScrapeMetrics* const metrics_;
  bool applied_ = false;  // To the scraper that runs.

  absl::Mutex mutex_;
  std::shared_ptr<Scraper> scraper_ ABSL_GUARDED_BY(mutex_);  // While active.
  bool has_work_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_SCRAPE_DUTY_H_
