// Which series a tenant's head knows: ids to numbers, numbers to labels, label pairs to numbers.
#ifndef TIDEGATE_STORAGE_HEAD_HEAD_INDEX_H_
#define TIDEGATE_STORAGE_HEAD_HEAD_INDEX_H_

#include <cstdint>
#include <span>
#include <vector>

#include "model/labels.h"
#include "model/series_id.h"
#include "storage/head/label_dictionary.h"
#include "storage/head/log_record.h"
#include "storage/head/paged_array.h"

namespace tidegate::storage::head {

inline constexpr SeriesRef kNoSeries = UINT32_MAX;

// Grows only: a head forgets series by building a new index without them. Numbers are dense, in
// order of arrival. Not thread safe (TenantHead guards it); what is said about a number never
// changes, except for its epoch.
class HeadIndex {
 public:
  HeadIndex();

  // kNoSeries when the id is unknown. `after` is the series that the last call for the same sender
  // found: senders repeat the order of their series, so its successor is tried first and the hash
  // table is rarely asked.
  SeriesRef Find(const model::SeriesId& id, SeriesRef after = kNoSeries) const {
    if (after < size_) {
      const SeriesRef next = row(after).next;
      if (next < size_ && row(next).id == id) return next;
    }
    return FindSlow(id);
  }
  // Remembers that `next` came after `after`.
  void Follow(SeriesRef after, SeriesRef next) {
    if (after < size_) rows_.At(after).next = next;
  }

  // Adds a series that Find does not know.
  SeriesRef Add(const model::SeriesId& id, model::LabelsView labels);

  uint32_t size() const { return size_; }
  const model::SeriesId& id(SeriesRef ref) const { return row(ref).id; }
  model::Labels LabelsOf(SeriesRef ref) const;
  // The pairs of a series in the order of its labels.
  std::span<const PairId> pairs(SeriesRef ref) const;
  const LabelDictionary& dictionary() const { return dictionary_; }

  // The cut epoch in which the series was last used, and with that defined in the log; 0 = never.
  uint32_t epoch(SeriesRef ref) const { return row(ref).epoch; }
  void set_epoch(SeriesRef ref, uint32_t epoch) { rows_.At(ref).epoch = epoch; }

  size_t memory_bytes() const;

 private:
  struct Row {
    model::SeriesId id;
    SeriesRef next;
    uint32_t epoch;
    uint32_t pairs_begin;  // In pair_lists_.
    uint32_t pairs_size;
  };
  static_assert(sizeof(Row) == 32);
  struct Slot {
    uint32_t tag = 0;
    uint32_t ref_plus_one = 0;  // 0 = free.
  };
  static constexpr size_t kRowsPerPage = 1024;
  static constexpr size_t kPairsPerPage = 4096;

  const Row& row(SeriesRef ref) const { return *rows_.Find(ref); }
  SeriesRef FindSlow(const model::SeriesId& id) const;
  void Insert(const model::SeriesId& id, SeriesRef ref);
  uint32_t AddPairs(model::LabelsView labels, SeriesRef ref, uint32_t* size);
  void Grow();

  LabelDictionary dictionary_;
  PagedArray<Row, kRowsPerPage> rows_;
  // Lists lie back to back and never across a page, except for those longer than one.
  std::vector<std::vector<PairId>> pair_pages_;
  std::vector<Slot> slots_;  // Open addressing, linear, a power of two, at most 3/4 full.
  uint32_t size_ = 0;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_HEAD_INDEX_H_
