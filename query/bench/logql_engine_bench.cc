// LogQL queries over entries in memory: what the engine costs beside the source. Bytes are those of
// lines.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "query/logql/engine/engine.h"
#include "storage/log_source.h"
#include "storage/testing/empty_source.h"

namespace tidegate::logql {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr size_t kStreams = 50;
constexpr size_t kLines = 4000;  // Of a stream, one a second.

// JSON lines of requests, one batch a stream; tests are not applied.
class MemorySource final : public storage::EmptyLogSource {
 public:
  MemorySource() {
    for (size_t stream = 0; stream < kStreams; ++stream) {
      storage::LogBatch& batch = batches_.emplace_back();
      batch.stream = std::make_shared<model::Labels>(model::Labels{
          {"app", "a" + std::to_string(stream % 5)}, {"pod", "p" + std::to_string(stream)}});
      auto lines = std::make_shared<std::vector<std::string>>();
      for (size_t i = 0; i < kLines; ++i) {
        lines->push_back(fmt::format(
            R"({{"level":"{}","method":"GET","path":"/api/v1/items/{}","status":{},"took":"{}ms","req":{{"id":"{:x}","bytes":{}}}}})",
            i % 7 == 0 ? "error" : "info", i, i % 7 == 0 ? 500 : 200, i % 300, i * 7919, i * 13));
        bytes_ += lines->back().size();
      }
      for (size_t i = 0; i < kLines; ++i) {
        batch.timestamps.push_back(static_cast<int64_t>(i + 1) * kSecond);
        batch.lines.emplace_back((*lines)[i]);
        batch.line_sizes.push_back(static_cast<uint32_t>((*lines)[i].size()));
        batch.metadata.push_back(static_cast<uint32_t>(i % 2));
      }
      batch.metadata_sets = {model::Labels{{"detected_level", "info"}},
                             model::Labels{{"detected_level", "error"}}};
      batch.memory = lines;
    }
  }
  size_t bytes() const { return bytes_; }

  absl::Status SelectLogs(const model::RequestContext&, const storage::LogSelection&,
                          storage::Sink<storage::LogBatch>& sink) override {
    for (const storage::LogBatch& batch : batches_) {
      if (absl::Status status = sink.Add(batch); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

 private:
  std::vector<storage::LogBatch> batches_;
  size_t bytes_ = 0;
};

void Range(benchmark::State& state, const std::string& query) {
  static auto* const kSource = new MemorySource;
  query::LogRangeRequest request;
  request.query = query;
  request.start = 60 * kSecond;
  request.end = kLines * kSecond;
  request.step_ns = 60 * kSecond;
  for (auto _ : state) {
    const auto result = RunRangeQuery({}, request, *kSource, {});
    if (!result.ok()) state.SkipWithError(std::string(result.status().message()).c_str());
    benchmark::DoNotOptimize(result);
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * kSource->bytes()));
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kStreams * kLines));
}

BENCHMARK_CAPTURE(Range, Count, "sum by (app) (count_over_time({app=~\".+\"}[1m]))");
BENCHMARK_CAPTURE(Range, CountByMetadata,
                  "sum by (detected_level) (count_over_time({app=~\".+\"}[1m]))");
BENCHMARK_CAPTURE(Range, LongWindows, "sum by (app) (count_over_time({app=~\".+\"}[1h]))");
BENCHMARK_CAPTURE(Range, Bytes, "sum by (app) (bytes_over_time({app=~\".+\"}[1m]))");
BENCHMARK_CAPTURE(Range, JsonByLevel,
                  "sum by (level) (count_over_time({app=~\".+\"} | json [1m]))");
BENCHMARK_CAPTURE(Range, JsonFilter,
                  "sum by (app) (count_over_time({app=~\".+\"} | json | status >= 500 [1m]))");
BENCHMARK_CAPTURE(Range, Unwrap,
                  "quantile_over_time(0.99, {app=~\".+\"} | json | unwrap duration(took) [1m]) by "
                  "(app)");
BENCHMARK_CAPTURE(Range, PatternFilter,
                  "sum(count_over_time({app=~\".+\"} |> \"<_>error<_>500<_>\" [1m]))");
BENCHMARK_CAPTURE(Range, LineFormat,
                  "{app=~\".+\"} | json | line_format \"{{.method}} {{.path}} {{.took}}\"");
BENCHMARK_CAPTURE(Range, Everything, "{app=~\".+\"} | json");

}  // namespace
}  // namespace tidegate::logql
