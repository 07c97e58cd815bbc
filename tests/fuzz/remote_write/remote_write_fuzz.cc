// Our remote write decoder against the generated protobuf decoder: both accept and mean the same,
// or both refuse. Two deliberate differences are modelled below:
//   - what is inside a Label is not looked at while decoding: a broken one is left to admission
//     (model::CanonicalLabels), so that it costs its series and not the request;
//   - exemplars whose labels are no label set are dropped and counted.
// A request that would take far more memory than its bytes is refused by us alone.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/remote_write.h"
#include "model/labels.h"
#include "proto/prometheus/remote.pb.h"

namespace tidegate::ingest {
namespace {

#define CHECK_THAT(condition)                                                        \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                  \
    }                                                                                \
  } while (false)

using PbLabels = google::protobuf::RepeatedPtrField<prompb::Label>;
using PbSpans = google::protobuf::RepeatedPtrField<prompb::BucketSpan>;

bool IsLabelSet(const PbLabels& labels) {
  std::set<std::string> names;
  for (const prompb::Label& label : labels) {
    if (label.name().empty() || !names.insert(label.name()).second) return false;
    if (!model::IsValidUtf8(label.name()) || !model::IsValidUtf8(label.value())) return false;
  }
  return true;
}

model::Labels ToLabels(const PbLabels& labels) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const prompb::Label& label : labels) pairs.emplace_back(label.name(), label.value());
  return model::Labels(std::move(pairs));
}

bool HasUnknownFields(const PbLabels& labels) {
  for (const prompb::Label& label : labels) {
    if (!label.GetReflection()->GetUnknownFields(label).empty()) return true;
  }
  return false;
}

void CompareLabels(const PbLabels& expected, const model::BatchSeries& series) {
  CHECK_THAT(series.id == model::HashLabelBytes(series.label_bytes));
  prompb::TimeSeries reparsed;
  CHECK_THAT(reparsed.ParseFromArray(series.label_bytes.data(),
                                     static_cast<int>(series.label_bytes.size())));
  CHECK_THAT(reparsed.labels_size() == expected.size());
  for (int i = 0; i < expected.size(); ++i) {
    CHECK_THAT(reparsed.labels(i).name() == expected[i].name());
    CHECK_THAT(reparsed.labels(i).value() == expected[i].value());
  }
  const auto canonical = model::CanonicalLabels(series.label_bytes);
  if (canonical.ok()) {
    CHECK_THAT(IsLabelSet(expected));
    CHECK_THAT(*canonical == ToLabels(expected));
    CHECK_THAT(model::CheckLabelBytes(canonical->bytes()).ok());
  } else {
    // Unknown groups inside a label are refused, too.
    CHECK_THAT(!IsLabelSet(expected) || HasUnknownFields(expected));
  }
}

void CompareSpans(const PbSpans& expected, const std::vector<model::HistogramSpan>& spans) {
  CHECK_THAT(static_cast<size_t>(expected.size()) == spans.size());
  for (int i = 0; i < expected.size(); ++i) {
    CHECK_THAT(expected[i].offset() == spans[i].offset);
    CHECK_THAT(expected[i].length() == spans[i].length);
  }
}

void CompareDoubles(const google::protobuf::RepeatedField<double>& expected,
                    const std::vector<double>& values) {
  CHECK_THAT(static_cast<size_t>(expected.size()) == values.size());
  for (int i = 0; i < expected.size(); ++i) CHECK_THAT(model::SameBits(expected[i], values[i]));
}

void CompareDeltas(const google::protobuf::RepeatedField<int64_t>& expected,
                   const std::vector<int64_t>& deltas) {
  CHECK_THAT(std::vector<int64_t>(expected.begin(), expected.end()) == deltas);
}

void CompareKind(const prompb::Histogram& expected, const model::IntHistogram& histogram) {
  CHECK_THAT(expected.count_case() != prompb::Histogram::kCountFloat);
  CHECK_THAT(expected.count_int() == histogram.count);
  CHECK_THAT(expected.zero_count_int() == histogram.zero_count);
  CompareDeltas(expected.positive_deltas(), histogram.positive_deltas);
  CompareDeltas(expected.negative_deltas(), histogram.negative_deltas);
}

void CompareKind(const prompb::Histogram& expected, const model::FloatHistogram& histogram) {
  CHECK_THAT(expected.count_case() == prompb::Histogram::kCountFloat);
  CHECK_THAT(model::SameBits(expected.count_float(), histogram.count));
  CHECK_THAT(model::SameBits(expected.zero_count_float(), histogram.zero_count));
  CompareDoubles(expected.positive_counts(), histogram.positive_buckets);
  CompareDoubles(expected.negative_counts(), histogram.negative_buckets);
}

template <typename Kind>
void CompareHistogram(const prompb::Histogram& expected, const Kind& histogram) {
  CompareKind(expected, histogram);
  CHECK_THAT(model::SameBits(expected.sum(), histogram.sum));
  CHECK_THAT(expected.schema() == histogram.schema);
  CHECK_THAT(model::SameBits(expected.zero_threshold(), histogram.zero_threshold));
  CompareSpans(expected.positive_spans(), histogram.positive_spans);
  CompareSpans(expected.negative_spans(), histogram.negative_spans);
  CompareDoubles(expected.custom_values(), histogram.custom_values);
  const int hint = static_cast<int>(expected.reset_hint());
  CHECK_THAT(static_cast<int>(histogram.counter_reset_hint) == (hint < 0 || hint > 3 ? 0 : hint));
}

void CompareHistograms(const prompb::TimeSeries& expected, const model::BatchSeries& series,
                       const model::WriteBatch& batch) {
  CHECK_THAT(static_cast<uint32_t>(expected.histograms_size()) ==
             series.histograms_end - series.histograms_begin);
  for (int i = 0; i < expected.histograms_size(); ++i) {
    const model::HistogramSample& sample = batch.histograms[series.histograms_begin + i];
    CHECK_THAT(expected.histograms(i).timestamp() == sample.timestamp);
    std::visit([&](const auto& kind) { CompareHistogram(expected.histograms(i), kind); },
               sample.histogram);
  }
}

void CompareSamples(const prompb::TimeSeries& expected, const model::BatchSeries& series,
                    const model::WriteBatch& batch) {
  CHECK_THAT(static_cast<uint32_t>(expected.samples_size()) ==
             series.samples_end - series.samples_begin);
  for (int i = 0; i < expected.samples_size(); ++i) {
    CHECK_THAT(expected.samples(i).timestamp() == batch.timestamps[series.samples_begin + i]);
    CHECK_THAT(
        model::SameBits(expected.samples(i).value(), batch.values[series.samples_begin + i]));
  }
}

// Returns how many exemplars are invalid.
uint64_t CompareExemplars(const prompb::TimeSeries& expected, const model::BatchSeries& series,
                          const model::WriteBatch& batch) {
  uint32_t at = series.exemplars_begin;
  uint64_t invalid = 0;
  for (const prompb::Exemplar& exemplar : expected.exemplars()) {
    if (!IsLabelSet(exemplar.labels())) {
      ++invalid;
      continue;
    }
    CHECK_THAT(at < series.exemplars_end);
    CHECK_THAT(batch.exemplars[at] == (model::Exemplar{ToLabels(exemplar.labels()),
                                                       exemplar.value(), exemplar.timestamp()}));
    ++at;
  }
  CHECK_THAT(at == series.exemplars_end);
  return invalid;
}

void CompareMetadata(const prompb::WriteRequest& expected, const model::WriteBatch& batch) {
  CHECK_THAT(static_cast<size_t>(expected.metadata_size()) == batch.metadata.size());
  for (int i = 0; i < expected.metadata_size(); ++i) {
    const prompb::MetricMetadata& from = expected.metadata(i);
    const int type = static_cast<int>(from.type());
    CHECK_THAT(batch.metadata[i] == (model::MetricMetadata{from.metric_family_name(),
                                                           static_cast<model::MetricType>(
                                                               type < 0 || type > 7 ? 0 : type),
                                                           from.help(), from.unit()}));
  }
}

void CompareBatch(const prompb::WriteRequest& expected, const DecodedPush& push) {
  const model::WriteBatch& batch = push.batch;
  CHECK_THAT(static_cast<size_t>(expected.timeseries_size()) == batch.series.size());
  CHECK_THAT(batch.timestamps.size() == batch.values.size());
  uint64_t invalid_exemplars = 0;
  for (int i = 0; i < expected.timeseries_size(); ++i) {
    const prompb::TimeSeries& from = expected.timeseries(i);
    const model::BatchSeries& series = batch.series[i];
    CompareLabels(from.labels(), series);
    CompareSamples(from, series, batch);
    CompareHistograms(from, series, batch);
    invalid_exemplars += CompareExemplars(from, series, batch);
  }
  CHECK_THAT(invalid_exemplars == push.invalid_exemplars);
  CompareMetadata(expected, batch);
}

bool HasBrokenLabel(const model::WriteBatch& batch) {
  for (const model::BatchSeries& series : batch.series) {
    prompb::TimeSeries labels;
    if (!labels.ParseFromArray(series.label_bytes.data(),
                               static_cast<int>(series.label_bytes.size()))) {
      return true;
    }
  }
  return false;
}

void CompareDecoders(std::string_view bytes) {
  prompb::WriteRequest expected;
  const bool accepted = expected.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  DecodedPush push;
  const absl::Status status = DecodeRemoteWrite(bytes, &push);
  if (absl::IsOutOfRange(status)) return;
  if (!status.ok()) {
    CHECK_THAT(!accepted);
  } else if (!accepted) {
    CHECK_THAT(HasBrokenLabel(push.batch));
  } else {
    CompareBatch(expected, push);
  }
}

}  // namespace
}  // namespace tidegate::ingest

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tidegate::ingest::CompareDecoders({reinterpret_cast<const char*>(data), size});
  return 0;
}
