#include "query/logql/detect/pattern_collector.h"

#include <algorithm>
#include <utility>

namespace tidegate::logql {
namespace {

constexpr std::string_view kLevel = "detected_level";
constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr size_t kMaxLevels = 64;     // There are seven; a query may set its own.
constexpr uint64_t kCountBytes = 64;  // Of a step that a pattern came in.
constexpr uint64_t kClusterBytes = 512;

uint64_t TotalOf(const query::LogPattern& pattern) {
  uint64_t total = 0;
  for (const auto& [time, count] : pattern.samples) total += count;
  return total;
}

}  // namespace

absl::Status PatternCollector::Add(storage::LogBatch batch) {
  labels_.SetStream(*batch.stream);
  const model::Labels none;
  if (batch.metadata.empty()) labels_.SetMetadata(none);
  for (size_t i = 0; i < batch.timestamps.size(); ++i) {
    if (!batch.metadata.empty()) labels_.SetMetadata(batch.metadata_sets[batch.metadata[i]]);
    labels_.Begin();
    StageEntry entry{batch.timestamps[i], batch.lines[i], &labels_};
    if (!pipeline_.Run(&entry)) continue;
    if (absl::Status status = Count(entry); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status PatternCollector::Count(const StageEntry& entry) {
  const std::string_view name = labels_.Get(kLevel);
  auto level = levels_.find(name);
  if (level == levels_.end()) {
    if (levels_.size() == kMaxLevels) return absl::OkStatus();
    level = levels_.try_emplace(std::string(name)).first;
  }
  const std::optional<size_t> cluster = level->second.clusters.Add(entry.line);
  if (!cluster.has_value()) return absl::OkStatus();
  uint64_t bytes = 0;
  std::vector<Counts>& counts = level->second.counts;
  if (*cluster == counts.size()) {
    counts.emplace_back();
    bytes += kClusterBytes;
  }
  const int64_t step = entry.timestamp - entry.timestamp % step_ns_;
  const auto [count, added] = counts[*cluster].try_emplace(step, 0);
  ++count->second;
  if (added) bytes += kCountBytes;
  return bytes == 0 ? absl::OkStatus() : budget_.Hold(bytes);
}

std::vector<query::LogPattern> PatternCollector::Take() {
  std::vector<query::LogPattern> patterns;
  for (const auto& [name, level] : levels_) {
    // Clusters may have become alike.
    std::map<std::string, Counts> merged;
    for (size_t i = 0; i < level.counts.size(); ++i) {
      Counts& counts = merged[level.clusters.Pattern(i)];
      for (const auto& [step, count] : level.counts[i]) counts[step] += count;
    }
    for (const auto& [text, counts] : merged) {
      query::LogPattern& pattern = patterns.emplace_back();
      pattern.pattern = text;
      pattern.level = name;
      for (const auto& [step, count] : counts) {
        pattern.samples.emplace_back(step / kNsPerSecond, count);
      }
    }
  }
  std::stable_sort(patterns.begin(), patterns.end(),
                   [](const query::LogPattern& a, const query::LogPattern& b) {
                     return TotalOf(a) > TotalOf(b);
                   });
  if (patterns.size() > kMaxPatterns) patterns.resize(kMaxPatterns);
  return patterns;
}

}  // namespace tidegate::logql
