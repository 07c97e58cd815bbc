// Time of whole range queries over series in memory: 640 counters and 640 classic buckets, scraped
// together every 15 seconds for four hours; 240 steps of a minute.
//
//   engine_bench [Google Benchmark's flags]
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "benchmark/benchmark.h"
#include "query/promql/engine.h"
#include "query/vector/step_grid.h"
#include "storage/series_source.h"
#include "storage/testing/empty_source.h"

namespace tidegate::promql {
namespace {

constexpr size_t kSamples = 960;
constexpr int64_t kInterval = 15'000;

class BenchSource final : public storage::EmptySeriesSource {
 public:
  BenchSource() {
    auto times = std::make_shared<std::vector<model::TimestampMs>>();
    for (size_t i = 0; i < kSamples; ++i) times->push_back(static_cast<int64_t>(i) * kInterval);
    times_ = std::move(times);
    constexpr std::array<const char*, 8> kModes = {"idle",    "iowait", "irq",    "nice",
                                                   "softirq", "steal",  "system", "user"};
    constexpr std::array<const char*, 8> kBounds = {"0.1", "0.2", "0.5", "1",
                                                    "2",   "5",   "10",  "+Inf"};
    for (int host = 0; host < 80; ++host) {
      const std::string instance = "host-" + std::to_string(host) + ".example:9100";
      for (size_t i = 0; i < kModes.size(); ++i) {
        Add(model::Labels{{"__name__", "cpu"},
                          {"cpu", "0"},
                          {"instance", instance},
                          {"job", "node"},
                          {"mode", kModes[i]}},
            0.37 * static_cast<double>(i + 1));
        Add(model::Labels{{"__name__", "latency_bucket"},
                          {"instance", instance},
                          {"job", "node"},
                          {"le", kBounds[i]}},
            static_cast<double>(i + 1));
      }
    }
  }

  absl::Status Select(const model::RequestContext&, const storage::Selection& selection,
                      storage::Sink<storage::SelectedSeries>& sink) override {
    for (const storage::SelectedSeries& series : series_) {
      bool wanted = true;
      for (const model::CompiledMatcher& matcher : selection.matchers) {
        wanted = wanted && matcher.Matches(series.labels.Get(matcher.name()));
      }
      absl::Status status = wanted ? sink.Add(series) : absl::OkStatus();
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  void Add(model::Labels labels, double increment) {
    storage::SelectedSeries series;
    series.labels = std::move(labels);
    series.columns.timestamps = times_;
    for (size_t i = 0; i < kSamples; ++i) {
      series.columns.values.push_back(increment * static_cast<double>(i));
    }
    series_.push_back(std::move(series));
  }

  storage::TimeColumn times_;
  std::vector<storage::SelectedSeries> series_;
};

void RunQuery(benchmark::State& state, const std::string& query) {
  static BenchSource& source = *new BenchSource();
  const query::StepGrid grid{.start = 0, .end = 239 * 60'000, .step = 60'000};
  const model::RequestContext context;
  for (auto _ : state) {
    auto result = RunRangeQuery(query, grid, context, source, {});
    if (!result.ok()) state.SkipWithError(result.status().ToString().c_str());
    benchmark::DoNotOptimize(result);
  }
}

constexpr std::array<const char*, 19> kQueries = {
    "cpu",
    "rate(cpu[5m])",
    "sum by (mode) (rate(cpu[5m]))",
    "sum without (cpu, mode) (rate(cpu[5m]))",
    "avg by (mode) (cpu)",
    "max by (mode) (cpu)",
    "quantile by (mode) (0.9, cpu)",
    "topk(5, cpu)",
    "count(cpu)",
    "avg_over_time(cpu[5m])",
    "max_over_time(cpu[1h])",
    "quantile_over_time(0.9, cpu[5m])",
    "changes(cpu[1h])",
    "deriv(cpu[5m])",
    "histogram_quantile(0.9, sum by (le) (rate(latency_bucket[5m])))",
    "histogram_quantile(0.9, rate(latency_bucket[5m]))",
    "cpu / on (instance) group_left () sum by (instance) (cpu)",
    "cpu > 100 and on (instance) latency_bucket{le='1'}",
    "max_over_time(sum by (mode) (rate(cpu[5m]))[1h:1m])",
};

void RegisterAll() {
  for (const char* query : kQueries) {
    benchmark::RegisterBenchmark(query, [query](benchmark::State& state) {
      RunQuery(state, query);
    })->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace tidegate::promql

int main(int argc, char** argv) {
  tidegate::promql::RegisterAll();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
