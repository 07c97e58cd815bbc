#include "query/logql/pipeline/label_condition.h"

#include <optional>
#include <string>
#include <utility>

#include "model/matcher.h"
#include "query/logql/pipeline/address_pattern.h"
#include "query/logql/pipeline/value_conversion.h"

namespace tidegate::logql {
namespace {

constexpr std::string_view kLabelFilterError = "LabelFilterErr";
using ConditionPtr = std::unique_ptr<const LabelCondition>;

bool Compare(CompareOp op, double left, double right) {
  switch (op) {
    case CompareOp::kEqual:
      return left == right;
    case CompareOp::kNotEqual:
      return left != right;
    case CompareOp::kGreater:
      return left > right;
    case CompareOp::kGreaterEqual:
      return left >= right;
    case CompareOp::kLess:
      return left < right;
    case CompareOp::kLessEqual:
      return left <= right;
  }
  return false;
}

ValueKind KindOf(LabelComparison::Unit unit) {
  switch (unit) {
    case LabelComparison::Unit::kNumber:
      return ValueKind::kNumber;
    case LabelComparison::Unit::kDuration:
      return ValueKind::kDuration;
    case LabelComparison::Unit::kBytes:
      return ValueKind::kBytes;
  }
  return ValueKind::kNumber;
}

class MatcherCondition : public LabelCondition {
 public:
  explicit MatcherCondition(model::CompiledMatcher matcher) : matcher_(std::move(matcher)) {}
  bool Holds(EntryLabels* labels) const override {
    return matcher_.Matches(labels->Get(matcher_.name()));
  }

 private:
  const model::CompiledMatcher matcher_;
};

class ComparisonCondition : public LabelCondition {
 public:
  explicit ComparisonCondition(const LabelComparison& test) : test_(test) {}
  bool Holds(EntryLabels* labels) const override {
    // Errors are no numbers.
    if (test_.label == kErrorLabel || test_.label == kErrorDetailsLabel) return false;
    if (!labels->Has(test_.label)) return false;
    const std::string_view text = labels->Get(test_.label);
    const ValueKind kind = KindOf(test_.unit);
    const std::optional<double> value = ConvertValue(kind, text);
    if (value.has_value()) return Compare(test_.op, *value, test_.value);
    if (!labels->has_error()) labels->SetError(kLabelFilterError, ConversionError(kind, text));
    return true;
  }

 private:
  const LabelComparison test_;
};

class AddressCondition : public LabelCondition {
 public:
  AddressCondition(const LabelIpFilter& test, AddressPattern pattern)
      : test_(test), pattern_(std::move(pattern)) {}
  bool Holds(EntryLabels* labels) const override {
    // Behind an error only tests of strings drop entries.
    if (labels->has_error()) return true;
    if (!labels->Has(test_.label)) return false;
    return pattern_.FoundIn(labels->Get(test_.label)) != test_.negated;
  }

 private:
  const LabelIpFilter test_;
  const AddressPattern pattern_;
};

class PairCondition : public LabelCondition {
 public:
  PairCondition(bool is_or, ConditionPtr left, ConditionPtr right)
      : is_or_(is_or), left_(std::move(left)), right_(std::move(right)) {}
  bool Holds(EntryLabels* labels) const override {
    const bool left = left_->Holds(labels);
    return left == is_or_ ? left : right_->Holds(labels);
  }

 private:
  const bool is_or_;
  const ConditionPtr left_, right_;
};

absl::StatusOr<ConditionPtr> CompilePair(const LabelFilterPair& pair) {
  absl::StatusOr<ConditionPtr> left = CompileLabelFilter(*pair.left);
  if (!left.ok()) return left;
  absl::StatusOr<ConditionPtr> right = CompileLabelFilter(*pair.right);
  if (!right.ok()) return right;
  return std::make_unique<PairCondition>(pair.is_or, *std::move(left), *std::move(right));
}

}  // namespace

absl::StatusOr<std::unique_ptr<const LabelCondition>> CompileLabelFilter(
    const LabelFilter& filter) {
  if (const auto* matcher = std::get_if<model::Matcher>(&filter.test)) {
    absl::StatusOr<model::CompiledMatcher> compiled = model::CompiledMatcher::Compile(*matcher);
    if (!compiled.ok()) return compiled.status();
    return std::make_unique<MatcherCondition>(*std::move(compiled));
  }
  if (const auto* comparison = std::get_if<LabelComparison>(&filter.test)) {
    return std::make_unique<ComparisonCondition>(*comparison);
  }
  if (const auto* ip = std::get_if<LabelIpFilter>(&filter.test)) {
    absl::StatusOr<AddressPattern> pattern = AddressPattern::Parse(ip->pattern);
    if (!pattern.ok()) return pattern.status();
    return std::make_unique<AddressCondition>(*ip, *std::move(pattern));
  }
  return CompilePair(std::get<LabelFilterPair>(filter.test));
}

}  // namespace tidegate::logql
