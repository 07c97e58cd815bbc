// The order of series inside segments, without looking at a string twice.
#ifndef TIDEGATE_STORAGE_HEAD_SERIES_RANKING_H_
#define TIDEGATE_STORAGE_HEAD_SERIES_RANKING_H_

#include <vector>

#include "storage/head/head_index.h"

namespace tidegate::storage::head {

// Sorts series by storage/page/series_order.h's CompareSeriesOrder. The label pairs are sorted once
// and series compared by the ranks of their pairs, so that half a million series cost integer
// comparisons. The index must not change meanwhile.
void SortBySeriesOrder(const HeadIndex& index, std::vector<SeriesRef>* refs);

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_SERIES_RANKING_H_
