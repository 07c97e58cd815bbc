// How fast and how small the head is.
//
//   head_bench [--capture=FILE] [benchmark flags]
//
// FILE is a capture as bench/head/fleet.h describes; without it a synthetic fleet is used. The log
// takes frames and forgets them, so the figures are those of the head alone, log record included.

#include <malloc.h>

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "bench/head/fleet.h"
#include "benchmark/benchmark.h"
#include "model/labels.h"
#include "model/request_context.h"
#include "storage/head.h"
#include "storage/log.h"

namespace tidegate::bench {
namespace {

constexpr size_t kScrapes = 120;  // Half an hour at 15 s: what a head holds.
constexpr size_t kSeries = 100'000;
constexpr size_t kManySeries = 500'000;

std::string& CapturePath() {
  static std::string path;
  return path;
}

const Exporter& TheExporter() {
  static const Exporter exporter = LoadExporter(CapturePath(), kScrapes);
  return exporter;
}

// Takes everything at once; keeps the frames when asked to.
class SinkLog final : public storage::Log {
 public:
  explicit SinkLog(bool keep) : keep_(keep) {}
  uint64_t generation() const override { return 0; }
  absl::Status WaitDurable(storage::LogPosition, absl::Time) override { return absl::OkStatus(); }
  absl::Status Replay(
      storage::LogPosition,
      const std::function<absl::Status(storage::LogPosition, std::string_view)>& frame_fn,
      const std::function<void(const storage::LogDamage&)>&) override {
    for (const std::string& frame : frames_) {
      if (absl::Status status = frame_fn({}, frame); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::Status Trim(storage::LogPosition) override { return absl::OkStatus(); }
  absl::Status ReleaseSpace() override { return absl::OkStatus(); }
  storage::LogBounds bounds() const override { return {{}, end_, end_}; }
  storage::LogDurability durability() const override { return storage::LogDurability::kInterval; }
  absl::Status Writable() const override { return absl::OkStatus(); }
  uint64_t SizeBytes() const override { return end_.value; }
  absl::Status Close() override { return absl::OkStatus(); }

 private:
  absl::StatusOr<storage::LogPosition> AppendFrame(std::string_view frame,
                                                   std::optional<uint64_t>) override {
    end_.value += frame.size();
    if (keep_) frames_.emplace_back(frame);
    return end_;
  }

  const bool keep_;
  std::vector<std::string> frames_;
  storage::LogPosition end_;
};

class TrustingAdmission final : public storage::SeriesAdmission {
 public:
  absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const override {
    return model::Labels::FromCanonical(std::string(label_bytes));
  }
  absl::Status AdmitSeriesCount(uint64_t) const override { return absl::OkStatus(); }
};

model::RequestContext Context() {
  model::RequestContext context;
  context.tenant = "bench";
  return context;
}

size_t Push(storage::Head& head, const std::vector<model::WriteBatch>& batches) {
  static const model::RequestContext context = Context();
  size_t samples = 0;
  for (const model::WriteBatch& batch : batches) {
    const auto result = head.Append(context, batch, TrustingAdmission());
    if (!result.ok()) std::abort();
    samples += result->samples;
  }
  return samples;
}

// Resident memory of the process.
size_t ResidentBytes() {
  malloc_trim(0);
  size_t pages = 0;
  size_t resident = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%zu %zu", &pages, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return resident * 4096;
}

// The steady state: known series, one sample each, in the order of the last scrape.
void BM_AppendScrape(benchmark::State& state) {
  const Fleet fleet(TheExporter(), kSeries);
  SinkLog log(false);
  auto head = storage::CreateHead({}, &log);
  Push(*head, fleet.Scrape(0));
  const uint64_t log_begin = log.bounds().end.value;
  size_t round = 1;
  size_t samples = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<model::WriteBatch> batches = fleet.Scrape(round++);
    state.ResumeTiming();
    samples += Push(*head, batches);
  }
  state.SetItemsProcessed(static_cast<int64_t>(samples));
  const storage::HeadStats stats = head->Stats("");
  state.counters["log_bytes_per_sample"] =
      static_cast<double>(log.bounds().end.value - log_begin) / static_cast<double>(samples);
  state.counters["chunk_bytes_per_sample"] =
      static_cast<double>(stats.chunk_bytes) / static_cast<double>(stats.samples);
}
BENCHMARK(BM_AppendScrape)->Iterations(kScrapes - 1)->Unit(benchmark::kMillisecond);

void BM_NewSeries(benchmark::State& state) {
  const Fleet fleet(TheExporter(), kSeries);
  const std::vector<model::WriteBatch> batches = fleet.Scrape(0);
  size_t samples = 0;
  size_t log_bytes = 0;
  for (auto _ : state) {
    SinkLog log(false);
    auto head = storage::CreateHead({}, &log);
    samples += Push(*head, batches);
    state.PauseTiming();
    log_bytes += log.SizeBytes();
    head = nullptr;
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<int64_t>(samples));
  state.counters["log_bytes_per_series"] =
      static_cast<double>(log_bytes) / static_cast<double>(samples);
}
BENCHMARK(BM_NewSeries)->Unit(benchmark::kMillisecond);

// All memory that half a million series cost, with one sample and with half an hour of them.
void BM_Memory(benchmark::State& state) {
  const size_t scrapes = static_cast<size_t>(state.range(0));
  const Fleet fleet(TheExporter(), kManySeries);
  for (auto _ : state) {
    SinkLog log(false);
    const size_t before = ResidentBytes();
    auto head = storage::CreateHead({}, &log);
    for (size_t round = 0; round < scrapes; ++round) Push(*head, fleet.Scrape(round));
    const size_t after = ResidentBytes();
    const storage::HeadStats stats = head->Stats("");
    const double series = static_cast<double>(stats.series);
    state.counters["rss_per_series"] = static_cast<double>(after - before) / series;
    state.counters["index_per_series"] = static_cast<double>(stats.index_bytes) / series;
    state.counters["chunk_per_series"] = static_cast<double>(stats.chunk_bytes) / series;
  }
}
BENCHMARK(BM_Memory)->Arg(1)->Arg(20)->Arg(kScrapes)->Iterations(1)->Unit(benchmark::kSecond);

class CountingSink final : public storage::Sink<storage::SelectedSeries> {
 public:
  absl::Status Add(storage::SelectedSeries item) override {
    samples += item.columns.values.size();
    return absl::OkStatus();
  }
  size_t samples = 0;
};

// Everything, decoded into columns.
void BM_SelectAll(benchmark::State& state) {
  const Fleet fleet(TheExporter(), 20'000);
  SinkLog log(false);
  auto head = storage::CreateHead({}, &log);
  for (size_t round = 0; round < kScrapes; ++round) Push(*head, fleet.Scrape(round));
  CountingSink sink;
  for (auto _ : state) {
    if (!head->Select(Context(), {}, sink).ok()) std::abort();
  }
  state.SetItemsProcessed(static_cast<int64_t>(sink.samples));
}
BENCHMARK(BM_SelectAll)->Unit(benchmark::kMillisecond);

void BM_Replay(benchmark::State& state) {
  const Fleet fleet(TheExporter(), kSeries);
  SinkLog log(true);
  auto head = storage::CreateHead({}, &log);
  size_t samples = 0;
  for (size_t round = 0; round < 30; ++round) samples += Push(*head, fleet.Scrape(round));
  for (auto _ : state) {
    head = storage::CreateHead({}, &log);
    const absl::Status status = log.Replay(
        {},
        [&head](storage::LogPosition after, std::string_view frame) {
          return head->Replay(after, frame);
        },
        [](const storage::LogDamage&) {});
    if (!status.ok()) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(samples));
}
BENCHMARK(BM_Replay)->Unit(benchmark::kMillisecond);

// The pause of appends is the second half of it; the first runs beside them.
void BM_Cut(benchmark::State& state) {
  const Fleet fleet(TheExporter(), kManySeries);
  SinkLog log(false);
  auto head = storage::CreateHead({}, &log);
  size_t round = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Push(*head, fleet.Scrape(round++));
    state.ResumeTiming();
    auto cut = head->Cut();
    state.PauseTiming();
    head->Release(**cut);
    cut->reset();
    state.ResumeTiming();
  }
}
BENCHMARK(BM_Cut)->Iterations(5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tidegate::bench

int main(int argc, char** argv) {
  constexpr std::string_view kFlag = "--capture=";
  std::vector<char*> rest;
  for (int i = 0; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(kFlag)) {
      tidegate::bench::CapturePath() = argument.substr(kFlag.size());
    } else {
      rest.push_back(argv[i]);
    }
  }
  int rest_count = static_cast<int>(rest.size());
  benchmark::Initialize(&rest_count, rest.data());
  if (benchmark::ReportUnrecognizedArguments(rest_count, rest.data())) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
