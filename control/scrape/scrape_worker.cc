#include "control/scrape/scrape_worker.h"

#include <algorithm>

#include "absl/synchronization/notification.h"
#include "control/scrape/content_type.h"
#include "control/write/push_body.h"

namespace tidegate::control {
namespace {

// Idle connections: one for each target of a large worker, and not more files than a process has.
constexpr long kMaxIdleConnections = 16'384;
constexpr absl::Duration kLongestWait = absl::Seconds(10);

// A scrape that starts this little too late counts as one in time: regular timestamps compress
// better. Prometheus does the same within 2 ms (scrape.AlignScrapeTimestamps).
absl::Duration Tolerance(absl::Duration interval) {
  return std::min(interval / 100, absl::Milliseconds(10));
}

// Of two limits where 0 is none.
uint64_t Stricter(uint64_t a, uint64_t b) { return a == 0 || (b != 0 && b < a) ? b : a; }

FetchRequest RequestFor(const Target& target, uint64_t max_bytes) {
  FetchRequest request;
  request.url = target.url;
  request.client = &target.job->http;
  request.accept = AcceptField(target.job->protocols);
  request.accept_compressed = target.job->enable_compression;
  request.timeout = target.timeout;
  request.max_bytes = max_bytes;
  request.tenant = target.tenant;
  return request;
}

ScrapeWorker::Key KeyOf(const Target& target) {
  return {target.tenant, target.job->job_name, target.hash};
}

}  // namespace

void ScrapeWorker::Apply(std::vector<std::shared_ptr<const Target>> targets) {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_ || (!started_ && targets.empty())) return;
    if (!started_) StartThreadLocked();
  }
  Post([this, targets = std::move(targets)] { Replace(targets); });
}

void ScrapeWorker::StartThreadLocked() {
  started_ = true;
  fetcher_ = std::make_unique<HttpFetcher>(parts_.policy, parts_.user_agent, kMaxIdleConnections);
  thread_ = std::thread([this] { Run(); });
}

void ScrapeWorker::Post(Message message) {
  absl::MutexLock lock(&mutex_);
  if (!started_ || stopping_) return;
  inbox_.push_back(std::move(message));
  fetcher_->Wake();
}

void ScrapeWorker::PostAndWait(const Message& message) {
  absl::Notification done;
  {
    absl::MutexLock lock(&mutex_);
    if (!started_ || stopping_) return;
    inbox_.push_back([&] {
      message();
      done.Notify();
    });
    fetcher_->Wake();
  }
  done.WaitForNotification();
}

void ScrapeWorker::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    if (!started_ || stopping_) {
      stopping_ = true;
      return;
    }
    stopping_ = true;
    fetcher_->Wake();
  }
  thread_.join();
}

void ScrapeWorker::ReadMessages() {
  std::vector<Message> messages;
  {
    absl::MutexLock lock(&mutex_);
    messages.swap(inbox_);
  }
  for (const Message& message : messages) message();
}

void ScrapeWorker::Run() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) break;
    }
    ReadMessages();
    const absl::Time now = parts_.clock->Now();
    StartDue(now);
    const absl::Duration wait = due_.empty() ? kLongestWait : due_.begin()->first - now;
    fetcher_->Run(std::clamp(wait, absl::ZeroDuration(), kLongestWait));
  }
  ReadMessages();  // Somebody may wait for an answer.
  parts_.metrics->targets.Decrement(static_cast<double>(targets_.size()));
  fetcher_->Abandon();
}

absl::Duration ScrapeWorker::IntervalOf(const Target& target) const {
  return std::max(target.interval, LimitsOf(parts_.limits, target.tenant).min_scrape_interval);
}

void ScrapeWorker::Schedule(Scraped* scraped, absl::Time now) {
  due_.erase({scraped->next, scraped});
  scraped->next = NextScrape(now, IntervalOf(*scraped->target), scraped->target->hash);
  due_.insert({scraped->next, scraped});
}

void ScrapeWorker::Replace(const std::vector<std::shared_ptr<const Target>>& targets) {
  const absl::Time now = parts_.clock->Now();
  std::map<Key, std::unique_ptr<Scraped>> before;
  before.swap(targets_);
  const auto before_size = static_cast<double>(before.size());
  for (const auto& target : targets) {
    const Key key = KeyOf(*target);
    const auto [place, is_first] = targets_.try_emplace(key);
    if (!is_first) continue;  // Two files have the same job with the same target.
    std::unique_ptr<Scraped>& scraped = place->second;
    const auto known = before.find(key);
    if (known == before.end()) {
      scraped = std::make_unique<Scraped>(target);
      Schedule(scraped.get(), now);
      continue;
    }
    scraped = std::move(known->second);
    before.erase(known);
    const bool same_interval = scraped->target->interval == target->interval;
    const bool same_rules = scraped->target->job == target->job;
    scraped->target = target;
    if (!same_rules) scraped->series.Change(target);
    if (!same_interval) Schedule(scraped.get(), now);
  }
  const double added = static_cast<double>(targets_.size()) - before_size;
  parts_.metrics->targets.Increment(added);
  // What is on its way for these finds nothing any more when it arrives.
  for (auto& [key, scraped] : before) Retire(scraped.get());
}

void ScrapeWorker::Retire(Scraped* scraped) {
  due_.erase({scraped->next, scraped});
  PushBody body;
  scraped->series.Retire(parts_.clock->NowMs(), &body);
  const uint64_t samples = body.samples();
  (void)parts_.sender->Add(scraped->target->tenant, body.Take(), samples);
}

void ScrapeWorker::StartDue(absl::Time now) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto [at, scraped] = *due_.begin();
    Schedule(scraped, now);
    if (scraped->running) {
      parts_.metrics->late.Increment();
    } else {
      Start(scraped, at);
    }
  }
}

void ScrapeWorker::Start(Scraped* scraped, absl::Time due) {
  const Target& target = *scraped->target;
  const absl::Time start = parts_.clock->Now();
  const bool in_time = start - due <= Tolerance(target.interval);
  const model::TimestampMs at = absl::ToUnixMillis(in_time ? due : start);
  const Key key = KeyOf(target);
  scraped->running = true;
  if (!target.forced_error.empty()) {
    FetchResult forced;
    forced.fault = {ScrapeResult::kLimitExceeded, target.forced_error};
    return Finish(key, at, start, forced);
  }
  const uint64_t of_job = target.job->body_size_limit;
  const uint64_t most =
      Stricter(of_job, LimitsOf(parts_.limits, target.tenant).max_scrape_body_bytes);
  const bool by_tenant = most != of_job;
  fetcher_->Start(RequestFor(target, most), [=, this](FetchResult result) {
    if (by_tenant && result.fault.result == ScrapeResult::kTooLarge) {
      CountRefused(parts_.limits, std::get<0>(key), "max_scrape_body_bytes");
    }
    Finish(key, at, start, result);
  });
}

void ScrapeWorker::Finish(const Key& key, model::TimestampMs at, absl::Time start,
                          const FetchResult& result) {
  const auto found = targets_.find(key);
  if (found == targets_.end()) return;
  Scraped& scraped = *found->second;
  scraped.running = false;
  ScrapeFault fault = result.fault;
  ScrapeReport report;
  PushBody body;
  if (fault.ok()) {
    fault = scraped.series.Read(result.content_type, result.body, at, &body, &report.counts);
  } else {
    scraped.series.Miss(at, &body);
  }
  const absl::Duration duration = parts_.clock->Now() - start;
  report.up = fault.ok();
  report.duration_seconds = absl::ToDoubleSeconds(duration);
  report.body_bytes =
      fault.result == ScrapeResult::kTooLarge ? -1 : static_cast<int64_t>(result.body.size());
  scraped.series.AddReport(report, at, &body);
  const uint64_t samples = body.samples();
  const absl::Status queued = parts_.sender->Add(scraped.target->tenant, body.Take(), samples);
  if (!queued.ok() && fault.ok()) {
    fault = {ScrapeResult::kNotStored, std::string(queued.message())};
  }
  scraped.status.scraped = true;
  scraped.status.result = fault.result;
  scraped.status.last_error = fault.text;
  scraped.status.last_scrape = start;
  scraped.status.last_duration = duration;
  parts_.metrics->scrapes[static_cast<size_t>(fault.result)]->Increment();
  parts_.metrics->samples.Increment(static_cast<double>(report.counts.scraped));
}

void ScrapeWorker::AddStatuses(const std::string& tenant, std::map<Key, TargetStatus>* out) {
  PostAndWait([&] {
    for (auto it = targets_.lower_bound({tenant, "", 0});
         it != targets_.end() && std::get<0>(it->first) == tenant; ++it) {
      const Scraped& scraped = *it->second;
      TargetStatus status = scraped.status;
      status.pool = std::get<1>(it->first);
      status.discovered = scraped.target->discovered;
      status.labels = scraped.target->labels;
      status.url = scraped.target->url;
      status.interval = IntervalOf(*scraped.target);
      status.timeout = scraped.target->timeout;
      out->emplace(it->first, std::move(status));
    }
  });
}

void ScrapeWorker::AddMetadata(const std::string& tenant, const std::string& metric,
                               std::vector<TargetMetadata>* out) {
  PostAndWait([&] {
    for (auto it = targets_.lower_bound({tenant, "", 0});
         it != targets_.end() && std::get<0>(it->first) == tenant; ++it) {
      for (model::MetricMetadata& one : it->second->series.Metadata()) {
        if (!metric.empty() && one.metric_family != metric) continue;
        out->push_back({it->second->target->labels, std::move(one)});
      }
    }
  });
}

}  // namespace tidegate::control
