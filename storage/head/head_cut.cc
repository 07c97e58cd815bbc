#include "storage/head/head_cut.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>

#include "model/labels.h"
#include "storage/chunk/chunk_decoder.h"
#include "storage/head/log_time.h"
#include "storage/head/series_ranking.h"
#include "storage/head/series_snapshot.h"
#include "storage/head/time_column_cache.h"
#include "storage/page/segment_builder.h"
#include "storage/page/segment_id.h"
#include "storage/partition/partition.h"

namespace tidegate::storage::head {
namespace {

// Series whose labels are built under one lock.
constexpr size_t kLabelBatch = 256;

// The partitions that a cut touches, each with the times that belong into it. Spans nest (young
// times of a wide span lie in narrow ones), so those times are the older part of the span: age only
// ever widens it.
class TouchedPartitions {
 public:
  explicit TouchedPartitions(model::TimestampMs now) : now_(now) {}

  void Add(model::TimestampMs timestamp) {
    if (last_.Contains(timestamp)) return;
    const PartitionSpan span = PartitionFor(timestamp, now_);
    auto found = ranges_.find(span);
    if (found == ranges_.end()) found = ranges_.emplace(span, TimesIn(span, timestamp)).first;
    last_ = found->second;
  }
  // Every time of a chunk.
  void Add(const chunk::OpenChunk& chunk, const chunk::PiecePool& pool) {
    Add(chunk.first_timestamp());
    if (last_.Contains(chunk.last_timestamp())) return;
    stream_.clear();
    timestamps_.clear();
    values_.clear();
    chunk.CopyStream(pool, &stream_);
    chunk::DecodeChunk(chunk, stream_, &timestamps_, &values_);
    for (model::TimestampMs timestamp : timestamps_) Add(timestamp);
  }

  const std::map<PartitionSpan, model::TimeRange>& ranges() const { return ranges_; }

 private:
  // The largest range around `timestamp`, which belongs into the span, that does as a whole.
  model::TimeRange TimesIn(const PartitionSpan& span, model::TimestampMs timestamp) const {
    model::TimestampMs inside = timestamp;
    model::TimestampMs outside = span.end();
    while (inside + 1 < outside) {
      const model::TimestampMs middle = inside + (outside - inside) / 2;
      (PartitionFor(middle, now_) == span ? inside : outside) = middle;
    }
    return {span.begin, inside};
  }

  model::TimestampMs now_;
  model::TimeRange last_{1, 0};
  std::map<PartitionSpan, model::TimeRange> ranges_;
  std::string stream_;
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
};

std::map<PartitionSpan, model::TimeRange> FindPartitions(const EpochData& data,
                                                         std::span<const SeriesRef> refs,
                                                         model::TimestampMs now) {
  TouchedPartitions partitions(now);
  for (SeriesRef ref : refs) {
    if (const chunk::OpenChunk* chunk = data.chunk(ref)) partitions.Add(*chunk, data.pool());
    const SeriesSide* side = data.side(ref);
    if (side == nullptr) continue;
    for (const chunk::OpenChunk& chunk : side->full_chunks) partitions.Add(chunk, data.pool());
    for (const auto& late : side->late) partitions.Add(late.first);
    for (const auto& histogram : side->histograms) partitions.Add(histogram.first);
    for (const model::Exemplar& exemplar : side->exemplars) partitions.Add(exemplar.timestamp);
    for (const EntryList::Entry& entry : side->entries.entries()) {
      partitions.Add(ToMillis(entry.timestamp));
    }
  }
  return partitions.ranges();
}

// The part of `items`, ascending by `time_of`, that lies in the range.
template <typename Item, typename TimeOf>
std::span<const Item> InRange(const std::vector<Item>& items, const model::TimeRange& range,
                              const TimeOf& time_of) {
  const auto begin = std::ranges::lower_bound(items, range.min, {}, time_of);
  const auto end = std::ranges::upper_bound(items, range.max, {}, time_of);
  return {begin, end};
}

// Seals one tenant's part of a cut.
class TenantSealer {
 public:
  TenantSealer(const TenantCut& cut, SegmentId id)
      : tenant_(*cut.tenant), index_(*cut.frozen->index), data_(cut.frozen->data), id_(id) {
    for (SeriesRef ref = 0; ref < data_.bound(); ++ref) {
      if (data_.chunk(ref) != nullptr || data_.side(ref) != nullptr) refs_.push_back(ref);
    }
    tenant_.WithIndex([this] { SortBySeriesOrder(index_, &refs_); });
  }

  std::map<PartitionSpan, model::TimeRange> Partitions(model::TimestampMs now) const {
    return FindPartitions(data_, refs_, now);
  }

  absl::StatusOr<SealedSegment> Seal(const PartitionSpan& partition,
                                     const model::TimeRange& range) {
    SegmentBuilder builder(id_, partition);
    std::vector<model::Labels> labels;
    for (size_t begin = 0; begin < refs_.size(); begin += kLabelBatch) {
      const std::span<const SeriesRef> batch =
          std::span<const SeriesRef>(refs_).subspan(begin).first(
              std::min(kLabelBatch, refs_.size() - begin));
      labels.clear();
      tenant_.WithIndex([&] {
        for (SeriesRef ref : batch) labels.push_back(index_.LabelsOf(ref));
      });
      for (size_t i = 0; i < batch.size(); ++i) {
        absl::Status status = AddSeries(batch[i], labels[i], range, &builder);
        if (!status.ok()) return status;
      }
    }
    return builder.Finish();
  }

 private:
  absl::Status AddSeries(SeriesRef ref, const model::Labels& labels, const model::TimeRange& range,
                         SegmentBuilder* builder) {
    snapshot_.Clear();
    snapshot_.BeginSeries();
    snapshot_.Copy(data_, ref, range);
    absl::StatusOr<SeriesColumns> columns = snapshot_.Decode(0, range, &times_);
    if (!columns.ok()) return columns.status();
    SeriesInput input{.timestamps = {},
                      .values = columns->values,
                      .start_timestamps = columns->start_timestamps,
                      .histograms = columns->histograms,
                      .exemplars = {}};
    if (columns->timestamps != nullptr) input.timestamps = *columns->timestamps;
    const SeriesSide* side = data_.side(ref);
    if (side != nullptr) {
      input.exemplars = InRange(side->exemplars, range, &model::Exemplar::timestamp);
    }
    if (!input.empty()) {
      if (absl::Status status = builder->AddSeries(labels, input); !status.ok()) return status;
    }
    if (side == nullptr) return absl::OkStatus();
    const auto [begin, end] = side->entries.Find(range);
    if (begin == end) return absl::OkStatus();
    views_.clear();
    for (size_t i = begin; i < end; ++i) views_.push_back(side->entries.entries()[i].view());
    return builder->AddStream(labels, views_);
  }

  const TenantHead& tenant_;
  const HeadIndex& index_;
  const EpochData& data_;
  const SegmentId id_;
  std::vector<SeriesRef> refs_;  // All with data, in the order of segments.
  SeriesSnapshot snapshot_;
  TimeColumnCache times_;
  std::vector<model::LogEntryView> views_;
};

}  // namespace

FrozenCut::FrozenCut(LogPosition position, std::vector<TenantCut> tenants)
    : position_(position), tenants_(std::move(tenants)) {
  std::ranges::sort(tenants_, {}, [](const TenantCut& cut) { return cut.tenant->name(); });
}

absl::Status FrozenCut::Seal(uint64_t producer, model::TimestampMs now,
                             const std::function<absl::Status(SealedSegment)>& segment_fn) const {
  for (const TenantCut& cut : tenants_) {
    TenantSealer sealer(cut, {.tenant = cut.tenant->name(),
                              .origin = SegmentOrigin::kCut,
                              .position = position_,
                              .producer = producer,
                              .span = {}});
    for (const auto& [partition, range] : sealer.Partitions(now)) {
      absl::StatusOr<SealedSegment> segment = sealer.Seal(partition, range);
      if (!segment.ok()) return segment.status();
      if (absl::Status status = segment_fn(*std::move(segment)); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace tidegate::storage::head
