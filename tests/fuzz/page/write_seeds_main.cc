// Writes the seeds of page_fuzz: the sections of a small segment's pages, one file per page.
//
//   bazel run //tests/fuzz/page:write_seeds -- DIRECTORY

#include <cstdlib>
#include <fstream>
#include <string>

#include "storage/codec/bytes.h"
#include "storage/page/envelope.h"
#include "storage/page/segment_builder.h"
#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

SealedSegment SmallSegment() {
  SegmentId id;
  id.tenant = "seed";
  SegmentBuilder builder(id, {.begin = 0, .duration = kDayMs});
  for (int s = 0; s < 6; ++s) {
    std::vector<model::TimestampMs> times;
    std::vector<double> values;
    for (int i = 0; i < 300; ++i) {
      times.push_back(i * 1000 + (s == 3 ? i % 7 : 0));
      values.push_back(s == 0 ? 1 : s == 1 ? i / 100.0 : s == 2 ? 1.0 / (i + 1) : i * 4096.0);
    }
    if (s == 4) values[17] = model::StaleNan();
    SeriesInput input;
    input.timestamps = times;
    input.values = values;
    if (s == 5) input.start_timestamps = times;
    model::HistogramSample histogram;
    histogram.timestamp = 500;
    model::Exemplar exemplar;
    exemplar.timestamp = 600;
    exemplar.labels = model::Labels({{"trace_id", "1"}});
    if (s == 2) input.histograms = {&histogram, 1};
    if (s == 2) input.exemplars = {&exemplar, 1};
    const model::Labels labels({{"__name__", "m"}, {"s", std::to_string(s)}});
    if (!builder.AddSeries(labels.view(), input).ok()) std::abort();
  }
  model::LogEntry entry;
  entry.line = "line";
  if (!builder.AddStream(model::Labels({{"app", "x"}}).view(), {&entry, 1}).ok()) std::abort();
  return *builder.Finish();
}

}  // namespace
}  // namespace tidegate::storage

int main(int argc, char** argv) {
  using namespace tidegate::storage;  // NOLINT: a main has no namespace.
  if (argc != 2) return 2;
  int number = 0;
  for (const auto& [key, value] : SmallSegment().pages) {
    const auto envelope = Envelope::Open(key, value);
    std::string seed;
    PutU8(static_cast<uint8_t>(envelope->kind()), &seed);
    for (size_t i = 0; i < envelope->size(); ++i) PutBytes(*envelope->Section(i), &seed);
    std::ofstream(std::string(argv[1]) + "/page_" + std::to_string(number++), std::ios::binary)
        << seed;
  }
  std::ofstream(std::string(argv[1]) + "/envelope", std::ios::binary) << SealEnvelope(
      "key", PageKind::kFloat, std::vector<std::string>{"abc", std::string(500, 'x')});
  return 0;
}
