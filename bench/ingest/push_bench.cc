// A whole push, from compressed body to durable, over the real log, head and store. The log lies in
// TMPDIR; the figures are CPU time of the process, the log writer included.
#include <benchmark/benchmark.h>
#include <snappy.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "bench/ingest/fleet.h"
#include "ingest/ingester.h"
#include "model/clock.h"
#include "model/metrics/metrics_registry.h"
#include "model/tenant.h"
#include "storage/store.h"

namespace tidegate::bench {
namespace {

constexpr model::TimestampMs kStart = 1'763'793'895'123;
constexpr model::TimestampMs kInterval = 15'000;

class OneTenant final : public model::TenantRegistry {
 public:
  std::shared_ptr<const model::TenantConfig> Find(std::string_view) const override {
    return config_;
  }

 private:
  // Only the limits are read; the name is a label of the metrics.
  const std::shared_ptr<const model::TenantConfig> config_ =
      std::make_shared<model::TenantConfig>();
};

std::string MakeDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "tidegate-bench-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) std::abort();
  return path;
}

// A process with one tenant, in a directory of its own.
class Server {
 public:
  explicit Server(storage::LogDurability durability) : directory_(MakeDirectory()) {
    storage::LocalStoreOptions store;
    store.directory = directory_ + "/store";
    std::filesystem::create_directories(store.directory);
    store_ = *storage::OpenLocalStore(store, &clock_, &tenants_);
    ingest::IngesterOptions options;
    options.directory = directory_ + "/ingester";
    options.durability = durability;
    options.head_cut_interval = absl::InfiniteDuration();
    ingester_ = *ingest::CreateIngester(options, store_.get(), &tenants_, &clock_, &metrics_);
    while (!ingester_->Ready().ok()) absl::SleepFor(absl::Milliseconds(1));
  }
  ~Server() {
    ingester_.reset();
    store_.reset();
    std::filesystem::remove_all(directory_);
  }

  bool Push(const std::string& block) {
    model::RequestContext context;
    context.tenant = std::string(model::kDefaultTenant);
    ingest::PushRequest request;
    request.body = block;
    const auto result = ingester_->Push(context, request);
    return result.ok() && result->rejected.ok();
  }

 private:
  const std::string directory_;
  model::SystemClock clock_;
  OneTenant tenants_;
  model::MetricsRegistry metrics_;
  std::unique_ptr<storage::LocalStore> store_;
  std::unique_ptr<ingest::LocalIngester> ingester_;
};

std::vector<std::string> CompressedRound(const FleetOptions& fleet, model::TimestampMs timestamp) {
  std::vector<std::string> blocks;
  for (const std::string& body : ScrapeRound(fleet, timestamp)) {
    snappy::Compress(body.data(), body.size(), &blocks.emplace_back());
  }
  return blocks;
}

// Rounds of scrapes of known series; one iteration is one request of 2000 samples.
void BM_Push(benchmark::State& state) {
  const FleetOptions fleet;
  Server server(static_cast<storage::LogDurability>(state.range(0)));
  model::TimestampMs timestamp = kStart;
  std::vector<std::string> blocks = CompressedRound(fleet, timestamp);
  for (const std::string& block : blocks) {  // All series become known.
    if (!server.Push(block)) state.SkipWithError("refused");
  }
  size_t at = blocks.size();
  for (auto _ : state) {
    if (at == blocks.size()) {
      state.PauseTiming();
      blocks = CompressedRound(fleet, timestamp += kInterval);
      at = 0;
      state.ResumeTiming();
    }
    if (!server.Push(blocks[at++])) state.SkipWithError("refused");
  }
  const double samples = static_cast<double>(state.iterations()) * fleet.series_per_request;
  state.counters["per_sample"] =
      benchmark::Counter(samples, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_Push)
    ->ArgName("durability")
    ->Arg(static_cast<int>(storage::LogDurability::kGroup))
    ->Arg(static_cast<int>(storage::LogDurability::kInterval))
    ->MeasureProcessCPUTime()
    ->Iterations(500);

// The first push of every series.
void BM_PushNewSeries(benchmark::State& state) {
  FleetOptions fleet;
  const std::vector<std::string> blocks = CompressedRound(fleet, kStart);
  for (auto _ : state) {
    state.PauseTiming();
    auto server = std::make_unique<Server>(storage::LogDurability::kInterval);
    state.ResumeTiming();
    for (const std::string& block : blocks) {
      if (!server->Push(block)) state.SkipWithError("refused");
    }
    state.PauseTiming();
    server.reset();
    state.ResumeTiming();
  }
  const double series = static_cast<double>(state.iterations()) * fleet.series;
  state.counters["per_series"] =
      benchmark::Counter(series, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_PushNewSeries)->MeasureProcessCPUTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidegate::bench
