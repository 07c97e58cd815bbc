#include "storage/logs/stream_batches.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace tidegate::storage {
namespace {

constexpr model::TimestampNs kNanosPerMilli = 1'000'000;

model::TimestampMs FloorToMilli(model::TimestampNs time) {
  const model::TimestampMs milli = time / kNanosPerMilli;
  return time % kNanosPerMilli < 0 ? milli - 1 : milli;
}

// Collects the batches of one stream.
class BatchMaker {
 public:
  BatchMaker(model::Labels stream, const LogSelection& selection,
             std::shared_ptr<const void> memory)
      : selection_(selection),
        stream_(std::make_shared<const model::Labels>(std::move(stream))),
        memory_(std::move(memory)) {}

  void Add(const model::LogEntryView& entry) {
    batch_.timestamps.push_back(entry.timestamp);
    if (selection_.lines != LineColumn::kNone) {
      batch_.line_sizes.push_back(static_cast<uint32_t>(entry.line.size()));
    }
    if (selection_.lines == LineColumn::kLines) batch_.lines.push_back(entry.line);
    if (selection_.structured_metadata) AddMetadata(entry.structured_metadata);
    bytes_ += entry.line.size();
  }
  void CountScanned(const model::LogEntryView& entry) {
    ++batch_.lines_scanned;
    batch_.bytes_scanned += entry.line.size();
  }

  bool empty() const { return batch_.timestamps.empty(); }
  bool full() const {
    return batch_.timestamps.size() >= kMaxBatchEntries || bytes_ >= kMaxBatchBytes;
  }

  LogBatch Take() {
    if (!any_metadata_) {
      batch_.metadata.clear();
      batch_.metadata_sets.clear();
    }
    batch_.stream = stream_;
    batch_.memory = memory_;
    batch_.memory_bytes = bytes_ + batch_.timestamps.size() * sizeof(model::LogEntryView);
    sets_.clear();
    any_metadata_ = false;
    bytes_ = 0;
    return std::exchange(batch_, {});
  }

 private:
  void AddMetadata(std::string_view metadata) {
    any_metadata_ |= !metadata.empty();
    const auto [at, is_new] =
        sets_.try_emplace(metadata, static_cast<uint32_t>(batch_.metadata_sets.size()));
    if (is_new) {
      batch_.metadata_sets.push_back(model::Labels::FromCanonical(std::string(metadata)));
    }
    batch_.metadata.push_back(at->second);
  }

  const LogSelection& selection_;
  const std::shared_ptr<const model::Labels> stream_;
  const std::shared_ptr<const void> memory_;
  LogBatch batch_;
  absl::flat_hash_map<std::string_view, uint32_t> sets_;  // Of this batch; views into memory_.
  bool any_metadata_ = false;
  uint64_t bytes_ = 0;  // Of lines.
};

}  // namespace

model::TimeRange MillisecondsOf(const LogRange& range) {
  if (range.empty()) return {.min = model::kMaxTimestamp, .max = model::kMinTimestamp};
  return {.min = FloorToMilli(range.begin), .max = FloorToMilli(range.end - 1)};
}

LogRange NanosecondsOf(const model::TimeRange& range) {
  constexpr model::TimestampMs kMost = INT64_MAX / kNanosPerMilli;
  if (range.empty()) return {};
  LogRange all = {.begin = INT64_MIN, .end = INT64_MAX};
  if (range.min > kMost) return {};
  if (range.min > -kMost) all.begin = range.min * kNanosPerMilli;
  if (range.max < -kMost) return {};
  if (range.max < kMost) all.end = (range.max + 1) * kNanosPerMilli;
  return all;
}

absl::Status AddStreamBatches(model::Labels stream, std::span<const model::LogEntryView> entries,
                              std::shared_ptr<const void> memory, const LogSelection& selection,
                              const LineFilter& filter, Sink<LogBatch>& sink) {
  const auto time_of = &model::LogEntryView::timestamp;
  const auto begin = std::ranges::lower_bound(entries, selection.range.begin, {}, time_of);
  const auto end = std::ranges::lower_bound(entries, selection.range.end, {}, time_of);
  if (begin >= end) return absl::OkStatus();
  const std::span<const model::LogEntryView> wanted(begin, end);

  BatchMaker maker(std::move(stream), selection, std::move(memory));
  uint64_t left = selection.limit == 0 ? UINT64_MAX : selection.limit;
  for (size_t i = 0; i < wanted.size() && left > 0; ++i) {
    const bool backward = selection.order == LogOrder::kBackward;
    const model::LogEntryView& entry = wanted[backward ? wanted.size() - 1 - i : i];
    maker.CountScanned(entry);
    if (!filter.Holds(entry.line)) continue;
    --left;
    maker.Add(entry);
    if (!maker.full()) continue;
    if (absl::Status status = sink.Add(maker.Take()); !status.ok()) return status;
  }
  return maker.empty() ? absl::OkStatus() : sink.Add(maker.Take());
}

}  // namespace tidegate::storage
