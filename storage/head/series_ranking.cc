#include "storage/head/series_ranking.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <tuple>

#include "model/labels.h"

namespace tidegate::storage::head {
namespace {

// Ranks by name, then value: two series compare like the sequences of their ranks (model::Compare).
std::vector<uint32_t> RankPairs(const LabelDictionary& dictionary) {
  std::vector<model::Label> labels(dictionary.size());
  for (PairId pair = 0; pair < labels.size(); ++pair) labels[pair] = dictionary.label(pair);
  std::vector<PairId> sorted(labels.size());
  std::iota(sorted.begin(), sorted.end(), PairId{0});
  std::ranges::sort(sorted, [&labels](PairId a, PairId b) {
    return std::tie(labels[a].name, labels[a].value) < std::tie(labels[b].name, labels[b].value);
  });
  std::vector<uint32_t> ranks(sorted.size());
  for (uint32_t rank = 0; rank < sorted.size(); ++rank) ranks[sorted[rank]] = rank;
  return ranks;
}

// What a comparison looks at first: metric names differ most often.
struct SortKey {
  uint32_t metric = 0;  // Rank + 1 of the metric name; 0 = none.
  SeriesRef ref = 0;
};

}  // namespace

void SortBySeriesOrder(const HeadIndex& index, std::vector<SeriesRef>* refs) {
  const LabelDictionary& dictionary = index.dictionary();
  const std::vector<uint32_t> ranks = RankPairs(dictionary);
  std::vector<bool> is_metric(dictionary.size());
  if (const LabelDictionary::Name* name = dictionary.FindName(model::kMetricNameLabel)) {
    for (PairId pair : name->pairs) is_metric[pair] = true;
  }

  std::vector<SortKey> keys(refs->size());
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i].ref = (*refs)[i];
    for (PairId pair : index.pairs(keys[i].ref)) {
      if (is_metric[pair]) keys[i].metric = ranks[pair] + 1;
    }
  }
  std::ranges::sort(keys, [&](const SortKey& a, const SortKey& b) {
    if (a.metric != b.metric) return a.metric < b.metric;
    const auto rank_of = [&ranks](PairId pair) { return ranks[pair]; };
    return std::ranges::lexicographical_compare(index.pairs(a.ref), index.pairs(b.ref), {}, rank_of,
                                                rank_of);
  });
  std::ranges::transform(keys, refs->begin(), &SortKey::ref);
}

}  // namespace tidegate::storage::head
