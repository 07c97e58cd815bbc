#include "control/scrape/scraper.h"

#include <algorithm>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "model/quote.h"

namespace tidegate::control {

Scraper::Scraper(const ScraperOptions& options, const OutboundPolicy* policy, SampleSender* sender,
                 const model::Clock* clock, ScrapeMetrics* metrics) {
  ScrapeWorkerParts parts{policy, sender, clock, metrics, options.user_agent, options.limits};
  for (int i = 0; i < options.threads; ++i) {
    workers_.push_back(std::make_unique<ScrapeWorker>(parts));
  }
}

void Scraper::Apply(std::vector<std::shared_ptr<const Pool>> pools) {
  std::vector<std::vector<std::shared_ptr<const Target>>> shares(workers_.size());
  for (const auto& pool : pools) {
    for (const auto& target : pool->active) {
      shares[target->hash % shares.size()].push_back(target);
    }
  }
  {
    absl::MutexLock lock(&mutex_);
    pools_ = std::move(pools);
  }
  for (size_t i = 0; i < workers_.size(); ++i) workers_[i]->Apply(std::move(shares[i]));
}

void Scraper::Stop() {
  for (const auto& worker : workers_) worker->Stop();
}

std::vector<std::shared_ptr<const Pool>> Scraper::PoolsOf(const std::string& tenant) {
  std::vector<std::shared_ptr<const Pool>> pools;
  absl::MutexLock lock(&mutex_);
  for (const auto& pool : pools_) {
    if (pool->tenant == tenant) pools.push_back(pool);
  }
  std::stable_sort(pools.begin(), pools.end(),
                   [](const auto& a, const auto& b) { return a->name < b->name; });
  return pools;
}

absl::StatusOr<TargetList> Scraper::List(const model::RequestContext& context) {
  std::map<ScrapeWorker::Key, TargetStatus> statuses;
  for (const auto& worker : workers_) worker->AddStatuses(context.tenant, &statuses);
  TargetList list;
  for (const auto& pool : PoolsOf(context.tenant)) {
    list.pools.push_back(pool->name);
    list.dropped_by_pool[pool->name] = pool->dropped_count;
    for (const model::Labels& dropped : pool->dropped)
      list.dropped.push_back({pool->name, dropped});
    for (const auto& target : pool->active) {
      const auto found = statuses.find({context.tenant, pool->name, target->hash});
      if (found != statuses.end()) list.active.push_back(found->second);
    }
  }
  return list;
}

absl::StatusOr<std::vector<TargetMetadata>> Scraper::Metadata(const model::RequestContext& context,
                                                              const std::string& metric) {
  std::vector<TargetMetadata> metadata;
  for (const auto& worker : workers_) worker->AddMetadata(context.tenant, metric, &metadata);
  return metadata;
}

absl::StatusOr<std::vector<RelabelStep>> Scraper::RelabelSteps(const model::RequestContext& context,
                                                               const std::string& pool,
                                                               const model::Labels& labels) {
  for (const auto& one : PoolsOf(context.tenant)) {
    if (one->name != pool) continue;
    std::vector<RelabelStep> steps;
    model::LabelsBuilder builder(labels);
    bool keep = true;
    for (const model::RelabelRule& rule : one->job->relabel) {
      keep = keep && rule.Apply(&builder);
      steps.push_back({rule.config(), keep ? builder.Build() : model::Labels(), keep});
    }
    return steps;
  }
  return absl::InvalidArgumentError(
      fmt::format("error retrieving scrape config: scrape pool {} not found", model::Quoted(pool)));
}

}  // namespace tidegate::control
