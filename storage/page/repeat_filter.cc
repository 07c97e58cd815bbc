#include "storage/page/repeat_filter.h"

#include <algorithm>
#include <utility>

namespace tidegate::storage {
namespace {

bool Same(const model::LogEntryView& a, const model::LogEntryView& b) {
  return a.line == b.line && a.structured_metadata == b.structured_metadata;
}

}  // namespace

void RepeatFilter::Clear() {
  newest_.clear();
  memory_.clear();
}

bool RepeatFilter::Ascend(std::span<const model::LogEntryView> entries) const {
  const bool follows =
      newest_.empty() || entries.empty() || newest_.front().timestamp <= entries.front().timestamp;
  return follows &&
         std::is_sorted(entries.begin(), entries.end(),
                        [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
}

std::span<const model::LogEntryView> RepeatFilter::Drop(
    std::span<const model::LogEntryView> entries) {
  kept_.clear();
  for (const model::LogEntryView& entry : entries) {
    if (!newest_.empty() && newest_.front().timestamp != entry.timestamp) newest_.clear();
    const bool known = std::any_of(newest_.begin(), newest_.end(),
                                   [&entry](const auto& one) { return Same(one, entry); });
    if (known) continue;
    newest_.push_back(entry);
    kept_.push_back(entry);
  }
  Remember();
  return kept_;
}

// The entries may go away after the call.
void RepeatFilter::Remember() {
  std::deque<std::string> memory;
  for (model::LogEntryView& entry : newest_) {
    entry.line = memory.emplace_back(entry.line);
    entry.structured_metadata = memory.emplace_back(entry.structured_metadata);
  }
  memory_ = std::move(memory);
}

}  // namespace tidegate::storage
