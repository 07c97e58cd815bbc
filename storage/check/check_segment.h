// Reads a whole segment and says what is damaged.
#ifndef TIDEGATE_STORAGE_CHECK_CHECK_SEGMENT_H_
#define TIDEGATE_STORAGE_CHECK_CHECK_SEGMENT_H_

#include <vector>

#include "storage/page/page_source.h"
#include "storage/store.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

// Decodes every page and compares what is there with the catalogue's entry. Appends to `damage`.
void CheckSegment(const SegmentEntry& entry, const PageSource& source,
                  std::vector<StorageDamage>* damage);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_CHECK_CHECK_SEGMENT_H_
