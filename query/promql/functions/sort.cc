#include "query/promql/functions/sort.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "model/labels.h"

namespace tidegate::promql {
namespace {

StepVector TakeFloats(InstantCall& call) {
  StepVector vector = call.TakeVector(0);
  for (StepSeries& series : vector) {
    for (size_t i = 0; i < series.steps(); ++i) {
      if (series.kinds[i] == SampleKind::kHistogram) series.ClearStep(i);
    }
    series.histograms.clear();
  }
  query::DropEmptySeries(&vector);
  return vector;
}

template <typename Before>
Value SortByValue(InstantCall& call, Before before) {
  StepVector vector = TakeFloats(call);
  if (!call.grid.is_instant()) return vector;
  std::stable_sort(vector.begin(), vector.end(),
                   [&before](const StepSeries& a, const StepSeries& b) {
                     const double x = a.values[0];
                     const double y = b.values[0];
                     if (std::isnan(x)) return false;
                     return std::isnan(y) || before(x, y);
                   });
  return vector;
}

// Negative, zero or positive.
int CompareByLabels(const StepSeries& a, const StepSeries& b, const InstantCall& call) {
  for (size_t i = 1; i < call.args.size(); ++i) {
    const std::string_view x = a.labels.Get(call.Text(i));
    const std::string_view y = b.labels.Get(call.Text(i));
    if (x != y) return NaturalLess(x, y) ? -1 : 1;
  }
  return model::Compare(a.labels, b.labels);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Cuts the longest run of digits or of other characters off the front.
std::string_view TakeRun(std::string_view* text) {
  size_t end = 1;
  while (end < text->size() && IsDigit((*text)[end]) == IsDigit((*text)[0])) ++end;
  const std::string_view run = text->substr(0, end);
  text->remove_prefix(end);
  return run;
}

std::string_view WithoutLeadingZeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

bool NaturalLess(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    const bool numbers = IsDigit(a[0]) && IsDigit(b[0]);
    const std::string_view run_a = TakeRun(&a);
    const std::string_view run_b = TakeRun(&b);
    if (run_a == run_b) continue;
    if (!numbers) return run_a < run_b;
    const std::string_view number_a = WithoutLeadingZeros(run_a);
    const std::string_view number_b = WithoutLeadingZeros(run_b);
    if (number_a.size() != number_b.size()) return number_a.size() < number_b.size();
    if (number_a != number_b) return number_a < number_b;
    // Equal numbers: the one with fewer zeros in front.
    return run_a.size() < run_b.size();
  }
  return a.empty() && !b.empty();
}

absl::StatusOr<Value> Sort(InstantCall& call) {
  return SortByValue(call, [](double a, double b) { return a < b; });
}

absl::StatusOr<Value> SortDesc(InstantCall& call) {
  return SortByValue(call, [](double a, double b) { return a > b; });
}

absl::StatusOr<Value> SortByLabel(InstantCall& call) {
  StepVector vector = call.TakeVector(0);
  std::sort(vector.begin(), vector.end(), [&call](const StepSeries& a, const StepSeries& b) {
    return CompareByLabels(a, b, call) < 0;
  });
  return Value(std::move(vector));
}

absl::StatusOr<Value> SortByLabelDesc(InstantCall& call) {
  StepVector vector = call.TakeVector(0);
  std::sort(vector.begin(), vector.end(), [&call](const StepSeries& a, const StepSeries& b) {
    return CompareByLabels(a, b, call) > 0;
  });
  return Value(std::move(vector));
}

}  // namespace tidegate::promql
