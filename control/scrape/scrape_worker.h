// One thread that scrapes its share of the targets.
#ifndef TIDEGATE_CONTROL_SCRAPE_SCRAPE_WORKER_H_
#define TIDEGATE_CONTROL_SCRAPE_SCRAPE_WORKER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "control/limits/limit_guard.h"
#include "control/scrape/http_fetcher.h"
#include "control/scrape/scrape_metrics.h"
#include "control/scrape/target.h"
#include "control/scrape/target_series.h"
#include "control/targets.h"
#include "control/write/sample_sender.h"
#include "model/clock.h"

namespace tidegate::control {

// What a worker works with. Everything must outlive it.
struct ScrapeWorkerParts {
  const OutboundPolicy* policy = nullptr;
  SampleSender* sender = nullptr;
  const model::Clock* clock = nullptr;
  ScrapeMetrics* metrics = nullptr;
  std::string user_agent;
  LimitGuard* limits = nullptr;  // Of tenants, on bodies and intervals. Null: the defaults.
};

// The thread starts with the first target and ends with the worker. All state belongs to it; others
// leave it messages. Thread safe.
class ScrapeWorker {
 public:
  // Names a target across changes of its job's rules.
  using Key = std::tuple<std::string, std::string, uint64_t>;  // Tenant, pool, hash.

  explicit ScrapeWorker(const ScrapeWorkerParts& parts) : parts_(parts) {}
  ~ScrapeWorker() { Stop(); }

  // The targets from now on. One that stays goes on as if nothing had happened; one that goes gets
  // stale markers. Returns at once.
  void Apply(std::vector<std::shared_ptr<const Target>> targets);

  // Adds what is known about a tenant's targets. Waits for the thread.
  void AddStatuses(const std::string& tenant, std::map<Key, TargetStatus>* out);
  void AddMetadata(const std::string& tenant, const std::string& metric,
                   std::vector<TargetMetadata>* out);

  // Abandons what is on its way. Nothing gets stale markers: somebody will go on. Repeatable.
  void Stop();

 private:
  struct Scraped {
    explicit Scraped(std::shared_ptr<const Target> of) : target(of), series(std::move(of)) {}

    std::shared_ptr<const Target> target;
    TargetSeries series;
    absl::Time next;
    bool running = false;
    TargetStatus status;  // Only what scrapes change.
  };
  using Message = std::function<void()>;

  // Runs it on the thread; here when there is none.
  void Post(Message message);
  void PostAndWait(const Message& message);
  void StartThreadLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // The rest belongs to the thread.
  void Run();
  void ReadMessages();
  void Replace(const std::vector<std::shared_ptr<const Target>>& targets);
  absl::Duration IntervalOf(const Target& target) const;
  void Schedule(Scraped* scraped, absl::Time now);
  void StartDue(absl::Time now);
  void Start(Scraped* scraped, absl::Time due);
  void Finish(const Key& key, model::TimestampMs at, absl::Time start, const FetchResult& result);
  void Retire(Scraped* scraped);

  const ScrapeWorkerParts parts_;

  absl::Mutex mutex_;
  std::vector<Message> inbox_ ABSL_GUARDED_BY(mutex_);
  bool started_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;

  std::unique_ptr<HttpFetcher> fetcher_;
  std::map<Key, std::unique_ptr<Scraped>> targets_;
  std::set<std::pair<absl::Time, Scraped*>> due_;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_SCRAPE_SCRAPE_WORKER_H_
