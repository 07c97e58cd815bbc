// Which series of an index pass a list of matchers.
#ifndef TIDEGATE_STORAGE_HEAD_MATCHER_PLAN_H_
#define TIDEGATE_STORAGE_HEAD_MATCHER_PLAN_H_

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "model/matcher.h"
#include "storage/head/head_index.h"

namespace tidegate::storage::head {

// Finds the series that all matchers accept. Each distinct value of a label is matched once,
// however many series carry it; then the rarest matcher yields candidates from its postings and the
// others look at the candidates' own pairs.
//
// In three steps, so that the expensive one, a regular expression over many values, keeps nobody
// from the index: Collect and Find under its lock, Match between them without. The index may grow
// meanwhile. Owned by one thread; the matchers must outlive it.
class MatcherPlan {
 public:
  // No matcher = all series.
  explicit MatcherPlan(std::span<const model::CompiledMatcher> matchers);

  // Notes the values to ask about. They stay valid while the index lives.
  void Collect(const HeadIndex& index);
  void Match();
  // Ascending. `index` is the one of Collect; values that it got since are matched here.
  std::vector<SeriesRef> Find(const HeadIndex& index) const;

 private:
  // One matcher. One that refuses the empty value accepts a series that has one of `pairs`; any
  // other accepts a series that has none of them (then they are the pairs of its label that do not
  // match).
  struct Condition {
    const model::CompiledMatcher* matcher;
    bool wants_pair;
    std::vector<std::pair<PairId, std::string_view>> to_ask;  // With the pair's bytes.
    size_t asked = 0;                                         // Pairs of the label seen by Collect.
    std::vector<PairId> pairs;
  };
  struct Resolved;

  bool Passes(const Condition& condition, std::string_view label_bytes) const;
  Resolved Resolve(const Condition& condition, const HeadIndex& index) const;
  static std::vector<SeriesRef> Candidates(const Resolved& condition, const HeadIndex& index);
  static void Filter(const Resolved& condition, const HeadIndex& index,
                     std::vector<SeriesRef>* refs);

  std::vector<Condition> conditions_;
};

// The three steps at once, while the index does not change.
std::vector<SeriesRef> FindSeries(const HeadIndex& index,
                                  std::span<const model::CompiledMatcher> matchers);

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_MATCHER_PLAN_H_
