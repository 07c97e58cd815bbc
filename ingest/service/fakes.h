// Log, head, store and tenants in memory, for tests of this room.
#ifndef TIDEGATE_INGEST_SERVICE_FAKES_H_
#define TIDEGATE_INGEST_SERVICE_FAKES_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "ingest/service/producer_identity.h"
#include "model/tenant.h"
#include "storage/head.h"
#include "storage/log.h"
#include "storage/store.h"
#include "storage/testing/empty_source.h"

namespace tidegate::ingest {

// Frames are durable when they are appended, unless WaitDurable is told to fail. Thread safe.
class FakeLog final : public storage::Log {
 public:
  // Append / WaitDurable return the error while it is not ok.
  void FailAppends(absl::Status error);
  void FailSyncs(absl::Status error);
  // Puts a hole where the frame that ends at `after` lies.
  void Damage(storage::LogPosition after);
  storage::LogPosition trimmed() const { return bounds().begin; }
  bool closed() const;
  int releases() const;
  // The highest position that somebody has waited for.
  storage::LogPosition waited() const;

  uint64_t generation() const override { return 0; }
  absl::Status WaitDurable(storage::LogPosition position, absl::Time deadline) override;
  absl::Status Replay(
      storage::LogPosition from,
      const std::function<absl::Status(storage::LogPosition, std::string_view)>& frame_fn,
      const std::function<void(const storage::LogDamage&)>& damage_fn) override;
  absl::Status Trim(storage::LogPosition position) override;
  absl::Status ReleaseSpace() override;
  storage::LogBounds bounds() const override;
  storage::LogDurability durability() const override { return storage::LogDurability::kGroup; }
  absl::Status Writable() const override;
  uint64_t SizeBytes() const override;
  absl::Status Close() override;

 private:
  absl::StatusOr<storage::LogPosition> AppendFrame(std::string_view frame,
                                                   std::optional<uint64_t> generation) override;

  struct Frame {
    storage::LogPosition before;
    storage::LogPosition after;
    std::string bytes;
    bool damaged = false;
  };
  mutable absl::Mutex mutex_;
  std::vector<Frame> frames_ ABSL_GUARDED_BY(mutex_);
  storage::LogPosition end_ ABSL_GUARDED_BY(mutex_);
  absl::Status append_error_ ABSL_GUARDED_BY(mutex_);
  absl::Status sync_error_ ABSL_GUARDED_BY(mutex_);
  storage::LogPosition waited_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int releases_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Keeps float samples by tenant, series and timestamp, logs each append as one frame ("TENANT
// SAMPLES"), refuses conflicts, and cuts. Of log entries it counts the bytes of their lines. Replay
// counts the samples of a frame; a frame that is "nonsense" is DataLoss. It answers no selections.
// Thread safe; the log must outlive it.
class FakeHead final : public storage::WithoutData<storage::Head> {
 public:
  explicit FakeHead(storage::Log* log) : log_(*log) {}

  uint64_t replayed_samples() const;
  int cuts() const;
  int released() const;

  absl::StatusOr<storage::AppendResult> Append(const model::RequestContext& context,
                                               const model::WriteBatch& batch,
                                               const storage::SeriesAdmission& admission) override;
  absl::Status Replay(storage::LogPosition after, std::string_view frame) override;
  absl::StatusOr<std::shared_ptr<const storage::HeadCut>> Cut() override;
  void Release(const storage::HeadCut& cut) override;
  storage::HeadStats Stats(std::string_view tenant) const override;
  uint64_t EntryBytes() const override;
  std::vector<std::string> Tenants() const override;

 private:
  using Samples = std::map<model::TimestampMs, double>;

  void AppendSeries(uint32_t index, const model::WriteBatch& batch,
                    const storage::SeriesAdmission& admission,
                    std::map<std::string, Samples>* tenant, storage::AppendResult* result)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  storage::Log& log_;
  mutable absl::Mutex mutex_;
  std::map<std::string, std::map<std::string, Samples>> tenants_ ABSL_GUARDED_BY(mutex_);
  uint64_t unsealed_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t open_entry_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t frozen_entry_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t replayed_ ABSL_GUARDED_BY(mutex_) = 0;
  const storage::HeadCut* cut_ ABSL_GUARDED_BY(mutex_) = nullptr;
  int cuts_ ABSL_GUARDED_BY(mutex_) = 0;
  int released_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Admits whatever comes.
class AnySeries final : public storage::SeriesAdmission {
 public:
  absl::StatusOr<model::Labels> Admit(std::string_view) const override { return model::Labels(); }
  absl::Status AdmitSeriesCount(uint64_t) const override { return absl::OkStatus(); }
};

// Remembers committed hand-overs and metadata. Thread safe.
class FakeStore final : public storage::WithoutData<storage::Store> {
 public:
  // Every call returns the error while it is not ok.
  void Fail(absl::Status error);
  // The next Commit takes effect and reports the error all the same, once.
  void LoseNextAnswer(absl::Status error);
  void SetCommitted(uint64_t producer, storage::LogPosition position);
  // As when another ingester has registered in its place.
  void Forget(uint64_t producer);

  storage::LogPosition committed(uint64_t producer) const;
  uint64_t committed_samples() const;
  int started() const;
  std::vector<storage::TenantMetadata> metadata() const;

  absl::StatusOr<std::unique_ptr<storage::HandOver>> StartHandOver(
      const model::RequestContext& context, uint64_t producer,
      storage::LogPosition position) override;
  absl::StatusOr<storage::LogPosition> RegisterProducer(
      const model::RequestContext& context, uint64_t producer,
      const std::vector<uint64_t>& predecessors) override;
  storage::Documents& documents() override { std::abort(); }
  absl::Status PutMetadata(const model::RequestContext& context,
                           const std::vector<storage::TenantMetadata>& metadata) override;
  // Of all families.
  absl::StatusOr<std::vector<model::MetricMetadata>> Metadata(const model::RequestContext& context,
                                                              const std::string&) override;
  absl::Status Ready() const override { return absl::OkStatus(); }

 private:
  friend class FakeHandOver;
  absl::Status Commit(uint64_t producer, storage::LogPosition position, uint64_t samples);

  mutable absl::Mutex mutex_;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  absl::Status lost_answer_ ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, storage::LogPosition> committed_ ABSL_GUARDED_BY(mutex_);
  std::vector<storage::TenantMetadata> metadata_ ABSL_GUARDED_BY(mutex_);
  uint64_t committed_samples_ ABSL_GUARDED_BY(mutex_) = 0;
  int started_ ABSL_GUARDED_BY(mutex_) = 0;
};

// The identity of an ingester in a fresh directory of the running test that was `predecessor` in
// its last life (0 = it had none). Its ids are kFirstTestId, kFirstTestId + 1, ...
inline constexpr uint64_t kFirstTestId = 1000;
std::unique_ptr<ProducerIdentity> TestIdentity(uint64_t predecessor);

// Tenants that a test names. Not to be changed while it is in use.
class FakeTenants final : public model::TenantRegistry {
 public:
  model::TenantLimits& Add(const std::string& name);
  std::shared_ptr<const model::TenantConfig> Find(std::string_view tenant) const override;

 private:
  std::map<std::string, std::shared_ptr<model::TenantConfig>, std::less<>> tenants_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_SERVICE_FAKES_H_
