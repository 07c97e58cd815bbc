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

bool Contains(const LogRange& range, model::TimestampNs time) {
  return range.begin <= time && time < range.end;
}

bool Same(const model::LogEntry& a, const model::LogEntry& b) {
  return a.line == b.line && a.structured_metadata == b.structured_metadata;
}

// Entries of one nanosecond are few, so each is compared with those before it.
void DropRepeats(std::vector<model::LogEntry>* entries) {
  auto kept = entries->begin();
  auto group = entries->begin();  // The first of the kept ones with the same time.
  for (auto at = entries->begin(); at != entries->end(); ++at) {
    if (group != kept && group->timestamp != at->timestamp) group = kept;
    const bool repeated =
        std::any_of(group, kept, [&at](const model::LogEntry& known) { return Same(known, *at); });
    if (repeated) continue;
    if (kept != at) *kept = std::move(*at);
    ++kept;
  }
  entries->erase(kept, entries->end());
}

// Collects the batches of one stream.
class BatchMaker {
 public:
  BatchMaker(model::Labels stream, const LogSelection& selection,
             std::shared_ptr<const std::vector<model::LogEntry>> memory)
      : selection_(selection),
        stream_(std::make_shared<const model::Labels>(std::move(stream))),
        memory_(std::move(memory)) {}

  void Add(const model::LogEntry& entry) {
    batch_.timestamps.push_back(entry.timestamp);
    if (selection_.lines != LineColumn::kNone) {
      batch_.line_sizes.push_back(static_cast<uint32_t>(entry.line.size()));
    }
    if (selection_.lines == LineColumn::kLines) batch_.lines.push_back(entry.line);
    if (selection_.structured_metadata) AddMetadata(entry.structured_metadata);
    bytes_ += entry.line.size();
  }
  void CountScanned(const model::LogEntry& entry) {
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
    batch_.memory_bytes = bytes_ + batch_.timestamps.size() * sizeof(model::LogEntry);
    sets_.clear();
    any_metadata_ = false;
    bytes_ = 0;
    return std::exchange(batch_, {});
  }

 private:
  void AddMetadata(const model::Labels& metadata) {
    any_metadata_ |= !metadata.bytes().empty();
    const auto [at, is_new] =
        sets_.try_emplace(metadata, static_cast<uint32_t>(batch_.metadata_sets.size()));
    if (is_new) batch_.metadata_sets.push_back(metadata);
    batch_.metadata.push_back(at->second);
  }

  const LogSelection& selection_;
  const std::shared_ptr<const model::Labels> stream_;
  const std::shared_ptr<const void> memory_;
  LogBatch batch_;
  absl::flat_hash_map<model::Labels, uint32_t> sets_;
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

absl::Status AddStreamBatches(model::Labels stream, std::vector<model::LogEntry> entries,
                              const LogSelection& selection, const LineFilter& filter,
                              Sink<LogBatch>& sink) {
  std::erase_if(entries, [&selection](const model::LogEntry& entry) {
    return !Contains(selection.range, entry.timestamp);
  });
  DropRepeats(&entries);
  if (selection.order == LogOrder::kBackward) std::ranges::reverse(entries);

  const auto kept = std::make_shared<const std::vector<model::LogEntry>>(std::move(entries));
  BatchMaker maker(std::move(stream), selection, kept);
  uint64_t left = selection.limit == 0 ? UINT64_MAX : selection.limit;
  for (const model::LogEntry& entry : *kept) {
    if (left == 0) break;
    maker.CountScanned(entry);
    if (!filter.Holds(entry.line)) continue;
    --left;
    maker.Add(entry);
    if (!maker.full()) continue;
    if (absl::Status status = sink.Add(maker.Take()); !status.ok()) return status;
  }
  return maker.empty() ? absl::OkStatus() : sink.Add(maker.Take());
}

void AddVolume(const std::vector<model::LogEntry>& entries, const LogRange& range,
               StreamVolume* volume) {
  const uint64_t before = volume->entries;
  for (const model::LogEntry& entry : entries) {
    if (!Contains(range, entry.timestamp)) continue;
    ++volume->entries;
    volume->bytes += entry.line.size();
  }
  if (volume->entries != before) ++volume->chunks;
}

}  // namespace tidegate::storage
