#include "storage/head/tenant_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "model/histogram.h"
#include "model/labels.h"
#include "model/series_id.h"
#include "storage/head/tenant_append.h"

namespace tidegate::storage::head {
namespace {

// Series that are copied into a new index while readers are shut out of nothing and appends wait.
constexpr size_t kCopyBatch = 256;
// An index is rebuilt when one series in so many is idle, and always while it is small.
constexpr uint64_t kIdleShare = 8;
constexpr uint64_t kSmallIndex = 16384;

constexpr model::TimestampMs kNoFloor = std::numeric_limits<int64_t>::min();

model::Exemplar ToModel(const LogRecord::Exemplar& exemplar) {
  return {.labels = model::Labels::FromCanonical(std::string(exemplar.labels)),
          .value = exemplar.value,
          .timestamp = exemplar.timestamp};
}

// What a frame held that could not be applied.
struct ReplayLosses {
  size_t undefined = 0;
  size_t malformed = 0;

  absl::Status ToStatus(std::string_view tenant) const {
    if (undefined == 0 && malformed == 0) return absl::OkStatus();
    return absl::DataLossError(
        fmt::format("tenant {}: a log frame holds {} points of series that no frame before it "
                    "defines and {} malformed histograms; they are left out",
                    tenant, undefined, malformed));
  }
};

}  // namespace

TenantHead::TenantHead(std::string name, std::atomic<uint64_t>* entry_bytes)
    : name_(std::move(name)), entry_bytes_(*entry_bytes), index_(std::make_shared<HeadIndex>()) {}

// Numbers of the frozen data are those of its own index.
SeriesRef TenantHead::FrozenRef(SeriesRef ref) const {
  if (frozen_ == nullptr) return kNoSeries;
  return frozen_->index == index_ ? ref : frozen_->index->Find(index_->id(ref));
}

// What the frozen data says about a point that the open data does not know.
StoredPoint TenantHead::LookupFrozen(SeriesRef frozen_ref, model::TimestampMs timestamp) {
  return frozen_ref == kNoSeries ? StoredPoint()
                                 : frozen_->data.Lookup(frozen_ref, timestamp, &chunk_cache_);
}

StoredPoint TenantHead::LookupUnsealed(SeriesRef ref, model::TimestampMs timestamp) {
  const StoredPoint known = open_.Lookup(ref, timestamp, &chunk_cache_);
  return known.kind != StoredPoint::kNone ? known : LookupFrozen(FrozenRef(ref), timestamp);
}

Outcome TenantHead::ApplySample(const LogRecord::Sample& sample) {
  model::TimestampMs floor = kNoFloor;
  if (frozen_ != nullptr && !open_.IsPlainlyNew(sample.ref, sample.timestamp)) {
    const SeriesRef frozen_ref = FrozenRef(sample.ref);
    const StoredPoint known = LookupFrozen(frozen_ref, sample.timestamp);
    if (known.kind != StoredPoint::kNone) return CompareToKnown(known, sample.value);
    // An open chunk begins behind everything frozen. So a sample behind the end of an open chunk is
    // known to be new without a look at the frozen data.
    if (frozen_ref != kNoSeries) floor = frozen_->data.MetricRange(frozen_ref).max;
  }
  return open_.AddSample(sample, floor, &chunk_cache_);
}

Outcome TenantHead::ApplyHistogram(const LogRecord::Histogram& histogram) {
  if (frozen_ != nullptr) {
    const StoredPoint known = LookupFrozen(FrozenRef(histogram.ref), histogram.timestamp);
    if (known.kind != StoredPoint::kNone) return CompareToKnown(known, histogram.encoded);
  }
  return open_.AddHistogram(histogram, &chunk_cache_);
}

void TenantHead::Apply(const LogRecord& record,
                       const std::function<void(size_t)>& on_sample_conflict,
                       const std::function<void(size_t)>& on_histogram_conflict) {
  for (size_t i = 0; i < record.samples.size(); ++i) {
    if (ApplySample(record.samples[i]) == Outcome::kConflict) on_sample_conflict(i);
  }
  for (size_t i = 0; i < record.histograms.size(); ++i) {
    if (ApplyHistogram(record.histograms[i]) == Outcome::kConflict) on_histogram_conflict(i);
  }
  for (const LogRecord::Exemplar& logged : record.exemplars) {
    model::Exemplar exemplar = ToModel(logged);
    const SeriesRef frozen_ref = FrozenRef(logged.ref);
    if (frozen_ref != kNoSeries && frozen_->data.HasExemplar(frozen_ref, exemplar)) continue;
    open_.AddExemplar(logged.ref, std::move(exemplar));
  }
  if (record.entries.empty()) return;
  const size_t before = open_.entry_bytes();
  // An entry that the frozen data has as well is found out when both are read.
  for (const LogRecord::Entry& entry : record.entries) {
    open_.AddEntry(entry.ref, {entry.timestamp, entry.line, entry.structured_metadata});
  }
  open_.SettleEntries();
  entry_bytes_.fetch_add(open_.entry_bytes() - before, std::memory_order_relaxed);
}

absl::StatusOr<AppendResult> TenantHead::Append(const model::WriteBatch& batch,
                                                const SeriesAdmission& admission, uint32_t epoch,
                                                LogRun run, PendingFrame* frame) {
  absl::MutexLock lock(&append_mutex_);
  replayed_.clear();  // Replay is over.
  return TenantAppend(this, batch, admission, epoch, run, frame).Run();
}

absl::Status TenantHead::Replay(LogRecord* record, uint32_t epoch) {
  absl::MutexLock append_lock(&append_mutex_);
  absl::WriterMutexLock data_lock(&data_mutex_);
  for (const LogRecord::Definition& definition : record->definitions) {
    const SeriesRef ref = ReplayDefinition(definition);
    index_->set_epoch(ref, epoch);
    replayed_[definition.ref] = ref;
  }
  ReplayLosses losses;
  losses.undefined = Translate(&record->samples) + Translate(&record->histograms) +
                     Translate(&record->exemplars) + Translate(&record->entries);
  losses.malformed = std::erase_if(record->histograms, [](const LogRecord::Histogram& histogram) {
    std::string_view encoded = histogram.encoded;
    return !model::DecodeHistogram(&encoded).ok() || !encoded.empty();
  });
  // A conflict was decided when the frame was written, the same way.
  Apply(
      *record, [](size_t) {}, [](size_t) {});
  return losses.ToStatus(name_);
}

// Gives points the numbers that their series have here; drops those of unknown series.
template <typename Point>
size_t TenantHead::Translate(std::vector<Point>* points) const {
  SeriesRef logged = kNoSeries;  // The last number looked up, and what was found.
  SeriesRef ours = kNoSeries;
  return std::erase_if(*points, [&](Point& point) {
    if (point.ref != logged) {
      const auto found = replayed_.find(point.ref);
      logged = point.ref;
      ours = found == replayed_.end() ? kNoSeries : found->second;
    }
    point.ref = ours;
    return ours == kNoSeries;
  });
}

SeriesRef TenantHead::ReplayDefinition(const LogRecord::Definition& definition) {
  const model::SeriesId id = model::HashLabelBytes(definition.labels);
  const SeriesRef ref = index_->Find(id, last_ref_);
  last_ref_ = ref != kNoSeries ? ref : index_->Add(id, model::LabelsView(definition.labels));
  return last_ref_;
}

void TenantHead::PrepareCut(uint32_t idle_before) {
  auto next = std::make_unique<NextIndex>();
  std::vector<SeriesRef>& kept = next->kept;
  {
    absl::MutexLock lock(&append_mutex_);
    replayed_.clear();
    idle_before_ = idle_before;
    next->scanned = index_->size();
    for (SeriesRef ref = 0; ref < next->scanned; ++ref) {
      (IsIdle(ref) ? next->left_out : kept).push_back(ref);
    }
    idle_series_ = next->left_out.size();
    const bool worth_it =
        idle_series_ * kIdleShare >= index_->size() || index_->size() <= kSmallIndex;
    if (idle_series_ == 0 || !worth_it) return;
  }
  next->index = std::make_shared<HeadIndex>();
  for (size_t begin = 0; begin < kept.size(); begin += kCopyBatch) {
    absl::ReaderMutexLock lock(&data_mutex_);
    const size_t end = std::min(begin + kCopyBatch, kept.size());
    for (size_t i = begin; i < end; ++i) CopySeries(kept[i], next->index.get());
  }
  absl::MutexLock lock(&append_mutex_);
  next_index_ = std::move(next);
}

void TenantHead::CopySeries(SeriesRef ref, HeadIndex* to) const {
  to->Add(index_->id(ref), index_->LabelsOf(ref));
}

std::shared_ptr<const FrozenData> TenantHead::FinishCut(uint32_t next_epoch) {
  absl::MutexLock append_lock(&append_mutex_);
  absl::WriterMutexLock data_lock(&data_mutex_);
  std::shared_ptr<HeadIndex> index = index_;
  if (next_index_ != nullptr) {
    index = next_index_->index;
    for (SeriesRef ref : next_index_->left_out) {
      if (!IsIdle(ref)) next_index_->kept.push_back(ref);
    }
    for (SeriesRef ref = next_index_->scanned; ref < index_->size(); ++ref) {
      next_index_->kept.push_back(ref);
    }
    for (SeriesRef to = 0; to < next_index_->kept.size(); ++to) {
      const SeriesRef from = next_index_->kept[to];
      if (to >= index->size()) CopySeries(from, index.get());
      index->set_epoch(to, index_->epoch(from));
    }
    next_index_ = nullptr;
    idle_series_ = 0;
    last_ref_ = kNoSeries;
  }
  if (!open_.empty()) {
    frozen_ = std::make_shared<const FrozenData>(FrozenData{index_, std::move(open_)});
  }
  open_ = EpochData(next_epoch);
  index_ = std::move(index);
  return frozen_;
}

void TenantHead::Release() {
  std::shared_ptr<const FrozenData> frozen;  // Freed after the locks, unless a reader holds it.
  absl::MutexLock append_lock(&append_mutex_);
  absl::WriterMutexLock data_lock(&data_mutex_);
  frozen = std::move(frozen_);
  if (frozen == nullptr) return;
  entry_bytes_.fetch_sub(frozen->data.entry_bytes(), std::memory_order_relaxed);
}

void TenantHead::AddStats(HeadStats* stats) const {
  absl::ReaderMutexLock data_lock(&data_mutex_);
  stats->series += index_->size() - idle_series_;
  stats->index_bytes += index_->memory_bytes();
  const auto add = [stats](const EpochData& data) {
    stats->samples += data.samples();
    stats->chunk_bytes += data.memory_bytes() - data.entry_bytes();
    stats->entry_bytes += data.entry_bytes();
    stats->range.min = std::min(stats->range.min, data.range().min);
    stats->range.max = std::max(stats->range.max, data.range().max);
  };
  add(open_);
  if (frozen_ != nullptr) add(frozen_->data);
}

}  // namespace tidegate::storage::head
