#include "control/scrape/scrape_duty.h"

#include <utility>

namespace tidegate::control {

ScrapeDuty::ScrapeDuty(const ScraperOptions& options, std::vector<PoolSource*> sources,
                       const OutboundPolicy* policy, SampleSender* sender,
                       const model::Clock* clock, ScrapeMetrics* metrics)
    : options_(options),
      sources_(std::move(sources)),
      policy_(policy),
      sender_(sender),
      clock_(clock),
      metrics_(metrics) {}

bool ScrapeDuty::HasWork() {
  bool work = false;
  for (PoolSource* source : sources_) {
    if (source->Refresh()) applied_ = false;
    work |= !source->pools().empty();
  }
  absl::MutexLock lock(&mutex_);
  has_work_ = work;
  return work;
}

void ScrapeDuty::Begin() {
  auto scraper = std::make_shared<Scraper>(options_, policy_, sender_, clock_, metrics_);
  applied_ = false;
  absl::MutexLock lock(&mutex_);
  scraper_ = std::move(scraper);
}

void ScrapeDuty::Continue() {
  if (std::exchange(applied_, true)) return;
  std::vector<std::shared_ptr<const Pool>> pools;
  for (PoolSource* source : sources_) {
    pools.insert(pools.end(), source->pools().begin(), source->pools().end());
  }
  scraper()->Apply(std::move(pools));
}

void ScrapeDuty::End() {
  std::shared_ptr<Scraper> scraper;
  {
    absl::MutexLock lock(&mutex_);
    scraper.swap(scraper_);
  }
  scraper->Stop();
}

std::shared_ptr<Scraper> ScrapeDuty::scraper() {
  absl::MutexLock lock(&mutex_);
  return scraper_;
}

absl::StatusOr<TargetList> ScrapeDuty::List(const model::RequestContext& context) {
  const std::shared_ptr<Scraper> running = scraper();
  if (running != nullptr) return running->List(context);
  absl::MutexLock lock(&mutex_);
  if (!has_work_) return TargetList();
  return absl::UnavailableError("this process does not scrape: another one does, or none yet");
}

absl::StatusOr<std::vector<TargetMetadata>> ScrapeDuty::Metadata(
    const model::RequestContext& context, const std::string& metric) {
  const std::shared_ptr<Scraper> running = scraper();
  if (running != nullptr) return running->Metadata(context, metric);
  absl::MutexLock lock(&mutex_);
  if (!has_work_) return std::vector<TargetMetadata>();
  return absl::UnavailableError("this process does not scrape: another one does, or none yet");
}

absl::StatusOr<std::vector<RelabelStep>> ScrapeDuty::RelabelSteps(
    const model::RequestContext& context, const std::string& pool, const model::Labels& labels) {
  const std::shared_ptr<Scraper> running = scraper();
  if (running != nullptr) return running->RelabelSteps(context, pool, labels);
  return absl::UnavailableError("this process does not scrape: another one does, or none yet");
}

}  // namespace tidegate::control
