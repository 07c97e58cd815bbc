#include "query/logql/engine/log_collector.h"

#include <algorithm>
#include <map>
#include <utility>

namespace tidegate::logql {
namespace {

constexpr uint64_t kEntryBytes = 256;  // Beside its texts.

}  // namespace

uint64_t LogCollector::Entry::bytes() const {
  return kEntryBytes + line.size() + all.bytes().size() + stream.bytes().size() +
         metadata.bytes().size() + parsed.bytes().size();
}

absl::Status LogCollector::Add(storage::LogBatch batch) {
  stats_.lines_processed += batch.lines_scanned;
  stats_.bytes_processed += batch.bytes_scanned;
  labels_.SetStream(*batch.stream);
  const model::Labels none;
  if (batch.metadata.empty()) labels_.SetMetadata(none);
  for (size_t i = 0; i < batch.timestamps.size(); ++i) {
    const model::TimestampNs timestamp = batch.timestamps[i];
    ++sequence_;
    if (!CanMatter(timestamp)) continue;
    if (!batch.metadata.empty()) labels_.SetMetadata(batch.metadata_sets[batch.metadata[i]]);
    labels_.Begin();
    StageEntry entry{timestamp, batch.lines[i], &labels_};
    if (!pipeline_.Run(&entry)) continue;
    ++stats_.lines_after_filter;
    if (absl::Status status = Keep(entry); !status.ok()) return status;
  }
  return absl::OkStatus();
}

bool LogCollector::CanMatter(model::TimestampNs timestamp) const {
  if (!full_) return true;
  return options_.order == storage::LogOrder::kForward ? timestamp <= worst_ : timestamp >= worst_;
}

absl::Status LogCollector::Keep(const StageEntry& entry) {
  Entry& kept = entries_.emplace_back();
  kept.timestamp = entry.timestamp;
  kept.sequence = sequence_;
  kept.line = entry.line;
  kept.all = labels_.All();
  kept.stream = labels_.Of(LabelCategory::kStream);
  kept.metadata = labels_.Of(LabelCategory::kMetadata);
  kept.parsed = labels_.Of(LabelCategory::kParsed);
  if (absl::Status status = budget_.Hold(kept.bytes()); !status.ok()) return status;
  // An interval leaves out entries by what was kept before them, so all of them are needed.
  if (options_.interval_ns == 0 && entries_.size() >= 2 * options_.limit) Prune();
  return absl::OkStatus();
}

bool LogCollector::Before(const Entry& a, const Entry& b) const {
  if (a.timestamp == b.timestamp) return a.sequence < b.sequence;
  const bool earlier = a.timestamp < b.timestamp;
  return earlier == (options_.order == storage::LogOrder::kForward);
}

void LogCollector::Prune() {
  const auto before = [this](const Entry& a, const Entry& b) { return Before(a, b); };
  const auto last = entries_.begin() + static_cast<ptrdiff_t>(options_.limit - 1);
  std::nth_element(entries_.begin(), last, entries_.end(), before);
  worst_ = last->timestamp;
  full_ = true;
  for (auto it = last + 1; it != entries_.end(); ++it) budget_.Release(it->bytes());
  entries_.erase(last + 1, entries_.end());
}

query::StreamsResult LogCollector::Take() {
  std::sort(entries_.begin(), entries_.end(),
            [this](const Entry& a, const Entry& b) { return Before(a, b); });
  std::map<model::Labels, query::LogStream> streams;
  size_t taken = 0;
  for (Entry& entry : entries_) {
    if (taken == options_.limit) break;
    query::LogStream& stream = streams[entry.all];
    if (!stream.entries.empty() && options_.interval_ns > 0 &&
        std::abs(entry.timestamp - stream.entries.back().timestamp) < options_.interval_ns) {
      continue;
    }
    ++taken;
    stream.stream_labels = std::move(entry.stream);
    stream.entries.push_back({entry.timestamp, std::move(entry.line), std::move(entry.metadata),
                              std::move(entry.parsed)});
  }
  query::StreamsResult result;
  for (auto& [labels, stream] : streams) {
    stream.labels = labels;
    result.streams.push_back(std::move(stream));
  }
  stats_.entries_returned = taken;
  entries_.clear();
  return result;
}

}  // namespace tidegate::logql
