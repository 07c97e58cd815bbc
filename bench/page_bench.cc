// Size and speed of sealed pages on a recording of a real exporter (format: bench/capture.h).
//
//   page_bench --capture=FILE [Google Benchmark's flags]
//
// Every series of the recording is sealed with N samples; "B/sample" counts whole page values,
// index apart. With --capture left out nothing is measured.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/benchmark.h"
#include "storage/page/segment_builder.h"
#include "storage/page/segment_reader.h"
#include "storage/page/series_order.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

struct RecordedSeries {
  model::Labels labels;
  std::vector<double> values;
};
struct Recording {
  std::vector<model::TimestampMs> times;
  std::vector<RecordedSeries> series;
};
Recording recording;  // Filled by main before any benchmark runs.

// name{a="b",c="d"} without escapes: what the recordings hold.
model::Labels ParseSeries(std::string_view text) {
  const size_t brace = std::min(text.find('{'), text.size());
  std::vector<std::pair<std::string, std::string>> labels;
  labels.emplace_back("__name__", text.substr(0, brace));
  labels.emplace_back("instance", "host-1.example:9100");
  labels.emplace_back("job", "node");
  size_t at = brace + 1;
  while (at < text.size()) {
    const size_t equals = text.find("=\"", at);
    if (equals == std::string_view::npos) break;
    const size_t end = text.find('"', equals + 2);
    labels.emplace_back(text.substr(at, equals - at), text.substr(equals + 2, end - equals - 2));
    at = end + 2;
  }
  return model::Labels(std::move(labels));
}

bool ReadRecording(const std::string& path) {
  std::ifstream in(path);
  std::map<std::string, std::vector<double>, std::less<>> values;
  bool empty = false;  // A scrape that failed: its time has no samples.
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#TS ")) {
      if (empty) recording.times.pop_back();
      recording.times.push_back(std::stoll(line.substr(4)));
      empty = true;
    }
    const size_t space = line.rfind(' ');
    if (line.empty() || line[0] == '#' || space == std::string::npos) continue;
    empty = false;
    double value = 0;
    std::from_chars(line.data() + space + 1, line.data() + line.size(), value);
    values[line.substr(0, space)].push_back(value);
  }
  if (empty) recording.times.pop_back();
  if (!recording.times.empty()) recording.times.pop_back();  // The last scrape may be cut off.
  for (auto& [name, column] : values) {
    if (column.size() < recording.times.size()) continue;
    column.resize(recording.times.size());
    recording.series.push_back({ParseSeries(name), std::move(column)});
  }
  std::sort(recording.series.begin(), recording.series.end(), [](const auto& a, const auto& b) {
    return CompareSeriesOrder(a.labels.view(), b.labels.view()) < 0;
  });
  return !recording.series.empty();
}

// The same values on a 15 s grid when `aligned`, else at the recorded times.
std::vector<model::TimestampMs> Times(size_t count, bool aligned) {
  std::vector<model::TimestampMs> times(recording.times.begin(),
                                        recording.times.begin() + static_cast<ptrdiff_t>(count));
  for (size_t i = 0; aligned && i < count; ++i) {
    times[i] = recording.times[0] + static_cast<int64_t>(i) * 15'000;
  }
  return times;
}

SealedSegment Build(size_t count, bool aligned) {
  const auto times = Times(count, aligned);
  SegmentId id;
  id.tenant = "bench";
  SegmentBuilder builder(id, SpanContaining(times[0], kPartitionWidths.back()));
  for (const RecordedSeries& series : recording.series) {
    SeriesInput input;
    input.timestamps = times;
    input.values = std::span(series.values).first(count);
    if (!builder.AddSeries(series.labels.view(), input).ok()) std::abort();
  }
  return *builder.Finish();
}

// Page values in memory.
class MemorySource final : public PageSource {
 public:
  explicit MemorySource(const SealedSegment& segment)
      : pages_(segment.pages.begin(), segment.pages.end()) {}
  absl::StatusOr<std::string> Read(std::string_view key) const override {
    const auto at = pages_.find(std::string(key));
    if (at == pages_.end()) return absl::NotFoundError("no such page");
    return at->second;
  }

 private:
  std::map<std::string, std::string> pages_;
};

void CountSizes(const SealedSegment& segment, benchmark::State& state) {
  size_t data = 0;
  size_t largest = 0;
  for (size_t i = 0; i + 1 < segment.pages.size(); ++i) {
    data += segment.pages[i].second.size();
    largest = std::max(largest, segment.pages[i].second.size());
  }
  state.counters["B/sample"] = static_cast<double>(data) / static_cast<double>(segment.samples);
  state.counters["index_B/series"] =
      static_cast<double>(segment.pages.back().second.size()) / static_cast<double>(segment.series);
  state.counters["largest_page"] = static_cast<double>(largest);
  state.counters["time/sample"] = benchmark::Counter(
      static_cast<double>(segment.samples),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void BM_Seal(benchmark::State& state) {
  const size_t count =
      std::min<size_t>(static_cast<size_t>(state.range(0)), recording.times.size());
  SealedSegment segment;
  for (auto _ : state) segment = Build(count, state.range(1) != 0);
  CountSizes(segment, state);
}

void BM_ReadAll(benchmark::State& state) {
  const size_t count =
      std::min<size_t>(static_cast<size_t>(state.range(0)), recording.times.size());
  const SealedSegment segment = Build(count, state.range(1) != 0);
  const MemorySource source(segment);
  const auto key = ParsePageKey(segment.pages[0].first);
  const auto index = *ReadIndex(key->id, PageKind::kMetricIndex, source);
  for (auto _ : state) {
    TimeColumnPool pool;
    SegmentReader::Input input;
    input.id = key->id;
    input.index = index;
    input.source = &source;
    input.pool = &pool;
    SegmentReader reader(std::move(input));
    for (uint32_t series = 0; series < index->series_count(); ++series) {
      std::vector<FloatPart> parts;
      if (!reader.ReadFloats(series, {}, &parts).ok() || parts.empty()) std::abort();
      benchmark::DoNotOptimize(parts.back().values.back());
    }
  }
  CountSizes(segment, state);
}

BENCHMARK(BM_Seal)->ArgsProduct({{120, 240, 480}, {0, 1}});
BENCHMARK(BM_ReadAll)->ArgsProduct({{120, 240, 480}, {0, 1}});

}  // namespace
}  // namespace tidegate::storage

int main(int argc, char** argv) {
  constexpr std::string_view kFlag = "--capture=";
  std::vector<char*> arguments;
  std::string path;
  for (int i = 0; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(kFlag)) {
      path = argument.substr(kFlag.size());
    } else {
      arguments.push_back(argv[i]);
    }
  }
  if (path.empty() || !tidegate::storage::ReadRecording(path)) {
    std::fprintf(stderr, "page_bench: give a recording with --capture=FILE\n");
    return path.empty() ? 0 : 1;
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
