#include "storage/head/head_tester.h"

#include <fmt/format.h>

#include <bit>

#include "gtest/gtest.h"
#include "model/series_id.h"
#include "storage/logs/stream_batches.h"

namespace tidegate::storage::head {
namespace {

template <typename Item>
class VectorSink final : public Sink<Item> {
 public:
  absl::Status Add(Item item) override {
    items.push_back(std::move(item));
    return absl::OkStatus();
  }
  std::vector<Item> items;
};

}  // namespace

BatchBuilder& BatchBuilder::Series(const LabelPairs& labels) {
  return SeriesBytes(std::string(model::Labels(labels).bytes()));
}

BatchBuilder& BatchBuilder::SeriesBytes(std::string bytes) {
  bytes_.push_back(std::move(bytes));
  model::BatchSeries series;
  series.label_bytes = bytes_.back();
  series.id = model::HashLabelBytes(bytes_.back());
  series.samples_begin = series.samples_end = static_cast<uint32_t>(batch_.timestamps.size());
  series.histograms_begin = series.histograms_end = static_cast<uint32_t>(batch_.histograms.size());
  series.exemplars_begin = series.exemplars_end = static_cast<uint32_t>(batch_.exemplars.size());
  series.entries_begin = series.entries_end = static_cast<uint32_t>(batch_.entries.size());
  batch_.series.push_back(series);
  return *this;
}

BatchBuilder& BatchBuilder::Sample(model::TimestampMs timestamp, double value,
                                   model::TimestampMs start) {
  batch_.timestamps.push_back(timestamp);
  batch_.values.push_back(value);
  batch_.start_timestamps.push_back(start);
  has_starts_ |= start != 0;
  ++batch_.series.back().samples_end;
  return *this;
}

BatchBuilder& BatchBuilder::Histogram(model::TimestampMs timestamp, model::Histogram histogram) {
  batch_.histograms.push_back(
      {.timestamp = timestamp, .start_timestamp = 0, .histogram = std::move(histogram)});
  ++batch_.series.back().histograms_end;
  return *this;
}

BatchBuilder& BatchBuilder::Exemplar(model::Exemplar exemplar) {
  batch_.exemplars.push_back(std::move(exemplar));
  ++batch_.series.back().exemplars_end;
  return *this;
}

BatchBuilder& BatchBuilder::Entry(model::LogEntry entry) {
  entries_.push_back(std::make_shared<const model::LogEntry>(std::move(entry)));
  const model::LogEntry& kept = *entries_.back();
  batch_.entries.push_back({kept.timestamp, kept.line, kept.structured_metadata.bytes()});
  ++batch_.series.back().entries_end;
  return *this;
}

const model::WriteBatch& BatchBuilder::batch() {
  if (!has_starts_) batch_.start_timestamps.clear();
  return batch_;
}

absl::StatusOr<model::Labels> TestAdmission::Admit(std::string_view label_bytes) const {
  return model::CanonicalLabels(label_bytes);
}

absl::Status TestAdmission::AdmitSeriesCount(uint64_t active) const {
  return active < max_series_ ? absl::OkStatus() : absl::ResourceExhaustedError("too many series");
}

std::string Describe(const Answer& answer) {
  std::string out;
  for (const auto& [labels, series] : answer.series) {
    out += labels + "\n";
    for (const auto& [t, bits] : series.samples) {
      out += fmt::format("  {} {}\n", t, std::bit_cast<double>(bits));
    }
    for (const auto& [t, start] : series.starts) out += fmt::format("  {} started {}\n", t, start);
    for (const auto& [t, encoded] : series.histograms) {
      out += fmt::format("  {} histogram of {} bytes\n", t, encoded.size());
    }
  }
  return out;
}

model::RequestContext TestContext(std::string tenant) {
  model::RequestContext context;
  context.tenant = std::move(tenant);
  return context;
}

std::vector<model::CompiledMatcher> Matchers(const std::vector<model::Matcher>& matchers) {
  auto compiled = model::CompileMatchers(matchers);
  EXPECT_TRUE(compiled.ok());
  return *std::move(compiled);
}

Answer SelectAll(SeriesSource& source, const std::string& tenant, model::TimeRange range,
                 const std::vector<model::Matcher>& matchers) {
  VectorSink<SelectedSeries> sink;
  EXPECT_TRUE(
      source.Select(TestContext(tenant), {.matchers = Matchers(matchers), .range = range}, sink)
          .ok());
  Answer answer;
  for (const SelectedSeries& selected : sink.items) {
    const std::string labels = model::ToString(selected.labels);
    EXPECT_FALSE(answer.series.contains(labels)) << labels << " comes twice";
    Answer::Series& series = answer.series[labels];
    const SeriesColumns& columns = selected.columns;
    EXPECT_NE(columns.timestamps, nullptr);
    EXPECT_EQ(columns.timestamps->size(), columns.values.size());
    for (size_t i = 0; i < columns.values.size(); ++i) {
      const model::TimestampMs t = (*columns.timestamps)[i];
      EXPECT_TRUE(range.Contains(t));
      if (i > 0) {
        EXPECT_LT((*columns.timestamps)[i - 1], t);
      }
      series.samples[t] = std::bit_cast<uint64_t>(columns.values[i]);
      if (!columns.start_timestamps.empty() && columns.start_timestamps[i] != 0) {
        series.starts[t] = columns.start_timestamps[i];
      }
    }
    for (const model::HistogramSample& histogram : columns.histograms) {
      EXPECT_TRUE(range.Contains(histogram.timestamp));
      if (!series.histograms.empty()) {
        EXPECT_LT(series.histograms.rbegin()->first, histogram.timestamp);
      }
      EncodeHistogram(histogram.histogram, &series.histograms[histogram.timestamp]);
    }
    EXPECT_FALSE(series.samples.empty() && series.histograms.empty()) << labels << " is empty";
  }
  return answer;
}

std::vector<SelectedExemplars> AllExemplars(SeriesSource& source, model::TimeRange range) {
  VectorSink<SelectedExemplars> sink;
  EXPECT_TRUE(source.SelectExemplars(TestContext(), {.matchers = {}, .range = range}, sink).ok());
  return sink.items;
}

std::vector<TestStream> AllStreams(LogSource& source, model::TimeRange range) {
  VectorSink<LogBatch> sink;
  LogSelection selection;
  selection.range = NanosecondsOf(range);
  EXPECT_TRUE(source.SelectLogs(TestContext(), selection, sink).ok());
  std::vector<TestStream> streams;
  for (const LogBatch& batch : sink.items) {
    if (streams.empty() || streams.back().labels != *batch.stream) {
      streams.push_back({*batch.stream, {}});
    }
    for (size_t i = 0; i < batch.timestamps.size(); ++i) {
      streams.back().entries.push_back(
          {batch.timestamps[i], std::string(batch.lines[i]),
           batch.metadata.empty() ? model::Labels() : batch.metadata_sets[batch.metadata[i]]});
    }
  }
  return streams;
}

model::Histogram TestHistogram(uint64_t seed) {
  model::IntHistogram histogram;
  histogram.schema = 3;
  histogram.zero_threshold = 0.001;
  histogram.zero_count = 1;
  histogram.count = 4 + seed % 7;
  histogram.sum = static_cast<double>(seed) / 3;
  histogram.positive_spans = {{.offset = 2, .length = 2}};
  histogram.positive_deltas = {1, static_cast<int64_t>(1 + seed % 7)};
  return histogram;
}

}  // namespace tidegate::storage::head
