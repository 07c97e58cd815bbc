// Which series of an index pass a list of matchers.
#ifndef TIDEGATE_STORAGE_HEAD_MATCHER_PLAN_H_
#define TIDEGATE_STORAGE_HEAD_MATCHER_PLAN_H_

#include <span>
#include <vector>

#include "model/matcher.h"
#include "storage/head/head_index.h"

namespace tidegate::storage::head {

// Series that all matchers accept, ascending. Each distinct value of a label is matched once,
// however many series carry it; then the rarest matcher yields candidates from its postings and the
// others look at the candidates' own pairs. No matcher = all series. The index must not change
// meanwhile.
std::vector<SeriesRef> FindSeries(const HeadIndex& index,
                                  std::span<const model::CompiledMatcher> matchers);

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_MATCHER_PLAN_H_
