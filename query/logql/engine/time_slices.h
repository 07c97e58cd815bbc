// A range of time in slices, so that a query which wants the first entries need not read all.
#ifndef TIDEGATE_QUERY_LOGQL_ENGINE_TIME_SLICES_H_
#define TIDEGATE_QUERY_LOGQL_ENGINE_TIME_SLICES_H_

#include <vector>

#include "storage/log_source.h"

namespace tidegate::logql {

// In the order of reading, without gaps or overlaps; each four times as long as the one before, the
// first a 64th of the range and at least a minute. An empty range is one slice.
std::vector<storage::LogRange> TimeSlices(const storage::LogRange& range, storage::LogOrder order);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_ENGINE_TIME_SLICES_H_
