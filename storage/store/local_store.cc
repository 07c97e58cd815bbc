#include "storage/store/local_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "storage/maintenance/maintenance.h"
#include "storage/maintenance/retention_policy.h"
#include "storage/store/damage_log.h"
#include "storage/store/directory.h"
#include "storage/store/index_cache.h"
#include "storage/store/metadata_documents.h"
#include "storage/store/segment_hand_over.h"
#include "storage/store/segment_query.h"
#include "storage/store/segment_store.h"

namespace tidegate::storage {
namespace {

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
        indexes_(options.index_cache_bytes, &damage_) {}
  ~RocksLocalStore() override { Close().IgnoreError(); }

  absl::Status Start() {
    auto segments = SegmentStore::Open(rocks_.get(), &damage_);
    if (!segments.ok()) return segments.status();
    segments_ = *std::move(segments);
    MaintenanceOptions maintenance;
    maintenance.interval = options_.maintenance_interval;
    maintenance.policy.max_partitions = options_.max_partitions;
    maintenance_ =
        std::make_unique<Maintenance>(maintenance, clock_, tenants_, segments_.get(), &conflicts_);
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<HandOver>> StartHandOver(const model::RequestContext& context,
                                                          uint64_t producer,
                                                          LogPosition position) override {
    if (absl::Status status = context.Check(); !status.ok()) return status;
    if (position <= segments_->CommittedPosition(producer)) {
      return absl::AlreadyExistsError(
          fmt::format("cut {} of producer {} is committed", position.value, producer));
    }
    return std::make_unique<SegmentHandOver>(segments_.get(), producer, position);
  }

  absl::StatusOr<LogPosition> CommittedPosition(const model::RequestContext&,
                                                uint64_t producer) override {
    return segments_->CommittedPosition(producer);
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
  absl::Status SelectStreams(const model::RequestContext& context, const Selection& selection,
                             Sink<SelectedStream>& sink) override {
    return QueryOf(context).SelectStreams(Visible(context, selection), sink);
  }
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LabelQuery& query) override {
    return QueryOf(context).Series(Visible(context, query));
  }
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LabelQuery& query) override {
    return QueryOf(context).LabelNames(Visible(context, query));
  }
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) override {
    return QueryOf(context).LabelValues(label_name, Visible(context, query));
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
    stats.conflicts = conflicts_.load(std::memory_order_relaxed);
    stats.damaged_pages = damage_.damaged_pages();
    return stats;
  }

 private:
  SegmentQuery QueryOf(const model::RequestContext& context) {
    SegmentList segments;
    for (const auto& segment : segments_->Snapshot()->segments) {
      if (segment->entry.id.tenant == context.tenant) segments.push_back(segment);
    }
    return SegmentQuery({.context = &context,
                         .segments = std::move(segments),
                         .indexes = &indexes_,
                         .damage = &damage_,
                         .conflicts = &conflicts_});
  }

  // The question without what retention hides: expired data is gone at once, also while its files
  // wait for maintenance.
  template <typename Question>
  Question Visible(const model::RequestContext& context, Question question) const {
    const model::TimestampMs begin = RetentionBegin(*tenants_, context.tenant, clock_->NowMs());
    question.range.min = std::max(question.range.min, begin);
    return question;
  }

  const LocalStoreOptions options_;
  const model::Clock* const clock_;
  const model::TenantRegistry* const tenants_;
  std::unique_ptr<DirectoryLock> directory_;
  std::unique_ptr<Rocks> rocks_;
  DamageLog damage_;
  IndexCache indexes_;
  std::atomic<uint64_t> conflicts_{0};
  std::unique_ptr<SegmentStore> segments_;
  std::unique_ptr<Maintenance> maintenance_;
};

absl::StatusOr<std::unique_ptr<LocalStore>> Assemble(const LocalStoreOptions& options,
                                                     const model::Clock* clock,
                                                     const model::TenantRegistry* tenants,
                                                     std::unique_ptr<DirectoryLock> directory,
                                                     std::unique_ptr<Rocks> rocks) {
  auto store = std::make_unique<RocksLocalStore>(options, clock, tenants, std::move(directory),
                                                 std::move(rocks));
  if (absl::Status status = store->Start(); !status.ok()) return status;
  return store;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalStore>> MakeLocalStore(const LocalStoreOptions& options,
                                                           const model::Clock* clock,
                                                           const model::TenantRegistry* tenants,
                                                           std::unique_ptr<Rocks> rocks) {
  return Assemble(options, clock, tenants, nullptr, std::move(rocks));
}

StoreStats StatsOf(const LocalStore& store) {
  return static_cast<const RocksLocalStore&>(store).Stats();
}

absl::StatusOr<std::unique_ptr<LocalStore>> OpenLocalStore(const LocalStoreOptions& options,
                                                           const model::Clock* clock,
                                                           const model::TenantRegistry* tenants) {
  auto directory = DirectoryLock::Acquire(options.directory, /*create=*/true);
  if (!directory.ok()) return directory.status();
  RocksOptions rocks_options;
  rocks_options.directory = options.directory + "/" + kRocksSubdirectory;
  rocks_options.block_cache_bytes = options.block_cache_bytes;
  auto rocks = OpenRocks(rocks_options);
  if (!rocks.ok()) return rocks.status();
  return Assemble(options, clock, tenants, *std::move(directory), *std::move(rocks));
}

}  // namespace tidegate::storage
