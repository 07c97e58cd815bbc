#include "storage/head/entry_list.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "storage/head/log_time.h"

namespace tidegate::storage::head {
namespace {

using Entry = EntryList::Entry;

// Below this many at one time comparing each with each is cheaper than hashing.
constexpr size_t kFewEntries = 16;

std::string_view TextOf(const Entry& entry) {
  return {entry.text, size_t{entry.line_bytes} + entry.metadata_bytes};
}

bool SameText(const Entry& a, const Entry& b) {
  return a.line_bytes == b.line_bytes && TextOf(a) == TextOf(b);
}

struct TextHash {
  size_t operator()(const Entry* entry) const {
    return absl::HashOf(entry->line_bytes, TextOf(*entry));
  }
};
struct TextEqual {
  bool operator()(const Entry* a, const Entry* b) const { return SameText(*a, *b); }
};

// Moves the first of each text in [begin, end), all of one time, to `to`; returns the new end.
Entry* KeepFirst(Entry* begin, Entry* end, Entry* to) {
  Entry* const kept = to;
  if (static_cast<size_t>(end - begin) <= kFewEntries) {
    for (Entry* entry = begin; entry != end; ++entry) {
      const bool known =
          std::any_of(kept, to, [&](const Entry& other) { return SameText(*entry, other); });
      if (!known) *to++ = *entry;
    }
    return to;
  }
  // Pointers to what was kept: `to` never runs ahead of `entry`.
  absl::flat_hash_set<const Entry*, TextHash, TextEqual> known;
  for (Entry* entry = begin; entry != end; ++entry) {
    if (known.contains(entry)) continue;
    *to = *entry;
    known.insert(to++);
  }
  return to;
}

}  // namespace

void EntryList::Append(const model::LogEntryView& entry, TextArena* arena) {
  entries_.push_back({.timestamp = entry.timestamp,
                      .text = arena->Copy(entry.line, entry.structured_metadata).data(),
                      .line_bytes = static_cast<uint32_t>(entry.line.size()),
                      .metadata_bytes = static_cast<uint32_t>(entry.structured_metadata.size())});
}

void EntryList::Append(const EntryList& other, const model::TimeRange& range) {
  const auto [begin, end] = other.Find(range);
  const auto first = other.entries_.begin();
  entries_.insert(entries_.end(), first + static_cast<std::ptrdiff_t>(begin),
                  first + static_cast<std::ptrdiff_t>(end));
}

size_t EntryList::Settle() {
  if (settled()) return 0;
  const auto middle = entries_.begin() + static_cast<std::ptrdiff_t>(settled_);
  const auto by_time = [](const Entry& a, const Entry& b) { return a.timestamp < b.timestamp; };
  if (!std::is_sorted(middle, entries_.end(), by_time)) {
    std::stable_sort(middle, entries_.end(), by_time);
  }
  const auto begin = std::lower_bound(entries_.begin(), middle, *middle, by_time);
  if (begin != middle) std::inplace_merge(begin, middle, entries_.end(), by_time);
  const size_t before = entries_.size();
  settled_ = DropRepeats(static_cast<size_t>(begin - entries_.begin()), before);
  entries_.resize(settled_);
  return before - settled_;
}

size_t EntryList::DropRepeats(size_t begin, size_t end) {
  Entry* const data = entries_.data();
  Entry* to = data + begin;
  for (size_t first = begin; first < end;) {
    size_t last = first + 1;
    while (last < end && data[last].timestamp == data[first].timestamp) ++last;
    if (last - first > 1) {
      to = KeepFirst(data + first, data + last, to);
    } else {
      *to++ = data[first];
    }
    first = last;
  }
  return static_cast<size_t>(to - data);
}

std::pair<size_t, size_t> EntryList::Find(const model::TimeRange& range) const {
  const auto time_of = [](const Entry& entry) { return ToMillis(entry.timestamp); };
  const auto begin = std::ranges::lower_bound(entries_, range.min, {}, time_of);
  const auto end = std::ranges::upper_bound(entries_, range.max, {}, time_of);
  if (range.empty()) return {0, 0};
  return {begin - entries_.begin(), end - entries_.begin()};
}

}  // namespace tidegate::storage::head
