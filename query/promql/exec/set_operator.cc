// and, or, unless.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "query/promql/exec/binary.h"
#include "query/vector/grouping.h"

namespace tidegate::promql {
namespace {

// Which signatures have a sample at which step.
class Presence {
 public:
  Presence(size_t signatures, size_t steps) : steps_(steps), present_(signatures * steps) {}

  void Add(uint32_t signature, const StepSeries& series) {
    for (size_t i = 0; i < steps_; ++i) {
      present_[signature * steps_ + i] |= series.has(i) ? 1 : 0;
    }
  }
  bool Has(uint32_t signature, size_t step) const {
    return present_[signature * steps_ + step] != 0;
  }

 private:
  const size_t steps_;
  std::vector<uint8_t> present_;
};

// Leaves the steps at which the signature is present (or absent).
void Filter(const Presence& presence, uint32_t signature, bool wanted, StepSeries* series) {
  for (size_t i = 0; i < series->steps(); ++i) {
    if (series->has(i) && presence.Has(signature, i) != wanted) series->ClearStep(i);
  }
}

}  // namespace

absl::StatusOr<StepVector> CombineSets(const BinaryExpr& expr, StepVector lhs, StepVector rhs,
                                       const StepGrid& grid) {
  const VectorMatching matching = expr.matching.value_or(VectorMatching());
  query::GroupNumbers signatures(matching.on ? query::LabelSelection::Only(matching.labels)
                                             : query::LabelSelection::AllBut(matching.labels));
  std::vector<uint32_t> left;
  std::vector<uint32_t> right;
  for (const StepSeries& series : lhs) left.push_back(signatures.NumberOf(series.labels));
  for (const StepSeries& series : rhs) right.push_back(signatures.NumberOf(series.labels));

  Presence presence(signatures.size(), grid.size());
  if (expr.op == BinaryOp::kOr) {
    for (size_t i = 0; i < lhs.size(); ++i) presence.Add(left[i], lhs[i]);
    for (size_t i = 0; i < rhs.size(); ++i) Filter(presence, right[i], false, &rhs[i]);
    std::move(rhs.begin(), rhs.end(), std::back_inserter(lhs));
    query::DropEmptySeries(&lhs);
  } else {
    for (size_t i = 0; i < rhs.size(); ++i) presence.Add(right[i], rhs[i]);
    const bool wanted = expr.op == BinaryOp::kAnd;
    for (size_t i = 0; i < lhs.size(); ++i) Filter(presence, left[i], wanted, &lhs[i]);
  }
  if (!grid.is_instant()) {
    absl::Status status = query::MergeEqualLabels(&lhs);
    if (!status.ok()) return status;
  }
  return lhs;
}

}  // namespace tidegate::promql
