// Arbitrary expressions: what is accepted is printed, reads back the same and can be evaluated.
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "control/monitors/expression/evaluation.h"
#include "control/monitors/expression/expression.h"

namespace {

using tidegate::control::Expression;
using tidegate::control::MinuteRange;
using tidegate::control::MinuteSeries;

// Two series of small numbers, whatever is asked for.
class TwoSeries final : public tidegate::control::ExpressionSource {
 public:
  absl::StatusOr<std::vector<MinuteSeries>> Load(const Expression&, MinuteRange range) override {
    std::vector<MinuteSeries> list(2);
    for (MinuteSeries& series : list) {
      for (size_t i = 0; i < range.size(); ++i) series.values.push_back(static_cast<double>(i % 7));
    }
    return list;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expression = tidegate::control::ParseExpression(text);
  if (!expression.ok()) return 0;
  const auto again =
      tidegate::control::ParseExpression(tidegate::control::FormatExpression(*expression));
  if (again.ok() && *again != *expression) std::abort();
  // Long windows cost memory, and show nothing new.
  if (tidegate::control::ReachOf(*expression) > absl::Hours(24)) return 0;
  TwoSeries source;
  const auto result =
      tidegate::control::EvaluateExpression(*expression, {100'000, 100'020}, 100'020, &source);
  if (!result.ok()) return 0;
  if (tidegate::control::GivesOneSeries(*expression) && result->empty()) std::abort();
  for (const MinuteSeries& series : *result) {
    if (series.values.size() != 21) std::abort();
  }
  return 0;
}
