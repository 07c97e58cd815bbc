#include "storage/head.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "model/tenant.h"
#include "storage/head/head_cut.h"
#include "storage/head/log_record.h"
#include "storage/head/pending_frame.h"
#include "storage/head/tenant_head.h"
#include "storage/logs/volume_set.h"

namespace tidegate::storage {
namespace {

// Frames that wait for the next push, so that their buffers are reused. One per concurrent push.
class FramePool {
 public:
  std::unique_ptr<head::PendingFrame> Take() {
    absl::MutexLock lock(&mutex_);
    if (free_.empty()) return std::make_unique<head::PendingFrame>();
    std::unique_ptr<head::PendingFrame> frame = std::move(free_.back());
    free_.pop_back();
    return frame;
  }
  void Return(std::unique_ptr<head::PendingFrame> frame) {
    absl::MutexLock lock(&mutex_);
    if (free_.size() < kMaxFree) free_.push_back(std::move(frame));
  }

 private:
  static constexpr size_t kMaxFree = 64;
  absl::Mutex mutex_;
  std::vector<std::unique_ptr<head::PendingFrame>> free_ ABSL_GUARDED_BY(mutex_);
};

// Routes by tenant and keeps cuts and appends apart: `cut_mutex_` is held shared while a push is
// resolved, logged and applied, and exclusively for the moment in which a cut swaps the data of all
// tenants and reads the log's end. So the frames before the cut's position are exactly what is in
// it.
class TenantsHead final : public Head {
 public:
  TenantsHead(const HeadOptions& options, Log* log)
      : options_(options), log_(*log), generation_(log->generation()) {}

  absl::StatusOr<AppendResult> Append(const model::RequestContext& context,
                                      const model::WriteBatch& batch,
                                      const SeriesAdmission& admission) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    // Its frames would not be believed by a replay.
    if (!model::IsValidTenantName(context.tenant)) {
      return absl::InvalidArgumentError("a push names an impossible tenant");
    }
    if (replaying_.load(std::memory_order_acquire)) EndReplay();
    const uint64_t generation = log_.generation();
    if (generation != generation_.load(std::memory_order_acquire)) StartGeneration(generation);
    absl::ReaderMutexLock lock(&cut_mutex_);
    // The one that the epoch's definitions were logged in. If the log has started another by now it
    // refuses the frame, the push fails as those before it did, and the next one starts anew.
    const head::LogRun run{&log_, generation_.load(std::memory_order_acquire)};
    std::unique_ptr<head::PendingFrame> frame = frames_.Take();
    absl::StatusOr<AppendResult> result =
        FindOrMake(context.tenant)->Append(batch, admission, epoch_, run, frame.get());
    frames_.Return(std::move(frame));
    return result;
  }

  absl::Status Replay(LogPosition after, std::string_view frame) override {
    absl::ReaderMutexLock lock(&cut_mutex_);
    replaying_.store(true, std::memory_order_release);
    head::LogRecord record;
    absl::Status status = head::DecodeLogRecord(frame, &record);
    if (status.ok() && !model::IsValidTenantName(record.tenant)) {
      status = absl::DataLossError("a log frame names an impossible tenant");
    }
    if (status.ok()) {
      status = FindOrMake(std::string(record.tenant))->Replay(&record, epoch_);
    }
    if (status.ok()) return status;
    return absl::Status(status.code(), fmt::format("frame that ends at log position {}: {}",
                                                   after.value, std::string(status.message())));
  }

  absl::StatusOr<std::shared_ptr<const HeadCut>> Cut() override {
    {
      absl::MutexLock lock(&cut_state_mutex_);
      if (cut_exists_) {
        return absl::FailedPreconditionError("the last cut of the head is not released yet");
      }
      cut_exists_ = true;
    }
    if (replaying_.load(std::memory_order_acquire)) EndReplay();
    PrepareCut();
    std::shared_ptr<const head::FrozenCut> cut = FinishCut();
    absl::MutexLock lock(&cut_state_mutex_);
    cut_ = cut;
    return cut;
  }

  void Release(const HeadCut& cut) override {
    std::shared_ptr<const head::FrozenCut> released;
    {
      absl::MutexLock lock(&cut_state_mutex_);
      if (cut_.get() != &cut) return;
      released = std::move(cut_);
    }
    for (const head::TenantCut& tenant : released->tenants())
      FindOrMake(tenant.tenant->name())->Release();
    absl::MutexLock lock(&cut_state_mutex_);
    cut_exists_ = false;
  }

  HeadStats Stats(std::string_view tenant) const override {
    HeadStats stats;
    stats.range = {model::kMaxTimestamp, model::kMinTimestamp};
    for (const auto& each : AllTenants()) {
      if (tenant.empty() || each->name() == tenant) each->AddStats(&stats);
    }
    return stats;
  }

  uint64_t EntryBytes() const override { return entry_bytes_.load(std::memory_order_relaxed); }

  std::vector<std::string> Tenants() const override {
    std::vector<std::string> names;
    for (const auto& tenant : AllTenants()) names.push_back(tenant->name());
    return names;
  }

  absl::Status Select(const model::RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override {
    return Read(context, absl::OkStatus(), [&](const head::TenantHead& tenant) {
      return tenant.Select(context, selection, sink);
    });
  }
  absl::Status SelectExemplars(const model::RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override {
    return Read(context, absl::OkStatus(), [&](const head::TenantHead& tenant) {
      return tenant.SelectExemplars(context, selection, sink);
    });
  }
  absl::Status SelectLogs(const model::RequestContext& context, const LogSelection& selection,
                          Sink<LogBatch>& sink) override {
    return Read(context, absl::OkStatus(), [&](const head::TenantHead& tenant) {
      return tenant.SelectLogs(context, selection, sink);
    });
  }
  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const model::RequestContext& context,
                                                          const StreamQuery& query) override {
    return Read(
        context, absl::StatusOr<std::vector<StreamVolume>>(std::vector<StreamVolume>()),
        [&](const head::TenantHead& tenant) { return tenant.StreamVolumes(context, query); });
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext& context,
                                                            const StreamQuery& query) override {
    auto streams = StreamVolumes(context, {query.selections, query.range});
    if (!streams.ok()) return streams.status();
    return LabelNamesOf(*streams, query.limit);
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext& context,
                                                             const std::string& label_name,
                                                             const StreamQuery& query) override {
    auto streams = StreamVolumes(context, {query.selections, query.range});
    if (!streams.ok()) return streams.status();
    return LabelValuesOf(*streams, label_name, query.limit);
  }
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LabelQuery& query) override {
    return Read(context, absl::StatusOr<std::vector<model::Labels>>(std::vector<model::Labels>()),
                [&](const head::TenantHead& tenant) { return tenant.Series(context, query); });
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LabelQuery& query) override {
    return Read(context, absl::StatusOr<std::vector<std::string>>(std::vector<std::string>()),
                [&](const head::TenantHead& tenant) { return tenant.LabelNames(context, query); });
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override {
    return Read(context, absl::StatusOr<std::vector<std::string>>(std::vector<std::string>()),
                [&](const head::TenantHead& tenant) {
                  return tenant.LabelValues(context, label_name, query);
                });
  }

 private:
  using TenantMap = absl::flat_hash_map<std::string, std::shared_ptr<head::TenantHead>>;

  std::shared_ptr<head::TenantHead> Find(const std::string& name) const {
    absl::ReaderMutexLock lock(&tenants_mutex_);
    const auto found = tenants_.find(name);
    return found == tenants_.end() ? nullptr : found->second;
  }

  std::shared_ptr<head::TenantHead> FindOrMake(const std::string& name) {
    if (std::shared_ptr<head::TenantHead> tenant = Find(name)) return tenant;
    absl::WriterMutexLock lock(&tenants_mutex_);
    std::shared_ptr<head::TenantHead>& tenant = tenants_[name];
    if (tenant == nullptr) tenant = std::make_shared<head::TenantHead>(name, &entry_bytes_);
    return tenant;
  }

  // By name.
  std::vector<std::shared_ptr<head::TenantHead>> AllTenants() const {
    std::vector<std::shared_ptr<head::TenantHead>> all;
    {
      absl::ReaderMutexLock lock(&tenants_mutex_);
      for (const auto& [name, tenant] : tenants_) all.push_back(tenant);
    }
    std::ranges::sort(all, {}, [](const auto& tenant) { return tenant->name(); });
    return all;
  }

  template <typename Result, typename Fn>
  Result Read(const model::RequestContext& context, Result nothing, const Fn& read) const {
    const std::shared_ptr<head::TenantHead> tenant = Find(context.tenant);
    if (tenant != nullptr) return read(*tenant);
    if (absl::Status status = context.Check(); !status.ok()) return status;
    return nothing;
  }

  // Series that were replayed were defined by the process that wrote the frames, under its numbers.
  // In a new epoch this process defines them under its own.
  void EndReplay() {
    absl::WriterMutexLock lock(&cut_mutex_);
    if (replaying_.exchange(false)) ++epoch_;
  }

  // Frames that the log lost may have held definitions: nothing is defined any more.
  void StartGeneration(uint64_t generation) {
    absl::WriterMutexLock lock(&cut_mutex_);
    if (generation <= generation_) return;  // Others came first; they may know a later one.
    generation_ = generation;
    ++epoch_;
  }

  void PrepareCut() {
    uint32_t idle_before;
    {
      absl::ReaderMutexLock lock(&cut_mutex_);
      idle_before = IdleBefore();
    }
    for (const auto& tenant : AllTenants()) tenant->PrepareCut(idle_before);
  }

  // A series that was last used before this epoch was idle over `idle_cuts` cuts. Epochs that began
  // with a failure of the log do not count.
  uint32_t IdleBefore() const ABSL_SHARED_LOCKS_REQUIRED(cut_mutex_) {
    if (options_.idle_cuts <= 0) return epoch_ + 1;
    const size_t cuts = static_cast<size_t>(options_.idle_cuts);
    return cut_epochs_.size() < cuts ? 0 : cut_epochs_[cut_epochs_.size() - cuts];
  }

  std::shared_ptr<const head::FrozenCut> FinishCut() {
    absl::WriterMutexLock lock(&cut_mutex_);
    cut_epochs_.push_back(++epoch_);
    if (cut_epochs_.size() > static_cast<size_t>(std::max(options_.idle_cuts, 1))) {
      cut_epochs_.pop_front();
    }
    std::vector<head::TenantCut> frozen;
    for (const auto& tenant : AllTenants()) {
      if (auto data = tenant->FinishCut(epoch_)) frozen.push_back({tenant, std::move(data)});
    }
    return std::make_shared<const head::FrozenCut>(log_.bounds().appended, std::move(frozen));
  }

  const HeadOptions options_;
  Log& log_;
  FramePool frames_;

  mutable absl::Mutex cut_mutex_;
  // Definitions hold within an epoch. Grows with every cut, after replay and when the log lost
  // frames.
  uint32_t epoch_ ABSL_GUARDED_BY(cut_mutex_) = 1;
  // The first epochs behind the last cuts; 1 is the one behind the start.
  std::deque<uint32_t> cut_epochs_ ABSL_GUARDED_BY(cut_mutex_) = {1};
  std::atomic<uint64_t> generation_;  // Of the log. Written under cut_mutex_.
  std::atomic<bool> replaying_{false};

  std::atomic<uint64_t> entry_bytes_{0};  // Of all tenants; kept by them.
  mutable absl::Mutex tenants_mutex_;
  TenantMap tenants_ ABSL_GUARDED_BY(tenants_mutex_);  // Grows only.

  absl::Mutex cut_state_mutex_;
  bool cut_exists_ ABSL_GUARDED_BY(cut_state_mutex_) = false;
  std::shared_ptr<const head::FrozenCut> cut_ ABSL_GUARDED_BY(cut_state_mutex_);
};

}  // namespace

std::unique_ptr<Head> CreateHead(const HeadOptions& options, Log* log) {
  return std::make_unique<TenantsHead>(options, log);
}

}  // namespace tidegate::storage
