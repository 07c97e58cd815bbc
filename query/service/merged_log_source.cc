#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "query/log_query_service.h"
#include "storage/log_source.h"

namespace tidegate::query {
namespace {

using model::Labels;
using model::RequestContext;
using storage::LineColumn;
using storage::LogBatch;
using storage::LogOrder;
using storage::LogSelection;
using storage::StreamQuery;
using storage::StreamVolume;

constexpr size_t kMaxBatchEntries = 64 << 10;

using BatchesByStream = absl::flat_hash_map<Labels, std::vector<LogBatch>>;

// Keeps batches, on the budget of whom they are for.
class KeepingSink final : public storage::Sink<LogBatch> {
 public:
  KeepingSink(BatchesByStream* kept, storage::Sink<LogBatch>* out) : kept_(*kept), out_(*out) {}

  absl::Status Add(LogBatch batch) override {
    if (absl::Status status = out_.Hold(static_cast<int64_t>(batch.memory_bytes)); !status.ok()) {
      return status;
    }
    kept_[*batch.stream].push_back(std::move(batch));
    return absl::OkStatus();
  }

 private:
  BatchesByStream& kept_;
  storage::Sink<LogBatch>& out_;
};

void DropColumns(const LogSelection& selection, LogBatch* batch) {
  if (selection.lines != LineColumn::kLines) batch->lines.clear();
  if (selection.lines == LineColumn::kNone) batch->line_sizes.clear();
  if (!selection.structured_metadata) {
    batch->metadata.clear();
    batch->metadata_sets.clear();
  }
}

// Passes on what only the store has, and keeps what the ingester may have too.
class SplittingSink final : public storage::Sink<LogBatch> {
 public:
  SplittingSink(const BatchesByStream& newer, const LogSelection& wanted, BatchesByStream* kept,
                storage::Sink<LogBatch>* out)
      : newer_(newer), wanted_(wanted), keeping_(kept, out), out_(*out) {}

  absl::Status Add(LogBatch batch) override {
    if (newer_.contains(*batch.stream)) return keeping_.Add(std::move(batch));
    DropColumns(wanted_, &batch);
    return out_.Add(std::move(batch));
  }
  absl::Status Hold(int64_t bytes) override { return out_.Hold(bytes); }

 private:
  const BatchesByStream& newer_;
  const LogSelection& wanted_;
  KeepingSink keeping_;
  storage::Sink<LogBatch>& out_;
};

// Counts the entries that pass.
class CountingSink final : public storage::Sink<LogBatch> {
 public:
  explicit CountingSink(storage::Sink<LogBatch>* out) : out_(*out) {}

  absl::Status Add(LogBatch batch) override {
    count_ += batch.timestamps.size();
    return out_.Add(std::move(batch));
  }
  absl::Status Hold(int64_t bytes) override { return out_.Hold(bytes); }
  uint64_t count() const { return count_; }

 private:
  storage::Sink<LogBatch>& out_;
  uint64_t count_ = 0;
};

// The least time of all entries; `none` without any.
model::TimestampNs OldestOf(const BatchesByStream& streams, model::TimestampNs none) {
  model::TimestampNs oldest = none;
  for (const auto& [stream, batches] : streams) {
    for (const LogBatch& batch : batches) {
      if (batch.timestamps.empty()) continue;
      oldest = std::min({oldest, batch.timestamps.front(), batch.timestamps.back()});
    }
  }
  return oldest;
}

int64_t HeldBy(const BatchesByStream& streams) {
  int64_t bytes = 0;
  for (const auto& [stream, batches] : streams) {
    for (const LogBatch& batch : batches) bytes += static_cast<int64_t>(batch.memory_bytes);
  }
  return bytes;
}

struct Entry {
  model::TimestampNs timestamp = 0;
  std::string_view line;
  const Labels* metadata = nullptr;  // Null without any.
};

void Append(const std::vector<LogBatch>& batches, std::vector<Entry>* entries) {
  for (const LogBatch& batch : batches) {
    for (size_t i = 0; i < batch.timestamps.size(); ++i) {
      const Labels* const metadata =
          batch.metadata.empty() ? nullptr : &batch.metadata_sets[batch.metadata[i]];
      entries->push_back({batch.timestamps[i], batch.lines[i], metadata});
    }
  }
}

// Leaves the first of entries that are equal in everything; equal times stand side by side.
void DropRepeats(std::vector<Entry>* entries) {
  absl::flat_hash_set<std::pair<std::string_view, std::string_view>> seen;
  model::TimestampNs time = 0;
  const auto repeats = [&](const Entry& entry) {
    if (entry.timestamp != time) seen.clear();
    time = entry.timestamp;
    const std::string_view metadata =
        entry.metadata == nullptr ? std::string_view() : entry.metadata->bytes();
    return !seen.emplace(entry.line, metadata).second;
  };
  entries->erase(std::remove_if(entries->begin(), entries->end(), repeats), entries->end());
}

// One stream's entries in the selection's order, each once. What arrived first lies in the store.
std::vector<Entry> Merged(const std::vector<LogBatch>& older, const std::vector<LogBatch>& newer,
                          LogOrder order) {
  const bool forward = order == LogOrder::kForward;
  std::vector<Entry> entries;
  Append(forward ? older : newer, &entries);
  Append(forward ? newer : older, &entries);
  std::stable_sort(entries.begin(), entries.end(), [forward](const Entry& a, const Entry& b) {
    return forward ? a.timestamp < b.timestamp : a.timestamp > b.timestamp;
  });
  DropRepeats(&entries);
  return entries;
}

// A batch of some merged entries, whose bytes `memory` keeps.
LogBatch BatchOf(std::shared_ptr<const Labels> stream, const Entry* begin, const Entry* end,
                 std::shared_ptr<const void> memory) {
  LogBatch batch;
  batch.stream = std::move(stream);
  batch.memory = std::move(memory);
  absl::flat_hash_map<const Labels*, uint32_t> sets;
  for (const Entry* entry = begin; entry != end; ++entry) {
    batch.timestamps.push_back(entry->timestamp);
    batch.line_sizes.push_back(static_cast<uint32_t>(entry->line.size()));
    batch.lines.push_back(entry->line);
    const auto [known, added] =
        sets.emplace(entry->metadata, static_cast<uint32_t>(batch.metadata_sets.size()));
    if (added) {
      batch.metadata_sets.push_back(entry->metadata == nullptr ? Labels() : *entry->metadata);
    }
    batch.metadata.push_back(known->second);
    batch.memory_bytes += sizeof(Entry) + entry->line.size();
  }
  return batch;
}

class MergedLogSource final : public storage::LogSource {
 public:
  MergedLogSource(storage::LogSource* ingester, storage::LogSource* store)
      : ingester_(*ingester), store_(*store) {}

  // The ingester is asked first: what it seals into the store in the meantime is found twice, never
  // not at all. What is older than all that it has needs no comparing, and only what is asked for.
  absl::Status SelectLogs(const RequestContext& context, const LogSelection& selection,
                          storage::Sink<LogBatch>& sink) override {
    LogSelection complete = selection;  // Repeats are told by lines and metadata.
    complete.lines = LineColumn::kLines;
    complete.structured_metadata = true;
    BatchesByStream newer;
    KeepingSink keeping(&newer, &sink);
    absl::Status status = ingester_.SelectLogs(context, complete, keeping);
    if (!status.ok()) return status;
    LogSelection sealed = selection;
    sealed.range.end = std::min(selection.range.end, OldestOf(newer, selection.range.end));
    complete.range.begin = std::max(selection.range.begin, sealed.range.end);
    CountingSink counting(&sink);
    const auto select_sealed = [&] {
      const bool enough = selection.limit != 0 && counting.count() >= selection.limit;
      if (sealed.range.empty() || enough) return absl::OkStatus();
      return store_.SelectLogs(context, sealed, counting);
    };
    const bool forward = selection.order == LogOrder::kForward;
    if (forward) status = select_sealed();
    const bool enough = forward && selection.limit != 0 && counting.count() >= selection.limit;
    if (status.ok() && !newer.empty()) {
      status = enough ? sink.Hold(-HeldBy(newer))
                      : SelectBoth(context, complete, selection, std::move(newer), counting);
    }
    if (!forward && status.ok()) status = select_sealed();
    return status;
  }

  absl::StatusOr<std::vector<StreamVolume>> StreamVolumes(const RequestContext& context,
                                                          const StreamQuery& query) override {
    auto newer = ingester_.StreamVolumes(context, query);
    if (!newer.ok()) return newer;
    auto older = store_.StreamVolumes(context, query);
    if (!older.ok()) return older;
    absl::flat_hash_map<Labels, size_t> index;
    for (size_t i = 0; i < older->size(); ++i) index.emplace((*older)[i].stream, i);
    for (StreamVolume& volume : *newer) {
      const auto known = index.find(volume.stream);
      if (known == index.end()) {
        older->push_back(std::move(volume));
        continue;
      }
      StreamVolume& sum = (*older)[known->second];
      sum.entries += volume.entries;
      sum.bytes += volume.bytes;
      sum.chunks += volume.chunks;
    }
    if (query.limit != 0 && older->size() > query.limit) older->resize(query.limit);
    return older;
  }

  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const RequestContext& context,
                                                            const StreamQuery& query) override {
    return Union(
        ingester_.StreamLabelNames(context, query),
        [&] { return store_.StreamLabelNames(context, query); }, query.limit);
  }

  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const RequestContext& context,
                                                             const std::string& label_name,
                                                             const StreamQuery& query) override {
    return Union(
        ingester_.StreamLabelValues(context, label_name, query),
        [&] { return store_.StreamLabelValues(context, label_name, query); }, query.limit);
  }

 private:
  // What the ingester has, and what the store has of the same time.
  absl::Status SelectBoth(const RequestContext& context, const LogSelection& complete,
                          const LogSelection& wanted, BatchesByStream newer,
                          storage::Sink<LogBatch>& sink) {
    BatchesByStream older;
    SplittingSink splitting(newer, wanted, &older, &sink);
    absl::Status status = store_.SelectLogs(context, complete, splitting);
    for (auto& [stream, batches] : newer) {
      if (status.ok()) {
        status = AddMerged(wanted, std::move(older[stream]), std::move(batches), sink);
      }
    }
    return status;
  }

  static absl::Status AddMerged(const LogSelection& selection, std::vector<LogBatch> older,
                                std::vector<LogBatch> newer, storage::Sink<LogBatch>& sink) {
    struct Sources {
      std::vector<LogBatch> older, newer;
    };
    auto memory = std::make_shared<Sources>(Sources{std::move(older), std::move(newer)});
    int64_t held = 0;
    LogBatch scanned;
    for (const auto* batches : {&memory->older, &memory->newer}) {
      for (const LogBatch& batch : *batches) {
        held += static_cast<int64_t>(batch.memory_bytes);
        scanned.lines_scanned += batch.lines_scanned;
        scanned.bytes_scanned += batch.bytes_scanned;
      }
    }
    const auto stream = memory->newer.front().stream;
    const std::vector<Entry> entries = Merged(memory->older, memory->newer, selection.order);
    absl::Status status = sink.Hold(-held);
    for (size_t begin = 0; begin < entries.size() && status.ok(); begin += kMaxBatchEntries) {
      const size_t end = std::min(begin + kMaxBatchEntries, entries.size());
      LogBatch batch = BatchOf(stream, entries.data() + begin, entries.data() + end, memory);
      batch.lines_scanned = std::exchange(scanned.lines_scanned, 0);
      batch.bytes_scanned = std::exchange(scanned.bytes_scanned, 0);
      DropColumns(selection, &batch);
      status = sink.Add(std::move(batch));
    }
    return status;
  }

  // Sorted, without duplicates, cut to the limit.
  template <typename OlderFn>
  static absl::StatusOr<std::vector<std::string>> Union(
      absl::StatusOr<std::vector<std::string>> newer, const OlderFn& older_fn, size_t limit) {
    if (!newer.ok()) return newer;
    absl::StatusOr<std::vector<std::string>> older = older_fn();
    if (!older.ok()) return older;
    newer->insert(newer->end(), std::make_move_iterator(older->begin()),
                  std::make_move_iterator(older->end()));
    std::sort(newer->begin(), newer->end());
    newer->erase(std::unique(newer->begin(), newer->end()), newer->end());
    if (limit != 0 && newer->size() > limit) newer->resize(limit);
    return newer;
  }

  storage::LogSource& ingester_;
  storage::LogSource& store_;
};

}  // namespace

std::unique_ptr<storage::LogSource> MergeLogSources(storage::LogSource* ingester,
                                                    storage::LogSource* store) {
  return std::make_unique<MergedLogSource>(ingester, store);
}

}  // namespace tidegate::query
