#include "storage/head/label_dictionary.h"

#include <xxhash.h>

#include <utility>

namespace tidegate::storage::head {
namespace {

constexpr size_t kFirstSlots = 64;

uint32_t Hash(std::string_view bytes) {
  return static_cast<uint32_t>(XXH3_64bits(bytes.data(), bytes.size()));
}

}  // namespace

LabelDictionary::LabelDictionary() : slots_(kFirstSlots) {}

bool LabelDictionary::Find(std::string_view label_bytes, uint32_t hash, size_t* slot) const {
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& candidate = slots_[at];
    *slot = at;
    if (candidate.pair_plus_one == 0) return false;
    if (candidate.hash == hash && bytes(candidate.pair_plus_one - 1) == label_bytes) return true;
  }
}

PairId LabelDictionary::Intern(const model::Label& label, std::string_view label_bytes) {
  const uint32_t hash = Hash(label_bytes);
  size_t slot;
  if (Find(label_bytes, hash, &slot)) return slots_[slot].pair_plus_one - 1;

  const PairId pair = static_cast<PairId>(pairs_.size());
  const std::string_view stored = strings_.Copy(label_bytes);
  pairs_.push_back({.bytes = stored.data(),
                    .size = static_cast<uint32_t>(stored.size()),
                    .postings = PostingsList()});
  const auto [name, is_new] = name_numbers_.try_emplace(std::string(label.name), names_.size());
  if (is_new) names_.push_back({.text = this->label(pair).name, .pairs = {}});
  names_[name->second].pairs.push_back(pair);

  slots_[slot] = {.hash = hash, .pair_plus_one = pair + 1};
  if (4 * pairs_.size() > 3 * slots_.size()) Grow();
  return pair;
}

void LabelDictionary::Grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.pair_plus_one == 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].pair_plus_one != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

const LabelDictionary::Name* LabelDictionary::FindName(std::string_view name) const {
  const auto found = name_numbers_.find(absl::string_view(name.data(), name.size()));
  return found == name_numbers_.end() ? nullptr : &names_[found->second];
}

bool LabelDictionary::FindPair(std::string_view name, std::string_view value, PairId* pair) const {
  std::string label_bytes;
  model::AppendLabelBytes(name, value, &label_bytes);
  size_t slot;
  if (!Find(label_bytes, Hash(label_bytes), &slot)) return false;
  *pair = slots_[slot].pair_plus_one - 1;
  return true;
}

size_t LabelDictionary::memory_bytes() const {
  size_t bytes = strings_.memory_bytes() + pairs_.capacity() * sizeof(Pair) +
                 slots_.capacity() * sizeof(Slot) + names_.capacity() * sizeof(Name);
  for (const Pair& pair : pairs_) bytes += pair.postings.memory_bytes();
  for (const Name& name : names_) bytes += name.pairs.capacity() * sizeof(PairId);
  return bytes;
}

}  // namespace tidegate::storage::head
