// Our decoder of remote write 2.0 against the generated protobuf decoder: both accept and mean the
// same, or both refuse. Beyond the format ours refuses a first symbol that is not empty, and what
// would take far more memory than its bytes.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/remote_write_2.h"
#include "model/labels.h"
#include "proto/prometheus/write_v2.pb.h"

namespace tidegate::ingest {
namespace {

namespace pb = prompb::v2;
using Fault = RefusedSeries::Fault;
using References = google::protobuf::RepeatedField<uint32_t>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

#define CHECK_THAT(condition)                                                        \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                  \
    }                                                                                \
  } while (false)

bool Resolve(const pb::Request& request, const References& references, Pairs* labels) {
  for (const uint32_t reference : references) {
    if (reference >= static_cast<uint32_t>(request.symbols_size())) return false;
  }
  if (references.size() % 2 != 0) return false;
  for (int i = 0; i < references.size(); i += 2) {
    labels->emplace_back(request.symbols(static_cast<int>(references[i])),
                         request.symbols(static_cast<int>(references[i + 1])));
  }
  return true;
}

bool IsLabelSet(const Pairs& labels) {
  std::set<std::string> names;
  return std::all_of(labels.begin(), labels.end(), [&names](const auto& label) {
    return !label.first.empty() && names.insert(label.first).second &&
           model::IsValidUtf8(label.first) && model::IsValidUtf8(label.second);
  });
}

std::string Written(Pairs labels) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string bytes;
  for (const auto& [name, value] : labels) model::AppendLabelBytes(name, value, &bytes);
  return bytes;
}

struct Counts {
  uint64_t invalid_exemplars = 0;
  size_t refused = 0;
};

// The exemplars of a series that survive, and what becomes of the others.
std::vector<model::Exemplar> Exemplars(const pb::Request& request, const pb::TimeSeries& series,
                                       Counts* counts) {
  std::vector<model::Exemplar> kept;
  for (const pb::Exemplar& exemplar : series.exemplars()) {
    Pairs labels;
    if (!Resolve(request, exemplar.labels_refs(), &labels)) {
      ++counts->refused;
    } else if (!IsLabelSet(labels)) {
      ++counts->invalid_exemplars;
    } else {
      kept.push_back({model::Labels(std::move(labels)), exemplar.value(), exemplar.timestamp()});
    }
  }
  return kept;
}

void CompareSamples(const pb::TimeSeries& expected, const model::BatchSeries& series,
                    const model::WriteBatch& batch) {
  CHECK_THAT(static_cast<uint32_t>(expected.samples_size()) ==
             series.samples_end - series.samples_begin);
  for (int i = 0; i < expected.samples_size(); ++i) {
    const size_t at = series.samples_begin + static_cast<size_t>(i);
    CHECK_THAT(batch.timestamps[at] == expected.samples(i).timestamp());
    CHECK_THAT(model::SameBits(batch.values[at], expected.samples(i).value()));
    const model::TimestampMs start =
        batch.start_timestamps.empty() ? 0 : batch.start_timestamps[at];
    CHECK_THAT(start == expected.samples(i).start_timestamp());
  }
}

void CompareHistograms(const pb::TimeSeries& expected, const model::BatchSeries& series,
                       const model::WriteBatch& batch) {
  CHECK_THAT(static_cast<uint32_t>(expected.histograms_size()) ==
             series.histograms_end - series.histograms_begin);
  for (int i = 0; i < expected.histograms_size(); ++i) {
    const pb::Histogram& from = expected.histograms(i);
    const model::HistogramSample& sample =
        batch.histograms[series.histograms_begin + static_cast<size_t>(i)];
    CHECK_THAT(sample.timestamp == from.timestamp());
    CHECK_THAT(sample.start_timestamp == from.start_timestamp());
    CHECK_THAT(std::holds_alternative<model::FloatHistogram>(sample.histogram) ==
               (from.count_case() == pb::Histogram::kCountFloat));
    std::visit(
        [&from](const auto& histogram) {
          CHECK_THAT(histogram.schema == from.schema());
          CHECK_THAT(model::SameBits(histogram.sum, from.sum()));
          CHECK_THAT(histogram.positive_spans.size() ==
                     static_cast<size_t>(from.positive_spans_size()));
          CHECK_THAT(histogram.custom_values.size() ==
                     static_cast<size_t>(from.custom_values_size()));
        },
        sample.histogram);
  }
}

// Metadata of which something is said and whose references lead somewhere.
bool HasBadMetadata(const pb::Request& request, const pb::TimeSeries& series) {
  const pb::Metadata& metadata = series.metadata();
  const auto symbols = static_cast<uint32_t>(request.symbols_size());
  const bool empty = metadata.type() == 0 && metadata.help_ref() == 0 && metadata.unit_ref() == 0;
  return !empty && (metadata.help_ref() >= symbols || metadata.unit_ref() >= symbols);
}

void CompareSeries(const pb::TimeSeries& expected, const Pairs& labels,
                   const std::vector<model::Exemplar>& exemplars, const model::BatchSeries& series,
                   const model::WriteBatch& batch) {
  CHECK_THAT(series.label_bytes == Written(labels));
  CHECK_THAT(series.id == model::HashLabelBytes(series.label_bytes));
  CompareSamples(expected, series, batch);
  CompareHistograms(expected, series, batch);
  CHECK_THAT(std::equal(exemplars.begin(), exemplars.end(),
                        batch.exemplars.begin() + series.exemplars_begin,
                        batch.exemplars.begin() + series.exemplars_end));
}

void CompareBatch(const pb::Request& expected, const DecodedPush& push) {
  const model::WriteBatch& batch = push.batch;
  CHECK_THAT(batch.timestamps.size() == batch.values.size());
  CHECK_THAT(batch.start_timestamps.empty() ||
             batch.start_timestamps.size() == batch.timestamps.size());
  Counts counts;
  size_t next = 0;
  for (const pb::TimeSeries& from : expected.timeseries()) {
    const std::vector<model::Exemplar> exemplars = Exemplars(expected, from, &counts);
    Pairs labels;
    if (!Resolve(expected, from.labels_refs(), &labels) ||
        (from.samples_size() == 0 && from.histograms_size() == 0 && exemplars.empty())) {
      ++counts.refused;
      continue;
    }
    CHECK_THAT(next < batch.series.size());
    CompareSeries(from, labels, exemplars, batch.series[next++], batch);
    counts.refused += HasBadMetadata(expected, from);
  }
  CHECK_THAT(next == batch.series.size());
  CHECK_THAT(counts.invalid_exemplars == push.invalid_exemplars);
  CHECK_THAT(counts.refused == push.refused_series.size());
}

void CompareDecoders(std::string_view bytes) {
  pb::Request expected;
  const bool accepted = expected.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  DecodedPush push;
  SymbolTable symbols;
  const absl::Status status = DecodeRemoteWrite2(
      bytes, 64 << 20, [](size_t) { return absl::OkStatus(); }, &symbols, &push);
  if (absl::IsOutOfRange(status)) return;
  if (status.ok()) {
    CHECK_THAT(accepted);
    CompareBatch(expected, push);
  } else {
    CHECK_THAT(!accepted || (expected.symbols_size() > 0 && !expected.symbols(0).empty()));
  }
}

}  // namespace
}  // namespace tidegate::ingest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tidegate::ingest::CompareDecoders({reinterpret_cast<const char*>(data), size});
  return 0;
}
