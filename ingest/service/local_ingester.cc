#include "ingest/service/local_ingester.h"

#include <spdlog/spdlog.h>

#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "fmt/format.h"
#include "ingest/service/cutter.h"
#include "ingest/service/entry_pressure.h"
#include "ingest/service/guarded_logs.h"
#include "ingest/service/guarded_series.h"
#include "ingest/service/ingest_metrics.h"
#include "ingest/service/log_replay.h"
#include "ingest/service/push_gate.h"
#include "ingest/service/push_path.h"

namespace tidegate::ingest {
namespace {

CutPolicy PolicyOf(const IngesterOptions& options) {
  CutPolicy policy;
  policy.interval = options.head_cut_interval;
  policy.head_bytes = options.cut_head_bytes;
  policy.entry_bytes = options.cut_entry_bytes;
  policy.log_bytes = options.cut_log_bytes;
  return policy;
}

EntryPressureOptions PressureOf(const IngesterOptions& options) {
  EntryPressureOptions pressure;
  pressure.cut_bytes = options.cut_entry_bytes;
  pressure.max_bytes = options.max_entry_bytes;
  pressure.max_waiting = options.max_waiting_log_pushes;
  return pressure;
}

class IngesterImpl final : public LocalIngester {
 public:
  IngesterImpl(const IngesterOptions& options, IngesterParts parts);
  ~IngesterImpl() override;

  absl::StatusOr<PushResult> Push(const model::RequestContext& context,
                                  const PushRequest& request) override;
  absl::Status Flush(const model::RequestContext& context) override;
  storage::SeriesSource& series() override { return series_; }
  storage::LogSource& logs() override { return logs_; }
  absl::StatusOr<IngesterStats> Stats(const model::RequestContext& context) override;
  absl::Status Ready() const override;
  absl::Status Shutdown(absl::Time deadline) override;

 private:
  void Start();
  absl::Status TakeNextProducer();
  std::string WhyNotServing() const;
  void WakeCutter();
  // Ends the threads; the log stays open.
  void StopThreads();

  const IngesterOptions options_;
  const IngesterParts parts_;
  IngestMetrics metrics_;
  PushGate gate_;
  EntryPressure entry_pressure_;
  PushPath push_path_;
  LogReplay replay_;
  GuardedSeries series_;
  GuardedLogs logs_;

  mutable absl::Mutex mutex_;
  std::unique_ptr<Cutter> cutter_ ABSL_GUARDED_BY(mutex_);  // Once the replay is done.
  absl::Status start_error_ ABSL_GUARDED_BY(mutex_);        // Why the replay ended early.
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread start_thread_;
};

IngesterImpl::IngesterImpl(const IngesterOptions& options, IngesterParts parts)
    : options_(options),
      parts_(std::move(parts)),
      metrics_(parts_.metrics),
      entry_pressure_(
          parts_.head.get(), PressureOf(options_), [this] { WakeCutter(); }, &metrics_),
      push_path_({parts_.log.get(), parts_.head.get(), parts_.store, parts_.tenants, parts_.clock,
                  &metrics_, &entry_pressure_, options.push_rules},
                 options.max_in_flight_bytes, options.max_head_bytes),
      replay_({parts_.log.get(), parts_.head.get(), parts_.store, parts_.identity.get(), &metrics_},
              parts_.store_retry),
      series_(parts_.head.get(), [this] { return WhyNotServing(); }),
      logs_(parts_.head.get(), [this] { return WhyNotServing(); }),
      start_thread_([this] { Start(); }) {}

IngesterImpl::~IngesterImpl() {
  gate_.Close();
  gate_.AwaitEmpty(absl::InfiniteFuture());
  StopThreads();
}

void IngesterImpl::Start() {
  absl::Status status = replay_.Run();
  absl::MutexLock lock(&mutex_);
  if (!status.ok()) {
    if (!absl::IsCancelled(status))
      spdlog::error("the log cannot be replayed: {}", status.ToString());
    start_error_ = std::move(status);
    return;
  }
  cutter_ = std::make_unique<Cutter>(
      CutterParts{parts_.log.get(), parts_.head.get(), parts_.store, parts_.clock,
                  parts_.identity.get(), &metrics_, &entry_pressure_},
      PolicyOf(options_), parts_.cut_poll);
  cutter_->Start();
  series_.Open();
  logs_.Open();
  gate_.Open();
}

std::string IngesterImpl::WhyNotServing() const {
  if (gate_.is_closed()) return "the ingester is shutting down";
  absl::MutexLock lock(&mutex_);
  if (start_error_.ok()) return replay_.Progress();
  return fmt::format("the log cannot be replayed: {}", std::string(start_error_.message()));
}

void IngesterImpl::WakeCutter() {
  absl::MutexLock lock(&mutex_);
  if (cutter_ != nullptr) cutter_->Wake();
}

absl::StatusOr<PushResult> IngesterImpl::Push(const model::RequestContext& context,
                                              const PushRequest& request) {
  if (!gate_.Enter()) return absl::UnavailableError(WhyNotServing());
  absl::StatusOr<PushResult> result = push_path_.Push(context, request);
  gate_.Leave();
  return result;
}

absl::Status IngesterImpl::Flush(const model::RequestContext& context) {
  Cutter* cutter = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    cutter = cutter_.get();
  }
  if (cutter == nullptr) return absl::UnavailableError(WhyNotServing());
  if (absl::Status status = cutter->CutNow(context); !status.ok()) return status;
  // All is in the store already; space that cannot be given back now is at the next flush.
  if (absl::Status status = parts_.log->ReleaseSpace(); !status.ok()) {
    spdlog::warn("the log keeps space that it does not need: {}", status.ToString());
  }
  return absl::OkStatus();
}

absl::StatusOr<IngesterStats> IngesterImpl::Stats(const model::RequestContext& context) {
  const storage::HeadStats head = parts_.head->Stats(context.tenant);
  return IngesterStats{head.series, head.samples, head.chunk_bytes, parts_.log->SizeBytes(),
                       metrics_.Rejected(context.tenant)};
}

absl::Status IngesterImpl::Ready() const {
  if (!gate_.is_open()) return absl::UnavailableError(WhyNotServing());
  const absl::Status writable = parts_.log->Writable();
  return writable.ok() ? writable : absl::UnavailableError(writable.message());
}

void IngesterImpl::StopThreads() {
  replay_.Stop();
  if (start_thread_.joinable()) start_thread_.join();
  Cutter* cutter = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    cutter = cutter_.get();
  }
  if (cutter != nullptr) cutter->Stop();
}

absl::Status IngesterImpl::Shutdown(absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(closed_, true)) return absl::OkStatus();
  }
  gate_.Close();
  const bool empty = gate_.AwaitEmpty(deadline);
  model::RequestContext context;
  context.request_id = "shutdown";
  context.deadline = deadline;
  absl::Status sealed = Flush(context);
  StopThreads();
  // A push that is still inside holds the log; the destructor waits for it and closes.
  if (!empty) return absl::DeadlineExceededError("pushes were still at work");
  if (absl::Status closed = parts_.log->Close(); !closed.ok()) return closed;
  return sealed;
}

}  // namespace

std::unique_ptr<LocalIngester> CreateIngesterFromParts(const IngesterOptions& options,
                                                       IngesterParts parts) {
  return std::make_unique<IngesterImpl>(options, std::move(parts));
}

}  // namespace tidegate::ingest
