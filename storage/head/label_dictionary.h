// Numbers for label pairs, with the series that carry each.
#ifndef TIDEGATE_STORAGE_HEAD_LABEL_DICTIONARY_H_
#define TIDEGATE_STORAGE_HEAD_LABEL_DICTIONARY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/labels.h"
#include "storage/head/postings_list.h"
#include "storage/head/string_arena.h"

namespace tidegate::storage::head {

// A label pair (name and value) within one series index; dense, in order of arrival.
using PairId = uint32_t;

// Grows only. Not thread safe: guarded like the index it belongs to; the bytes of a pair never
// move.
class LabelDictionary {
 public:
  struct Name {
    std::string_view text;
    std::vector<PairId> pairs;  // In order of arrival.
  };

  LabelDictionary();

  // The pair with these canonical bytes (one label of model/labels.h), made if need be.
  PairId Intern(const model::Label& label, std::string_view label_bytes);

  size_t size() const { return pairs_.size(); }
  std::string_view bytes(PairId pair) const { return {pairs_[pair].bytes, pairs_[pair].size}; }
  // Views into bytes(pair).
  model::Label label(PairId pair) const { return *model::LabelIterator(bytes(pair)); }
  PostingsList& postings(PairId pair) { return pairs_[pair].postings; }
  const PostingsList& postings(PairId pair) const { return pairs_[pair].postings; }

  const std::vector<Name>& names() const { return names_; }
  // nullptr when no series has such a label.
  const Name* FindName(std::string_view name) const;
  // False when there is no such pair.
  bool FindPair(std::string_view name, std::string_view value, PairId* pair) const;

  size_t memory_bytes() const;

 private:
  struct Pair {
    const char* bytes;
    uint32_t size;
    PostingsList postings;
  };
  // The hash stays beside the number, so that growing touches no strings and a probe rarely does.
  struct Slot {
    uint32_t hash = 0;
    uint32_t pair_plus_one = 0;  // 0 = free.
  };

  bool Find(std::string_view label_bytes, uint32_t hash, size_t* slot) const;
  void Grow();

  StringArena strings_;
  std::vector<Pair> pairs_;
  std::vector<Slot> slots_;  // Open addressing, linear, a power of two, at most 3/4 full.
  std::vector<Name> names_;
  absl::flat_hash_map<std::string, uint32_t> name_numbers_;
};

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_LABEL_DICTIONARY_H_
