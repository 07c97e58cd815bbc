#include "storage/head/head_index.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tidegate::storage::head {
namespace {

constexpr size_t kFirstSlots = 64;

uint32_t Tag(const model::SeriesId& id) { return static_cast<uint32_t>(id.low >> 32); }

}  // namespace

HeadIndex::HeadIndex() : slots_(kFirstSlots) {}

SeriesRef HeadIndex::FindSlow(const model::SeriesId& id) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = id.low & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.ref_plus_one == 0) return kNoSeries;
    if (slot.tag == Tag(id) && row(slot.ref_plus_one - 1).id == id) return slot.ref_plus_one - 1;
  }
}

SeriesRef HeadIndex::Add(const model::SeriesId& id, model::LabelsView labels) {
  const SeriesRef ref = size_;
  uint32_t pairs_size;
  const uint32_t pairs_begin = AddPairs(labels, ref, &pairs_size);
  rows_.At(ref) = {
      .id = id, .next = ref + 1, .epoch = 0, .pairs_begin = pairs_begin, .pairs_size = pairs_size};
  ++size_;
  if (4 * static_cast<size_t>(size_) > 3 * slots_.size()) Grow();
  Insert(id, ref);
  return ref;
}

uint32_t HeadIndex::AddPairs(model::LabelsView labels, SeriesRef ref, uint32_t* size) {
  *size = static_cast<uint32_t>(labels.size());
  if (pair_pages_.empty() || pair_pages_.back().size() + *size > kPairsPerPage) {
    pair_pages_.emplace_back().reserve(std::max<size_t>(kPairsPerPage, *size));
  }
  std::vector<PairId>& page = pair_pages_.back();
  const size_t begin = (pair_pages_.size() - 1) * kPairsPerPage + page.size();
  const char* at = labels.bytes().data();
  for (const model::Label& label : labels) {
    const char* const end = label.value.data() + label.value.size();
    const PairId pair = dictionary_.Intern(label, {at, static_cast<size_t>(end - at)});
    dictionary_.postings(pair).Append(ref);
    page.push_back(pair);
    at = end;
  }
  return static_cast<uint32_t>(begin);
}

void HeadIndex::Insert(const model::SeriesId& id, SeriesRef ref) {
  const size_t mask = slots_.size() - 1;
  size_t at = id.low & mask;
  while (slots_[at].ref_plus_one != 0) at = (at + 1) & mask;
  slots_[at] = {.tag = Tag(id), .ref_plus_one = ref + 1};
}

void HeadIndex::Grow() {
  slots_ = std::vector<Slot>(2 * slots_.size());
  for (SeriesRef ref = 0; ref + 1 < size_; ++ref) Insert(row(ref).id, ref);
}

std::span<const PairId> HeadIndex::pairs(SeriesRef ref) const {
  const Row& at = row(ref);
  return {pair_pages_[at.pairs_begin / kPairsPerPage].data() + at.pairs_begin % kPairsPerPage,
          at.pairs_size};
}

model::Labels HeadIndex::LabelsOf(SeriesRef ref) const {
  size_t size = 0;
  for (PairId pair : pairs(ref)) size += dictionary_.bytes(pair).size();
  std::string bytes;
  bytes.reserve(size);
  for (PairId pair : pairs(ref)) bytes += dictionary_.bytes(pair);
  return model::Labels::FromCanonical(std::move(bytes));
}

size_t HeadIndex::memory_bytes() const {
  return dictionary_.memory_bytes() + rows_.memory_bytes() + slots_.capacity() * sizeof(Slot) +
         pair_pages_.size() * kPairsPerPage * sizeof(PairId);
}

}  // namespace tidegate::storage::head
