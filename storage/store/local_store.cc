#include "storage/store/local_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include "storage/logs/stream_batches.h"
#include "storage/maintenance/maintenance.h"
#include "storage/maintenance/retention_policy.h"
#include "storage/store/catalogue_copy.h"
#include "storage/store/damage_log.h"
#include "storage/store/directory.h"
#include "storage/store/index_cache.h"
#include "storage/store/metadata_documents.h"
#include "storage/store/salvage.h"
#include "storage/store/segment_hand_over.h"
#include "storage/store/segment_query.h"
#include "storage/store/segment_store.h"
#include "storage/store/store_metrics.h"
#include "storage/store/store_snapshot.h"

namespace tidegate::storage {
namespace {

LabelQuery LabelQueryOf(const StreamQuery& query) {
  return {
      .selections = query.selections, .range = MillisecondsOf(query.range), .limit = query.limit};
}

std::string LogDeletionId(uint64_t number) { return fmt::format("{:08x}", number); }

std::optional<uint64_t> NumberOfLogDeletion(const std::string& id) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number, 16);
  if (error != std::errc() || LogDeletionId(number) != id) return std::nullopt;
  return number;
}

class RocksLocalStore final : public LocalStore {
 public:
  RocksLocalStore(const LocalStoreOptions& options, const model::Clock* clock,
                  const model::TenantRegistry* tenants, std::unique_ptr<DirectoryLock> directory,
                  std::unique_ptr<Rocks> rocks)
      : options_(options),
        clock_(clock),
        tenants_(tenants),
        directory_(std::move(directory)),
        rocks_(std::move(rocks)),
        metrics_(options.metrics == nullptr ? &own_registry_ : options.metrics),
        indexes_(options.index_cache_bytes, &damage_),
        outlines_(options.outline_cache_bytes) {}
  ~RocksLocalStore() override { Close().IgnoreError(); }

  // `found` is the damage that was found before.
  absl::Status Start(const std::vector<StorageDamage>& found) {
    for (const StorageDamage& damage : found) damage_.NoteFile(damage);
    const std::string copy =
        directory_ == nullptr ? "" : options_.directory + "/" + kCatalogueCopyFile;
    auto segments = SegmentStore::Open(rocks_.get(), &damage_, copy);
    if (!segments.ok()) return segments.status();
    segments_ = *std::move(segments);
    MaintenanceOptions maintenance;
    maintenance.interval = options_.maintenance_interval;
    maintenance.policy.max_partitions = options_.max_partitions;
    maintenance_ = std::make_unique<Maintenance>(maintenance, clock_, tenants_, segments_.get(),
                                                 &metrics_, [this] { RefreshMetrics(); });
    RefreshMetrics();
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<HandOver>> StartHandOver(const model::RequestContext& context,
                                                          uint64_t producer,
                                                          LogPosition position) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    if (absl::Status status = segments_->CheckCut(producer, position); !status.ok()) return status;
    return std::make_unique<SegmentHandOver>(segments_.get(), producer, position);
  }

  absl::StatusOr<LogPosition> RegisterProducer(const model::RequestContext& context,
                                               uint64_t producer,
                                               const std::vector<uint64_t>& predecessors) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    return segments_->RegisterProducer(producer, predecessors);
  }

  Documents& documents() override { return rocks_->documents(); }

  absl::Status PutMetadata(const model::RequestContext& context,
                           const std::vector<TenantMetadata>& metadata) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    return WriteMetadata(&rocks_->documents(), metadata);
  }
  absl::StatusOr<std::vector<model::MetricMetadata>> Metadata(
      const model::RequestContext& context, const std::string& metric_family) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    return ReadMetadata(&rocks_->documents(), context.tenant, metric_family);
  }

  // A full disk passes, and reading goes on meanwhile.
  absl::Status Ready() const override {
    absl::Status status = rocks_->Writable();
    return absl::IsResourceExhausted(status) ? absl::OkStatus() : status;
  }

  absl::Status Select(const model::RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) override {
    return QueryOf(context).Select(Visible(context, selection), sink);
  }
  absl::Status SelectExemplars(const model::RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) override {
    return QueryOf(context).SelectExemplars(Visible(context, selection), sink);
  }
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LabelQuery& query) override {
    return QueryOf(context).Series(Visible(context, query));
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LabelQuery& query) override {
    return QueryOf(context).LabelNames(PageKind::kMetricIndex, Visible(context, query));
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override {
    return QueryOf(context).LabelValues(PageKind::kMetricIndex, label_name,
                                        Visible(context, query));
  }

  absl::Status SelectLogs(const model::RequestContext& context, const LogSelection& selection,
                          Sink<LogBatch>& sink) override {
    return QueryOf(context).SelectLogs(selection, OldestOf(context), sink);
  }
  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const model::RequestContext& context,
                                                          const StreamQuery& query) override {
    return QueryOf(context).StreamVolumes(query, OldestOf(context));
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext& context,
                                                            const StreamQuery& query) override {
    return QueryOf(context).LabelNames(PageKind::kStreamIndex,
                                       Visible(context, LabelQueryOf(query)));
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext& context,
                                                             const std::string& label_name,
                                                             const StreamQuery& query) override {
    return QueryOf(context).LabelValues(PageKind::kStreamIndex, label_name,
                                        Visible(context, LabelQueryOf(query)));
  }

  absl::Status Delete(const model::RequestContext& context,
                      const std::vector<Deletion>& deletions) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    std::vector<StoredDeletion> stored;
    for (const Deletion& deletion : deletions) {
      if (deletion.matchers.empty()) {
        return absl::InvalidArgumentError("a deletion needs at least one matcher");
      }
      if (deletion.range.empty()) continue;
      StoredDeletion& one = stored.emplace_back();
      one.tenant = context.tenant;
      one.range = deletion.range;
      for (const model::CompiledMatcher& m : deletion.matchers) one.matchers.push_back(m.matcher());
    }
    return stored.empty() ? absl::OkStatus() : segments_->AddDeletions(std::move(stored)).status();
  }

  absl::StatusOr<std::string> DeleteLogs(const model::RequestContext& context,
                                         const LogDeletion& deletion) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    if (deletion.matchers.empty()) {
      return absl::InvalidArgumentError("a deletion needs at least one matcher");
    }
    StoredDeletion stored;
    stored.tenant = context.tenant;
    stored.range = deletion.range;
    for (const model::CompiledMatcher& m : deletion.matchers)
      stored.matchers.push_back(m.matcher());
    stored.logs = true;
    stored.tests = deletion.tests;
    stored.query = deletion.query;
    stored.created_at = deletion.created_at;
    stored.final_at = deletion.final_at;
    if (const auto active = ActiveDeletion::Compile(stored); !active.ok()) return active.status();
    const auto number = segments_->AddDeletions({std::move(stored)});
    if (!number.ok()) return number.status();
    return LogDeletionId(*number);
  }

  absl::StatusOr<std::vector<LogDeletionRecord>> LogDeletions(
      const model::RequestContext& context) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    std::vector<LogDeletionRecord> records;
    for (const auto& deletion : segments_->Snapshot()->deletions) {
      const StoredDeletion& stored = deletion->stored;
      if (!stored.logs || stored.tenant != context.tenant) continue;
      records.push_back({.id = LogDeletionId(stored.number),
                         .query = stored.query,
                         .range = stored.range,
                         .created_at = stored.created_at,
                         .final_at = stored.final_at});
    }
    return records;
  }

  absl::Status CancelLogDeletion(const model::RequestContext& context,
                                 const std::string& id) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    const auto number = NumberOfLogDeletion(id);
    if (!number.has_value()) return absl::NotFoundError("there is no such deletion");
    return segments_->CancelDeletion(context.tenant, *number, clock_->NowMs());
  }

  absl::Status CleanTombstones(const model::RequestContext& context) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    return maintenance_->CleanTombstones();
  }

  absl::StatusOr<std::string> Snapshot(const model::RequestContext& context) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    const std::string parent = options_.snapshot_directory.empty()
                                   ? options_.directory + "/snapshots"
                                   : options_.snapshot_directory;
    return TakeSnapshot(parent, clock_->Now(), segments_.get());
  }

  absl::Status RunMaintenance() override { return maintenance_->Run(); }

  absl::Status Close() override {
    if (maintenance_ != nullptr) maintenance_->Stop();
    maintenance_.reset();
    segments_.reset();
    rocks_.reset();
    directory_.reset();
    return absl::OkStatus();
  }

  StoreStats Stats() const {
    StoreStats stats;
    stats.partitions = segments_->PartitionCount();
    for (const SegmentEntry& entry : segments_->Entries()) {
      ++stats.segments;
      stats.samples += entry.samples;
      stats.bytes += entry.bytes;
    }
    stats.conflicts = conflicts_.load(std::memory_order_relaxed) +
                      static_cast<uint64_t>(metrics_.conflicts.Value());
    stats.damaged_pages = damage_.damaged_pages();
    stats.damaged_files = damage_.damaged_files();
    return stats;
  }

 private:
  SegmentQuery QueryOf(const model::RequestContext& context) {
    const auto snapshot = segments_->Snapshot();
    SegmentList segments;
    for (const auto& segment : snapshot->segments) {
      if (segment->entry.id.tenant == context.tenant) segments.push_back(segment);
    }
    DeletionList deletions;
    for (const auto& deletion : snapshot->deletions) {
      if (deletion->stored.tenant == context.tenant) deletions.push_back(deletion);
    }
    return SegmentQuery({.context = &context,
                         .segments = std::move(segments),
                         .deletions = std::move(deletions),
                         .indexes = &indexes_,
                         .damage = &damage_,
                         .outlines = &outlines_,
                         .conflicts = &conflicts_});
  }

  void RefreshMetrics() {
    const StoreStats stats = Stats();
    metrics_.partitions.Set(static_cast<double>(stats.partitions));
    metrics_.segments.Set(static_cast<double>(stats.segments));
    metrics_.points.Set(static_cast<double>(stats.samples));
    metrics_.bytes.Set(static_cast<double>(stats.bytes));
    metrics_.damaged_pages.Set(static_cast<double>(stats.damaged_pages));
    metrics_.damaged_files.Set(static_cast<double>(stats.damaged_files));
    metrics_.index_cache_bytes.Set(static_cast<double>(indexes_.memory_bytes()));
    CatchUp(indexes_.hits(), &metrics_.index_cache_hits);
    CatchUp(indexes_.misses(), &metrics_.index_cache_misses);
    const RocksFigures rocks = rocks_->Figures();
    metrics_.block_cache_bytes.Set(static_cast<double>(rocks.block_cache_bytes));
    CatchUp(rocks.block_cache_hits, &metrics_.block_cache_hits);
    CatchUp(rocks.block_cache_misses, &metrics_.block_cache_misses);
    metrics_.rocksdb_file_bytes.Set(static_cast<double>(rocks.file_bytes));
    metrics_.rocksdb_memtable_bytes.Set(static_cast<double>(rocks.memtable_bytes));
    metrics_.rocksdb_table_reader_bytes.Set(static_cast<double>(rocks.table_reader_bytes));
    CatchUp(rocks.failed_writes, &metrics_.rocksdb_failed_writes);
  }

  // The question without what retention hides: expired data is gone at once, also while its files
  // wait for maintenance.
  template <typename Question>
  Question Visible(const model::RequestContext& context, Question question) const {
    question.range.min = std::max(question.range.min, OldestOf(context));
    return question;
  }
  model::TimestampMs OldestOf(const model::RequestContext& context) const {
    return RetentionBegin(*tenants_, context.tenant, clock_->NowMs());
  }

  const LocalStoreOptions options_;
  const model::Clock* const clock_;
  const model::TenantRegistry* const tenants_;
  std::unique_ptr<DirectoryLock> directory_;
  std::unique_ptr<Rocks> rocks_;
  prometheus::Registry own_registry_;  // Of a store that was given none.
  StoreMetrics metrics_;
  DamageLog damage_;
  IndexCache indexes_;
  LogOutlineCache outlines_;
  std::atomic<uint64_t> conflicts_{0};  // That queries came across.
  std::unique_ptr<SegmentStore> segments_;
  std::unique_ptr<Maintenance> maintenance_;
};

struct OpenedDatabase {
  std::unique_ptr<Rocks> rocks;
  std::vector<StorageDamage> damage;  // That was found on the way.
};

// A format file that names no format is written again, when the copy of the catalogue tells that
// this program can read the directory.
absl::StatusOr<std::unique_ptr<DirectoryLock>> AcquireOrRepair(const std::string& directory,
                                                               std::vector<StorageDamage>* damage) {
  auto lock = DirectoryLock::Acquire(directory, /*create=*/true);
  if (!absl::IsDataLoss(lock.status())) return lock;
  if (!ReadCatalogueCopy(directory + "/" + kCatalogueCopyFile).ok()) return lock;
  damage->push_back({.where = directory, .reason = std::string(lock.status().message())});
  const std::string path = directory + "/STORAGE_FORMAT";
  std::error_code error;
  std::filesystem::rename(path, path + ".damaged", error);
  if (error) return lock;
  return DirectoryLock::Acquire(directory, /*create=*/true);
}

absl::StatusOr<OpenedDatabase> OpenOrSalvage(const LocalStoreOptions& options) {
  if (absl::Status status = FinishSalvage(options.directory); !status.ok()) return status;
  OpenedDatabase opened;
  const std::string copy_path = options.directory + "/" + kCatalogueCopyFile;
  const auto copy = ReadCatalogueCopy(copy_path);
  if (absl::IsFailedPrecondition(copy.status())) return copy.status();
  if (absl::IsDataLoss(copy.status())) {
    opened.damage.push_back({.where = copy_path, .reason = std::string(copy.status().message())});
  }
  RocksOptions rocks_options;
  rocks_options.directory = options.directory + "/" + kRocksSubdirectory;
  rocks_options.block_cache_bytes = options.block_cache_bytes;
  auto rocks = OpenRocks(rocks_options);
  absl::Status status = rocks.status();
  if (rocks.ok()) status = VerifyDatabase(rocks->get(), copy.ok() ? &*copy : nullptr);
  if (absl::IsDataLoss(status) && copy.ok()) {
    rocks = absl::UnavailableError("closed");
    auto lost = SalvageDatabase(options.directory, *copy, status);
    if (!lost.ok()) return lost.status();
    opened.damage.insert(opened.damage.end(), lost->begin(), lost->end());
    rocks = OpenRocks(rocks_options);
    status = rocks.status();
  }
  if (!status.ok()) return status;
  opened.rocks = *std::move(rocks);
  return opened;
}

absl::StatusOr<std::unique_ptr<LocalStore>> Assemble(const LocalStoreOptions& options,
                                                     const model::Clock* clock,
                                                     const model::TenantRegistry* tenants,
                                                     std::unique_ptr<DirectoryLock> directory,
                                                     OpenedDatabase database) {
  auto store = std::make_unique<RocksLocalStore>(options, clock, tenants, std::move(directory),
                                                 std::move(database.rocks));
  if (absl::Status status = store->Start(database.damage); !status.ok()) return status;
  return store;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalStore>> MakeLocalStore(const LocalStoreOptions& options,
                                                           const model::Clock* clock,
                                                           const model::TenantRegistry* tenants,
                                                           std::unique_ptr<Rocks> rocks) {
  return Assemble(options, clock, tenants, nullptr, {.rocks = std::move(rocks), .damage = {}});
}

StoreStats StatsOf(const LocalStore& store) {
  return static_cast<const RocksLocalStore&>(store).Stats();
}

absl::StatusOr<std::unique_ptr<LocalStore>> OpenLocalStore(const LocalStoreOptions& options,
                                                           const model::Clock* clock,
                                                           const model::TenantRegistry* tenants) {
  std::vector<StorageDamage> damage;
  auto directory = AcquireOrRepair(options.directory, &damage);
  if (!directory.ok()) return directory.status();
  auto database = OpenOrSalvage(options);
  if (!database.ok()) return database.status();
  database->damage.insert(database->damage.begin(), damage.begin(), damage.end());
  return Assemble(options, clock, tenants, *std::move(directory), *std::move(database));
}

}  // namespace tidegate::storage
