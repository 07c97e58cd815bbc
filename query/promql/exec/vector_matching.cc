// Binary operations between two vectors: series meet by their labels.
//
// Label work happens once per pair of series. Prometheus matches step by step: two series of one
// side may share a signature as long as they have no sample at the same step.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "query/promql/exec/binary.h"
#include "query/promql/exec/column_operation.h"
#include "query/vector/grouping.h"

namespace tidegate::promql {
namespace {

using Steps = std::vector<uint8_t>;  // A flag per step.

// The series of both sides with one signature. The "one" side is where group_left takes labels
// from; without grouping it is the right side.
struct MatchGroup {
  std::vector<const StepSeries*> many;
  std::vector<const StepSeries*> one;
  Steps matched;                                     // Whether a pair has met at a step,
  absl::flat_hash_map<std::string, Steps> produced;  // and for which labels of the result.
};

class Matcher {
 public:
  Matcher(const BinaryExpr& expr, const StepVector& lhs, const StepVector& rhs,
          const StepGrid& grid, Annotations* annotations)
      : expr_(expr),
        matching_(*expr.matching),
        swapped_(matching_.cardinality == MatchCardinality::kOneToMany),
        one_to_one_(matching_.cardinality == MatchCardinality::kOneToOne),
        lhs_(lhs),
        rhs_(rhs),
        grid_(grid),
        rules_{expr.op, expr.return_bool, expr.position, annotations},
        selection_(matching_.on ? query::LabelSelection::Only(matching_.labels)
                                : query::LabelSelection::AllBut(matching_.labels)) {
    query::GroupNumbers signatures(selection_);
    for (const StepSeries& series : swapped_ ? rhs : lhs) {
      group_of_many_.push_back(GroupOf(signatures, series));
      groups_[group_of_many_.back()].many.push_back(&series);
    }
    for (const StepSeries& series : swapped_ ? lhs : rhs) {
      groups_[GroupOf(signatures, series)].one.push_back(&series);
    }
  }

  absl::StatusOr<StepVector> Run() {
    for (const MatchGroup& group : groups_) {
      absl::Status status = CheckOneSide(group);
      if (!status.ok()) return status;
    }
    absl::Status status = CombineAll();
    if (!status.ok()) return status;
    query::DropEmptySeries(&results_);
    if (!grid_.is_instant()) status = query::MergeEqualLabels(&results_);
    if (!status.ok()) return status;
    return std::move(results_);
  }

 private:
  size_t steps() const { return grid_.size(); }

  uint32_t GroupOf(query::GroupNumbers& signatures, const StepSeries& series) {
    const uint32_t number = signatures.NumberOf(series.labels);
    if (number == groups_.size()) groups_.emplace_back().matched.resize(steps());
    return number;
  }

  // Whether any series of a side has a sample at a step: without one, and without fill values,
  // nothing is matched there and nothing can be wrong.
  Steps SideHas(bool many_side) const {
    Steps has(steps());
    for (const MatchGroup& group : groups_) {
      for (const StepSeries* series : many_side ? group.many : group.one) {
        for (size_t i = 0; i < steps(); ++i) has[i] |= series->has(i) ? 1 : 0;
      }
    }
    return has;
  }

  absl::Status CheckOneSide(const MatchGroup& group) const {
    if (group.one.size() < 2) return absl::OkStatus();
    const bool fills = matching_.fill_left.has_value() || matching_.fill_right.has_value();
    const Steps many = fills ? Steps(steps(), 1) : SideHas(true);
    for (size_t b = 1; b < group.one.size(); ++b) {
      for (size_t a = 0; a < b; ++a) {
        for (size_t i = 0; i < steps(); ++i) {
          if (many[i] != 0 && group.one[a]->has(i) && group.one[b]->has(i)) {
            return DuplicateError(*group.one[b], *group.one[a]);
          }
        }
      }
    }
    return absl::OkStatus();
  }

  absl::Status DuplicateError(const StepSeries& series, const StepSeries& earlier) const {
    return absl::FailedPreconditionError(fmt::format(
        "found duplicate series for the match group {} on the {} hand-side of the operation: [{}, "
        "{}];many-to-many matching not allowed: matching labels must be unique on one side",
        model::ToString(selection_.Chosen(series.labels)), swapped_ ? "left" : "right",
        model::ToString(series.labels), model::ToString(earlier.labels)));
  }

  // Results come in the order of the "many" side, which decides between equal values in topk.
  absl::Status CombineAll() {
    const StepVector& many_side = swapped_ ? rhs_ : lhs_;
    for (size_t i = 0; i < many_side.size(); ++i) {
      absl::Status status = CombineMany(many_side[i], groups_[group_of_many_[i]]);
      if (!status.ok()) return status;
    }
    if (!matching_.fill_left.has_value()) return absl::OkStatus();
    for (MatchGroup& group : groups_) {
      absl::Status status = FillManySide(group);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status CombineMany(const StepSeries& many, MatchGroup& group) {
    Steps covered(steps());
    for (const StepSeries* one : group.one) {
      absl::Status status = CombinePair(many, *one, &covered, &group);
      if (!status.ok()) return status;
    }
    if (!matching_.fill_right.has_value()) return absl::OkStatus();
    const StepSeries fill = FillFor(many, *matching_.fill_right, covered);
    return CombinePair(many, fill, &covered, &group);
  }

  absl::Status FillManySide(MatchGroup& group) {
    const Steps before = group.matched;
    for (const StepSeries* one : group.one) {
      const StepSeries fill = FillFor(*one, *matching_.fill_left, before);
      Steps covered(steps());
      absl::Status status = CombinePair(fill, *one, &covered, &group);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // The stand-in for a missing partner of `series`, at the steps that are not covered.
  StepSeries FillFor(const StepSeries& series, double value, const Steps& covered) const {
    StepSeries fill(selection_.Chosen(series.labels), steps());
    for (size_t i = 0; i < steps(); ++i) {
      if (series.has(i) && covered[i] == 0) fill.SetFloat(i, value);
    }
    return fill;
  }

  absl::Status CombinePair(const StepSeries& many, const StepSeries& one, Steps* covered,
                           MatchGroup* group) {
    Steps both(steps());
    uint8_t any = 0;
    for (size_t i = 0; i < steps(); ++i) {
      both[i] = many.has(i) && one.has(i) ? 1 : 0;
      any |= both[i];
    }
    if (any == 0) return absl::OkStatus();
    StepSeries out(ResultLabels(many.labels, one.labels), steps());
    out.drop_name = expr_.return_bool || many.drop_name;
    absl::Status status = CheckUnique(out.labels, both, group);
    if (!status.ok()) return status;
    for (size_t i = 0; i < steps(); ++i) (*covered)[i] |= both[i];
    Combine(swapped_ ? one : many, swapped_ ? many : one, both, &out);
    results_.push_back(std::move(out));
    return absl::OkStatus();
  }

  // One-to-one: a signature matches once per step. Otherwise the labels of the results of a
  // signature must differ.
  absl::Status CheckUnique(const model::Labels& labels, const Steps& both,
                           MatchGroup* group) const {
    Steps* taken = &group->matched;
    if (!one_to_one_) {
      taken = &group->produced[std::string(labels.bytes())];
      taken->resize(steps());
    }
    for (size_t i = 0; i < steps(); ++i) {
      if (both[i] != 0 && (*taken)[i] != 0) {
        return absl::FailedPreconditionError(
            one_to_one_ ? "multiple matches for labels: many-to-one matching must be explicit "
                          "(group_left/group_right)"
                        : "multiple matches for labels: grouping labels must ensure unique "
                          "matches");
      }
      (*taken)[i] |= both[i];
      group->matched[i] |= both[i];
    }
    return absl::OkStatus();
  }

  model::Labels ResultLabels(model::LabelsView many, model::LabelsView one) const {
    model::LabelsBuilder builder(many);
    if (ChangesMeaning(expr_.op)) {
      builder.Erase(model::kMetricNameLabel).Erase("__type__").Erase("__unit__");
    }
    if (one_to_one_) {
      if (matching_.on) {
        builder.Keep(matching_.labels);
      } else {
        builder.Drop(matching_.labels);
      }
    }
    for (const std::string& name : matching_.include) builder.Set(name, one.Get(name));
    return builder.Build();
  }

  void Combine(const StepSeries& left, const StepSeries& right, const Steps& both,
               StepSeries* out) const {
    const bool floats = left.histograms.empty() && right.histograms.empty() &&
                        expr_.op != BinaryOp::kTrimUpper && expr_.op != BinaryOp::kTrimLower;
    if (!floats) {
      for (size_t i = 0; i < steps(); ++i) {
        if (both[i] != 0) OperateOnStep(rules_, left, right, left, i, out);
      }
      return;
    }
    OperateOnFloats(expr_.op, left.values, right.values, out->values);
    const bool filter = IsComparison(expr_.op) && !expr_.return_bool;
    for (size_t i = 0; i < steps(); ++i) {
      const bool keep = both[i] != 0 && !(filter && out->values[i] == 0);
      out->kinds[i] = keep ? SampleKind::kFloat : SampleKind::kNone;
    }
    if (filter) out->values = left.values;
  }

  const BinaryExpr& expr_;
  const VectorMatching& matching_;
  const bool swapped_;
  const bool one_to_one_;
  const StepVector& lhs_;
  const StepVector& rhs_;
  const StepGrid& grid_;
  const OperationRules rules_;
  const query::LabelSelection selection_;
  std::vector<MatchGroup> groups_;
  std::vector<uint32_t> group_of_many_;  // By the series of the "many" side.
  StepVector results_;
};

}  // namespace

absl::StatusOr<StepVector> CombineVectors(const BinaryExpr& expr, StepVector lhs, StepVector rhs,
                                          const StepGrid& grid, Annotations* annotations) {
  return Matcher(expr, lhs, rhs, grid, annotations).Run();
}

}  // namespace tidegate::promql
