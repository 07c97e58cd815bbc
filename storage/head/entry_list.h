// The log entries of one stream between two cuts.
#ifndef TIDEGATE_STORAGE_HEAD_ENTRY_LIST_H_
#define TIDEGATE_STORAGE_HEAD_ENTRY_LIST_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "model/log_entry.h"
#include "model/sample.h"
#include "storage/head/text_arena.h"

namespace tidegate::storage::head {

// Ascending by time, equal ones in order of arrival, an entry that is there already left out: after
// Settle. Senders push batches, nearly always in order; so appending is cheap, and a batch is put
// in its place as a whole. Not thread safe.
class EntryList {
 public:
  // 24 bytes, as there are millions.
  struct Entry {
    model::TimestampNs timestamp = 0;
    const char* text = nullptr;  // The line, then the metadata.
    uint32_t line_bytes = 0;
    uint32_t metadata_bytes = 0;

    std::string_view line() const { return {text, line_bytes}; }
    std::string_view structured_metadata() const { return {text + line_bytes, metadata_bytes}; }
    model::LogEntryView view() const { return {timestamp, line(), structured_metadata()}; }
  };

  // Copies the bytes into the arena, which must outlive the list.
  void Append(const model::LogEntryView& entry, TextArena* arena);
  // Entries of another list whose millisecond lies in the range, without a copy of their bytes.
  void Append(const EntryList& other, const model::TimeRange& range);
  // Puts what was appended in its place. To be called before the list is read. Costs what was
  // appended and the part of the list that lies behind its oldest entry, and is nothing while
  // entries come in order. Returns how many entries were there already and were left out.
  size_t Settle();
  bool settled() const { return settled_ == entries_.size(); }

  const std::vector<Entry>& entries() const { return entries_; }
  // Those whose millisecond lies in the range (inclusive).
  std::pair<size_t, size_t> Find(const model::TimeRange& range) const;  // [first, second)
  size_t memory_bytes() const { return entries_.capacity() * sizeof(Entry); }

 private:
  size_t DropRepeats(size_t begin, size_t end);

  std::vector<Entry> entries_;
  size_t settled_ = 0;  // The front, so many, is in order and without repeats.
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_ENTRY_LIST_H_
