// The order of series inside a segment.
#ifndef TIDEGATE_STORAGE_PAGE_SERIES_ORDER_H_
#define TIDEGATE_STORAGE_PAGE_SERIES_ORDER_H_

#include "model/labels.h"

namespace tidegate::storage {

// By metric name first (none = first of all), then by model::Compare. So all series of a metric are
// neighbours: `__name__="x"` is one range of series numbers, and siblings share pages. Negative,
// zero or positive; zero only for equal label sets.
int CompareSeriesOrder(model::LabelsView a, model::LabelsView b);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_SERIES_ORDER_H_
