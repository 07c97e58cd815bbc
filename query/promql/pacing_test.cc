#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "query/promql/engine.h"
#include "storage/testing/empty_source.h"

namespace tidegate::promql {
namespace {

constexpr int kSeries = 2000;
constexpr int kSteps = 100;

// m{n="0"} to m{n="1999"}, one sample each.
class ManySeries final : public storage::WithoutSeries<storage::SeriesSource> {
 public:
  absl::Status Select(const model::RequestContext&, const storage::Selection&,
                      storage::Sink<storage::SelectedSeries>& sink) override {
    const auto times =
        std::make_shared<const std::vector<model::TimestampMs>>(std::vector<model::TimestampMs>{0});
    for (int i = 0; i < kSeries; ++i) {
      storage::SelectedSeries series;
      series.labels = model::Labels{{"__name__", "m"}, {"n", std::to_string(i)}};
      series.columns.timestamps = times;
      series.columns.values = {static_cast<double>(i)};
      absl::Status status = sink.Add(std::move(series));
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
};

class CountingPacer final : public query::Pacer {
 public:
  void Pass() override { ++passes; }
  int passes = 0;
};

int PassesOf(const std::string& query) {
  ManySeries source;
  CountingPacer pacer;
  QueryOptions options;
  options.lookback_ms = 300'000;
  options.pacer = &pacer;
  const auto result = RunRangeQuery(query, {.start = 0, .end = (kSteps - 1) * 1000, .step = 1000},
                                    model::RequestContext(), source, options);
  EXPECT_TRUE(result.ok()) << query << ": " << result.status();
  return pacer.passes;
}

// Whatever is done with many series steps aside at least each 10,000 samples or so.
TEST(PacingTest, EveryOperatorPasses) {
  constexpr int kPasses = kSeries * kSteps / 10'000;
  const int alone = PassesOf("m");
  EXPECT_GE(alone, kPasses);
  // Loading and selecting passes before the operator does.
  const int selected = PassesOf("absent(m)");
  for (const std::string query :
       {"sum(m)", "avg(m)", "max(m)", "count(m)", "stddev(m)", "quantile(0.5, m)", "topk(3, m)",
        "count_values(\"v\", m)", "abs(m)", "label_replace(m, \"x\", \"$1\", \"n\", \"(.*)\")",
        "label_join(m, \"x\", \",\", \"n\")"}) {
    EXPECT_GE(PassesOf(query), selected + kPasses) << query;
  }
}

}  // namespace
}  // namespace tidegate::promql
