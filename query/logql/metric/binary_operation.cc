#include "query/logql/metric/binary_operation.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "query/logql/syntax/arithmetic.h"
#include "query/logql/syntax/validation.h"

namespace tidegate::logql {
namespace {

using Value = std::optional<double>;

// `kept` is what a comparison that holds leaves over.
Value Operate(const BinaryExpr& binary, Value left, Value right, Value kept) {
  if (!left.has_value() || !right.has_value()) return std::nullopt;
  const double result = Calculate(binary.op, *left, *right);
  if (!IsComparison(binary.op) || binary.return_bool) return result;
  return result != 0 ? kept : std::nullopt;
}

std::vector<MetricSeries> WithNumber(const BinaryExpr& binary, std::vector<MetricSeries> series,
                                     double number, bool number_is_left) {
  for (MetricSeries& one : series) {
    for (Value& value : one.values) {
      value = number_is_left ? Operate(binary, number, value, value)
                             : Operate(binary, value, number, value);
    }
  }
  return series;
}

// The labels that decide which series belong together.
model::Labels Signature(const BinaryExpr& binary, const model::Labels& labels) {
  model::LabelsBuilder builder(labels);
  if (!binary.on.has_value()) return builder.Build();
  return *binary.on ? builder.Keep(binary.matching_labels).Build()
                    : builder.Drop(binary.matching_labels).Build();
}

// Left and right series of each signature.
struct Pairing {
  std::vector<const MetricSeries*> left, right;
};

std::map<model::Labels, Pairing> PairingsOf(const BinaryExpr& binary,
                                            const std::vector<MetricSeries>& left,
                                            const std::vector<MetricSeries>& right) {
  std::map<model::Labels, Pairing> pairings;
  for (const MetricSeries& one : left) {
    pairings[Signature(binary, one.labels)].left.push_back(&one);
  }
  for (const MetricSeries& one : right) {
    pairings[Signature(binary, one.labels)].right.push_back(&one);
  }
  return pairings;
}

bool AnyAt(const std::vector<const MetricSeries*>& series, size_t step) {
  for (const MetricSeries* one : series) {
    if (one->values[step].has_value()) return true;
  }
  return false;
}

// The series with its values only where `others` have some (or have none).
MetricSeries Where(const MetricSeries& series, const std::vector<const MetricSeries*>& others,
                   bool wanted) {
  MetricSeries result = series;
  for (size_t step = 0; step < result.values.size(); ++step) {
    if (AnyAt(others, step) != wanted) result.values[step].reset();
  }
  return result;
}

std::vector<MetricSeries> CombineSets(const BinaryExpr& binary,
                                      const std::vector<MetricSeries>& left,
                                      const std::vector<MetricSeries>& right) {
  std::map<model::Labels, MetricSeries> result;
  const auto add = [&result](MetricSeries series) {
    const auto [known, added] = result.try_emplace(series.labels, series);
    if (added) return;
    for (size_t step = 0; step < series.values.size(); ++step) {
      Value& value = known->second.values[step];
      if (!value.has_value()) value = series.values[step];
    }
  };
  for (const auto& [signature, pairing] : PairingsOf(binary, left, right)) {
    for (const MetricSeries* one : pairing.left) {
      if (binary.op == BinaryOp::kOr) {
        add(*one);
      } else {
        add(Where(*one, pairing.right, binary.op == BinaryOp::kAnd));
      }
    }
    if (binary.op != BinaryOp::kOr) continue;
    for (const MetricSeries* one : pairing.right) add(Where(*one, pairing.left, false));
  }
  std::vector<MetricSeries> series;
  for (auto& [labels, one] : result) series.push_back(std::move(one));
  return series;
}

model::Labels ResultLabels(const BinaryExpr& binary, const model::Labels& many,
                           const model::Labels& one) {
  if (binary.cardinality == MatchCardinality::kOneToOne) return Signature(binary, many);
  model::LabelsBuilder builder(many);
  for (const std::string& name : binary.include) builder.Set(name, one.Get(name));
  return builder.Build();
}

absl::Status Ambiguous(const char* what, const model::Labels& signature) {
  return absl::InvalidArgumentError(fmt::format("{}: {}", what, model::ToString(signature)));
}

absl::StatusOr<std::vector<MetricSeries>> CombineMatching(const BinaryExpr& binary,
                                                          const std::vector<MetricSeries>& left,
                                                          const std::vector<MetricSeries>& right) {
  const bool one_is_left = binary.cardinality == MatchCardinality::kOneToMany;
  std::map<model::Labels, MetricSeries> result;
  for (const auto& [signature, pairing] : PairingsOf(binary, left, right)) {
    const auto& ones = one_is_left ? pairing.left : pairing.right;
    const auto& many = one_is_left ? pairing.right : pairing.left;
    if (ones.empty() || many.empty()) continue;
    if (ones.size() > 1) {
      return Ambiguous(
          "found duplicate series on the right hand-side;many-to-many matching not allowed: "
          "matching labels must be unique on one side",
          signature);
    }
    if (binary.cardinality == MatchCardinality::kOneToOne && many.size() > 1) {
      return Ambiguous(
          "multiple matches for labels: many-to-one matching must be explicit "
          "(group_left/group_right)",
          signature);
    }
    for (const MetricSeries* series : many) {
      const MetricSeries& a = one_is_left ? *ones.front() : *series;
      const MetricSeries& b = one_is_left ? *series : *ones.front();
      MetricSeries combined{ResultLabels(binary, series->labels, ones.front()->labels), {}};
      for (size_t step = 0; step < a.values.size(); ++step) {
        combined.values.push_back(Operate(binary, a.values[step], b.values[step], a.values[step]));
      }
      const model::Labels labels = combined.labels;
      if (!result.emplace(labels, std::move(combined)).second) {
        return Ambiguous("multiple matches for labels: grouping labels must ensure unique matches",
                         labels);
      }
    }
  }
  std::vector<MetricSeries> series;
  for (auto& [labels, one] : result) series.push_back(std::move(one));
  return series;
}

}  // namespace

absl::StatusOr<std::vector<MetricSeries>> Combine(const BinaryExpr& binary, MetricValue left,
                                                  MetricValue right) {
  if (const double* number = std::get_if<double>(&left)) {
    return WithNumber(binary, std::get<std::vector<MetricSeries>>(std::move(right)), *number, true);
  }
  if (const double* number = std::get_if<double>(&right)) {
    return WithNumber(binary, std::get<std::vector<MetricSeries>>(std::move(left)), *number, false);
  }
  const auto& a = std::get<std::vector<MetricSeries>>(left);
  const auto& b = std::get<std::vector<MetricSeries>>(right);
  return IsSetOp(binary.op) ? CombineSets(binary, a, b) : CombineMatching(binary, a, b);
}

}  // namespace tidegate::logql
