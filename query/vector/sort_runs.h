// Sorts what comes as some ascending runs one after another: n log2(runs) comparisons.
#ifndef TIDEGATE_QUERY_VECTOR_SORT_RUNS_H_
#define TIDEGATE_QUERY_VECTOR_SORT_RUNS_H_

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace tidegate::query {

// Stable. `less_fn` is a strict weak order. Takes as much memory again as the items.
template <typename Item, typename LessFn>
void SortRuns(std::vector<Item>* items, LessFn less_fn) {
  std::vector<size_t> ends;  // Of the runs.
  for (size_t i = 1; i < items->size(); ++i) {
    if (less_fn((*items)[i], (*items)[i - 1])) ends.push_back(i);
  }
  if (ends.empty()) return;
  ends.push_back(items->size());
  std::vector<Item> merged;
  merged.reserve(items->size());
  while (ends.size() > 1) {
    std::vector<size_t> merged_ends;
    size_t begin = 0;
    for (size_t run = 0; run < ends.size(); run += 2) {
      const auto first = items->begin() + static_cast<std::ptrdiff_t>(begin);
      const auto middle = items->begin() + static_cast<std::ptrdiff_t>(ends[run]);
      const size_t end = ends[std::min(run + 1, ends.size() - 1)];
      const auto last = items->begin() + static_cast<std::ptrdiff_t>(end);
      std::merge(first, middle, middle, last, std::back_inserter(merged), less_fn);
      merged_ends.push_back(end);
      begin = end;
    }
    items->swap(merged);
    merged.clear();
    ends.swap(merged_ends);
  }
}

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_VECTOR_SORT_RUNS_H_
