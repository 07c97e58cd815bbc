// Volumes of streams, and the label names and values of those.
#ifndef TIDEGATE_STORAGE_LOGS_VOLUME_SET_H_
#define TIDEGATE_STORAGE_LOGS_VOLUME_SET_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "storage/log_source.h"

namespace tidegate::storage {

// The selections of a query; one that matches every stream when it has none.
std::vector<std::vector<model::CompiledMatcher>> SelectionsOf(const StreamQuery& query);

// Sums up what each stream holds, while several selections that may overlap are read one after the
// other: a stream counts in the first that finds it. Owned by one thread.
class VolumeSet {
 public:
  explicit VolumeSet(size_t limit) : limit_(limit) {}

  void StartSelection() { ++selection_; }
  // Of the current selection. A stream without entries is not in the set; the stream in `volume`
  // does not count.
  void Add(const model::Labels& stream, const StreamVolume& volume);
  // At most the limit. Leaves the set empty.
  std::vector<StreamVolume> Take();

 private:
  struct Entry {
    StreamVolume volume;
    int selection = 0;  // That found it.
  };
  const size_t limit_;
  int selection_ = 0;
  absl::flat_hash_map<model::Labels, Entry> streams_;
};

// Sorted, without duplicates, at most `limit` (0 = all).
std::vector<std::string> LabelNamesOf(const std::vector<StreamVolume>& streams, size_t limit);
std::vector<std::string> LabelValuesOf(const std::vector<StreamVolume>& streams,
                                       const std::string& name, size_t limit);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_LOGS_VOLUME_SET_H_
