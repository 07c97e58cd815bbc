// The head of one tenant.
#ifndef TIDEGATE_STORAGE_HEAD_TENANT_HEAD_H_
#define TIDEGATE_STORAGE_HEAD_TENANT_HEAD_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "model/request_context.h"
#include "model/write_batch.h"
#include "storage/head.h"
#include "storage/head/epoch_data.h"
#include "storage/head/head_index.h"
#include "storage/head/log_record.h"
#include "storage/head/pending_frame.h"
#include "storage/log.h"
#include "storage/log_source.h"
#include "storage/series_source.h"

namespace tidegate::storage::head {

// A tenant's part of a cut. Immutable, but for `index`: it may still grow (series numbers that
// `data` uses keep their meaning), so it is read under TenantHead's lock; see WithIndex.
struct FrozenData {
  std::shared_ptr<const HeadIndex> index;
  EpochData data;
};

// A log, and the generation of it that the definitions of the current epoch are in.
struct LogRun {
  Log* log;
  uint64_t generation;
};

// Thread safe. Two locks: `append_mutex_` makes appends take turns over resolving, logging and
// applying, so that the order of frames in the log is the order of application; `data_mutex_`
// guards what readers see and is held exclusively only for the microseconds of a change. Whatever
// readers see is changed with both held, so either suffices to read it.
class TenantHead {
 public:
  // Keeps what AddStats would add to entry_bytes included in `entry_bytes`, the sum over all
  // tenants, which must outlive every change.
  TenantHead(std::string name, std::atomic<uint64_t>* entry_bytes);

  const std::string& name() const { return name_; }

  // Appending and replay. The caller keeps cuts away meanwhile. `epoch` is the current cut epoch:
  // a series that was not used in it yet is defined in the log again.
  absl::StatusOr<AppendResult> Append(const model::WriteBatch& batch,
                                      const SeriesAdmission& admission, uint32_t epoch, LogRun run,
                                      PendingFrame* frame);
  // Changes the record. DataLoss when points had to be left out; the others are applied.
  absl::Status Replay(LogRecord* record, uint32_t epoch);

  // A cut in two steps. PrepareCut, beside appends, builds an index without the series that were
  // last used in an epoch before `idle_before`, when that is worth it. FinishCut, while appends are
  // kept away, freezes the data and starts epoch `next_epoch`; null when there was no data.
  void PrepareCut(uint32_t idle_before);
  std::shared_ptr<const FrozenData> FinishCut(uint32_t next_epoch);
  void Release();

  // As SeriesSource (tenant_head_read.cc). The head's data at some moment of the call for each
  // series; what a cut took away meanwhile is in the frozen data or, after its release, in the
  // store.
  absl::Status Select(const model::RequestContext& context, const Selection& selection,
                      Sink<SelectedSeries>& sink) const;
  absl::Status SelectExemplars(const model::RequestContext& context, const Selection& selection,
                               Sink<SelectedExemplars>& sink) const;
  // As LogSource.
  absl::Status SelectLogs(const model::RequestContext& context, const LogSelection& selection,
                          Sink<LogBatch>& sink) const;
  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const model::RequestContext& context,
                                                          const StreamQuery& query) const;
  absl::StatusOr<std::vector<model::Labels>> Series(const model::RequestContext& context,
                                                    const LabelQuery& query) const;
  absl::StatusOr<std::vector<std::string>> LabelNames(const model::RequestContext& context,
                                                      const LabelQuery& query) const;
  absl::StatusOr<std::vector<std::string>> LabelValues(const model::RequestContext& context,
                                                       const std::string& label_name,
                                                       const LabelQuery& query) const;

  // Adds this tenant's figures to `stats`.
  void AddStats(HeadStats* stats) const;

  // Runs `read` while nobody changes an index of this tenant.
  void WithIndex(const std::function<void()>& read) const {
    absl::ReaderMutexLock lock(&data_mutex_);
    read();
  }

 private:
  friend class TenantAppend;  // One call of Append.
  struct FoundSeries;         // Defined where they are used, in tenant_head_read.cc.
  struct Found;
  struct FoundStream;
  struct MetricSeries;

  // A series index without the idle series, built while appends go on in the old one.
  struct NextIndex {
    std::shared_ptr<HeadIndex> index;
    SeriesRef scanned = 0;            // Series below this were looked at:
    std::vector<SeriesRef> kept;      // Old numbers, in the order of the new ones...
    std::vector<SeriesRef> left_out;  // ...and those that were idle.
  };

  // With both locks held. The callbacks get the index of a sample or histogram that was refused.
  void Apply(const LogRecord& record, const std::function<void(size_t)>& on_sample_conflict,
             const std::function<void(size_t)>& on_histogram_conflict);
  Outcome ApplySample(const LogRecord::Sample& sample);
  Outcome ApplyHistogram(const LogRecord::Histogram& histogram);
  StoredPoint LookupUnsealed(SeriesRef ref, model::TimestampMs timestamp);
  StoredPoint LookupFrozen(SeriesRef frozen_ref, model::TimestampMs timestamp);
  SeriesRef FrozenRef(SeriesRef ref) const;
  SeriesRef ReplayDefinition(const LogRecord::Definition& definition);
  template <typename Point>
  size_t Translate(std::vector<Point>* points) const;
  bool IsIdle(SeriesRef ref) const { return index_->epoch(ref) < idle_before_; }
  // Was a series that was last used in `epoch` (0 = never) idle at the last cut?
  bool CountsAsIdle(uint32_t epoch) const { return epoch != 0 && epoch < idle_before_; }
  void CopySeries(SeriesRef ref, HeadIndex* to) const;

  // For reading (tenant_head_read.cc).
  template <typename Plans, typename Find>
  void FindWithPlans(Plans plans, const Find& find) const;
  Found Locate(const Selection& selection) const;
  void RelocateLocked(const Found& found, FoundSeries* series) const;
  template <typename Copy, typename Deliver>
  absl::Status ReadInBatches(const model::RequestContext& context, const Selection& selection,
                             const Copy& copy, const Deliver& deliver) const;
  template <typename StreamFn>
  absl::Status ReadStreams(const model::RequestContext& context, const Selection& selection,
                           const StreamFn& stream_fn) const;
  std::vector<MetricSeries> FindMetricSeries(const LabelQuery& query) const;

  const std::string name_;
  std::atomic<uint64_t>& entry_bytes_;
  mutable absl::Mutex append_mutex_ ABSL_ACQUIRED_BEFORE(data_mutex_);
  mutable absl::Mutex data_mutex_;
  std::shared_ptr<HeadIndex> index_;
  EpochData open_{1};
  std::shared_ptr<const FrozenData> frozen_;
  std::atomic<uint64_t> idle_series_{0};  // In index_, but no longer active.

  // Guarded by append_mutex_.
  SeriesRef last_ref_ = kNoSeries;  // Of the last sample: the next one's is likely to follow it.
  ChunkCache chunk_cache_;
  uint32_t idle_before_ = 0;  // At the last cut, series last used in earlier epochs were idle.
  std::unique_ptr<NextIndex> next_index_;
  absl::flat_hash_map<SeriesRef, SeriesRef> replayed_;  // Numbers in the log to ours; for Replay.
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_TENANT_HEAD_H_
