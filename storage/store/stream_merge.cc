#include "storage/store/stream_merge.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "storage/logs/stream_batches.h"

namespace tidegate::storage {
namespace {

void Reverse(LogBatch* batch) {
  std::ranges::reverse(batch->timestamps);
  std::ranges::reverse(batch->line_sizes);
  std::ranges::reverse(batch->lines);
  std::ranges::reverse(batch->metadata);
}

std::string_view MetadataOf(const LogBatch& part, size_t index) {
  if (part.metadata.empty()) return {};
  return part.metadata_sets[part.metadata[index]].bytes();
}

LogRange Intersection(const LogRange& a, const LogRange& b) {
  return {.begin = std::max(a.begin, b.begin), .end = std::min(a.end, b.end)};
}

}  // namespace

StreamMerge::StreamMerge(std::vector<Input> inputs, const LogRead& read, ReadAhead* ahead)
    : read_(read), ahead_(ahead) {
  for (const Input& input : inputs) {
    Cursor& cursor = cursors_.emplace_back();
    cursor.input = input;
    cursor.pages = input.reader->LogPagesOf(input.series, read.range);
    if (!forward()) std::ranges::reverse(cursor.pages);
  }
}

void StreamMerge::Narrow(const LogRange& range) { read_.range = Intersection(read_.range, range); }

void StreamMerge::Advance(Cursor* cursor) {
  cursor->input.reader->DropLogPage(*cursor->pages[cursor->page], cursor->input.series);
  ++cursor->page;
  cursor->times.reset();
  cursor->part.reset();
  cursor->taken = 0;
}

// The next pages that are not open, in the order of the walk. Those that lie beside others in time
// are left out: of them more is read than what is wanted.
std::vector<ReadAhead::Page> StreamMerge::NextPages() const {
  std::vector<ReadAhead::Page> pages;
  for (const Cursor& cursor : cursors_) {
    size_t left = ahead_->window();
    for (size_t i = cursor.page; i < cursor.pages.size() && left > 0; ++i) {
      if (!cursor.input.reader->WantsLogs(*cursor.pages[i])) continue;
      pages.push_back({cursor.input.reader, cursor.pages[i], cursor.input.series});
      --left;
    }
  }
  std::stable_sort(pages.begin(), pages.end(),
                   [this](const ReadAhead::Page& a, const ReadAhead::Page& b) {
                     return forward() ? a.entry->range.min < b.entry->range.min
                                      : a.entry->range.max > b.entry->range.max;
                   });
  pages.resize(std::min(pages.size(), ahead_->window()));
  std::vector<ReadAhead::Page> alone;
  for (const ReadAhead::Page& page : pages) {
    const bool beside = std::any_of(pages.begin(), pages.end(), [&](const ReadAhead::Page& other) {
      return other.reader != page.reader && other.entry->range.Overlaps(page.entry->range);
    });
    if (!beside) alone.push_back(page);
  }
  return alone;
}

// Before the cursor's page is opened.
void StreamMerge::LookAhead(const Cursor& cursor) {
  if (ahead_ == nullptr || !cursor.input.reader->WantsLogs(*cursor.pages[cursor.page])) return;
  const std::vector<ReadAhead::Page> pages = NextPages();
  if (pages.size() > 1) ahead_->Prepare(pages, read_);
}

// Moves on until the cursor stands before an entry, or before a page that may have some. False at
// the end.
absl::StatusOr<bool> StreamMerge::Settle(Cursor* cursor) {
  for (; cursor->page < cursor->pages.size(); Advance(cursor)) {
    if (cursor->part != nullptr) {
      if (cursor->taken < cursor->part->timestamps.size()) return true;
      continue;
    }
    if (cursor->times.has_value()) return true;
    LookAhead(*cursor);
    const PageEntry& entry = *cursor->pages[cursor->page];
    const auto found = cursor->input.reader->FindLogs(entry, cursor->input.series);
    if (!found.ok()) return found.status();
    if (*found == nullptr) continue;
    const LogRange all = {.begin = (*found)->first_time, .end = (*found)->last_time};
    // Both ends are inclusive here: the greatest time has no successor.
    const LogRange inside = {.begin = std::max(all.begin, read_.range.begin),
                             .end = std::min(all.end, read_.range.end - 1)};
    if (inside.begin > inside.end) continue;
    cursor->times = inside;
    return true;
  }
  return false;
}

size_t StreamMerge::IndexOf(const Cursor& cursor) const {
  return forward() ? cursor.taken : cursor.part->timestamps.size() - 1 - cursor.taken;
}

model::TimestampNs StreamMerge::NextTime(const Cursor& cursor) const {
  if (cursor.part != nullptr) return cursor.part->timestamps[IndexOf(cursor)];
  return forward() ? cursor.times->begin : cursor.times->end;
}

model::TimestampNs StreamMerge::PageEnd(const Cursor& cursor) const {
  return forward() ? cursor.times->end : cursor.times->begin;
}

// Nothing of other segments lies beside the cursor's page.
bool StreamMerge::StandsAlone(size_t cursor) const {
  if (cursors_[cursor].part != nullptr) return false;
  if (last_merged_.has_value() && NextTime(cursors_[cursor]) == *last_merged_) return false;
  const model::TimestampNs end = PageEnd(cursors_[cursor]);
  for (size_t i = 0; i < cursors_.size(); ++i) {
    if (i != cursor && !Before(end, NextTime(cursors_[i]))) return false;
  }
  return true;
}

void StreamMerge::CountScanned(LogBatch* batch) {
  batch->lines_scanned = std::exchange(lines_scanned_, 0);
  batch->bytes_scanned = std::exchange(bytes_scanned_, 0);
}

absl::StatusOr<LogBatch> StreamMerge::TakePage(Cursor* cursor) {
  auto batch =
      cursor->input.reader->ReadLogs(*cursor->pages[cursor->page], cursor->input.series, read_);
  if (!batch.ok()) return batch;
  Advance(cursor);
  lines_scanned_ += batch->lines_scanned;
  bytes_scanned_ += batch->bytes_scanned;
  if (!forward()) Reverse(&*batch);
  return batch;
}

absl::Status StreamMerge::LoadPart(Cursor* cursor) {
  LogRead complete = read_;  // Repeats are told by lines and metadata.
  complete.lines = LineColumn::kLines;
  complete.structured_metadata = true;
  complete.most = std::numeric_limits<uint64_t>::max();
  auto batch =
      cursor->input.reader->ReadLogs(*cursor->pages[cursor->page], cursor->input.series, complete);
  if (!batch.ok()) return batch.status();
  lines_scanned_ += batch->lines_scanned;
  bytes_scanned_ += batch->bytes_scanned;
  cursor->part = std::make_shared<const LogBatch>(*std::move(batch));
  return absl::OkStatus();
}

// Loads the pages of all cursors that stand at this time; true when any was not loaded.
absl::StatusOr<bool> StreamMerge::LoadAt(model::TimestampNs time) {
  bool any = false;
  for (Cursor& cursor : cursors_) {
    if (cursor.part != nullptr || NextTime(cursor) != time) continue;
    if (absl::Status status = LoadPart(&cursor); !status.ok()) return status;
    any = true;
  }
  return any;
}

// Takes all entries of one nanosecond; every cursor that has some is loaded.
absl::Status StreamMerge::TakeGroup(model::TimestampNs time) {
  std::vector<Entry> group;
  for (size_t i = 0; i < cursors_.size(); ++i) {
    Cursor& cursor = cursors_[i];
    std::vector<Entry> own;
    while (true) {
      auto settled = Settle(&cursor);
      if (!settled.ok()) return settled.status();
      if (!*settled || NextTime(cursor) != time) break;
      if (cursor.part == nullptr) {
        if (absl::Status status = LoadPart(&cursor); !status.ok()) return status;
        continue;
      }
      own.push_back({.part = cursor.part, .index = IndexOf(cursor), .cursor = i});
      ++cursor.taken;
    }
    if (!forward()) std::ranges::reverse(own);
    for (Entry& entry : own) {
      const bool known = std::any_of(group.begin(), group.end(), [&](const Entry& one) {
        return one.part->lines[one.index] == entry.part->lines[entry.index] &&
               MetadataOf(*one.part, one.index) == MetadataOf(*entry.part, entry.index);
      });
      if (!known) group.push_back(std::move(entry));
    }
  }
  if (!forward()) std::ranges::reverse(group);
  for (Entry& entry : group) {
    merged_bytes_ += entry.part->lines[entry.index].size();
    merged_.push_back(std::move(entry));
  }
  last_merged_ = time;
  return absl::OkStatus();
}

LogBatch StreamMerge::TakeMerged() {
  LogBatch batch;
  auto parts = std::make_shared<std::vector<std::shared_ptr<const LogBatch>>>();
  absl::flat_hash_map<std::string_view, uint32_t> sets;
  bool any_metadata = false;
  for (const Entry& entry : merged_) {
    const LogBatch& part = *entry.part;
    if (parts->empty() || parts->back() != entry.part) parts->push_back(entry.part);
    batch.timestamps.push_back(part.timestamps[entry.index]);
    if (read_.lines != LineColumn::kNone) batch.line_sizes.push_back(part.line_sizes[entry.index]);
    if (read_.lines == LineColumn::kLines) batch.lines.push_back(part.lines[entry.index]);
    if (!read_.structured_metadata) continue;
    const std::string_view metadata = MetadataOf(part, entry.index);
    any_metadata |= !metadata.empty();
    const auto [at, added] =
        sets.try_emplace(metadata, static_cast<uint32_t>(batch.metadata_sets.size()));
    if (added) batch.metadata_sets.emplace_back(model::LabelsView(metadata));
    batch.metadata.push_back(at->second);
  }
  if (!any_metadata) {
    batch.metadata.clear();
    batch.metadata_sets.clear();
  }
  batch.memory_bytes = merged_bytes_ + merged_.size() * sizeof(Entry);
  if (read_.lines == LineColumn::kLines) batch.memory = std::move(parts);
  merged_.clear();
  merged_bytes_ = 0;
  CountScanned(&batch);
  return batch;
}

absl::StatusOr<LogBatch> StreamMerge::Next() {
  while (true) {
    for (size_t i = 0; i < cursors_.size();) {
      auto settled = Settle(&cursors_[i]);
      if (!settled.ok()) return settled.status();
      if (*settled) {
        ++i;
      } else {
        cursors_.erase(cursors_.begin() + static_cast<ptrdiff_t>(i));
      }
    }
    const bool full = merged_.size() >= kMaxBatchEntries || merged_bytes_ >= kMaxBatchBytes;
    if (full || (cursors_.empty() && !merged_.empty())) return TakeMerged();
    if (cursors_.empty()) {
      LogBatch last;
      CountScanned(&last);
      return last;
    }
    size_t next = 0;
    for (size_t i = 1; i < cursors_.size(); ++i) {
      if (Before(NextTime(cursors_[i]), NextTime(cursors_[next]))) next = i;
    }
    if (StandsAlone(next)) {
      if (!merged_.empty()) return TakeMerged();
      auto batch = TakePage(&cursors_[next]);
      if (!batch.ok()) return batch;
      if (batch->timestamps.empty()) continue;
      CountScanned(&*batch);
      return batch;
    }
    const model::TimestampNs time = NextTime(cursors_[next]);
    const auto loaded = LoadAt(time);
    if (!loaded.ok()) return loaded.status();
    // What was loaded may begin later than its page.
    if (*loaded) continue;
    if (absl::Status status = TakeGroup(time); !status.ok()) return status;
  }
}

}  // namespace tidegate::storage
