// For tests: pushes written as sentences, and what a head answers as plain maps.
#ifndef TIDEGATE_STORAGE_HEAD_HEAD_TESTER_H_
#define TIDEGATE_STORAGE_HEAD_HEAD_TESTER_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/request_context.h"
#include "model/write_batch.h"
#include "storage/head.h"
#include "storage/log_source.h"
#include "storage/series_source.h"

namespace tidegate::storage::head {

using LabelPairs = std::vector<std::pair<std::string, std::string>>;

// A batch and the bytes that it views. One entry of the batch per series mentioned, in order.
class BatchBuilder {
 public:
  // The calls below add to this series.
  BatchBuilder& Series(const LabelPairs& labels);
  // Label bytes as given, canonical or not.
  BatchBuilder& SeriesBytes(std::string bytes);
  BatchBuilder& Sample(model::TimestampMs timestamp, double value, model::TimestampMs start = 0);
  BatchBuilder& Histogram(model::TimestampMs timestamp, model::Histogram histogram);
  BatchBuilder& Exemplar(model::Exemplar exemplar);
  BatchBuilder& Entry(model::LogEntry entry);
  const model::WriteBatch& batch();

 private:
  std::deque<std::string> bytes_;
  // Shared, so that a copy of the builder still views them.
  std::vector<std::shared_ptr<const model::LogEntry>> entries_;
  model::WriteBatch batch_;
  bool has_starts_ = false;
};

// Canonicalises, and refuses series beyond a limit.
class TestAdmission final : public SeriesAdmission {
 public:
  explicit TestAdmission(uint64_t max_series = UINT64_MAX) : max_series_(max_series) {}
  absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const override;
  absl::Status AdmitSeriesCount(uint64_t active) const override;
  uint64_t max_series_of_metric() const override { return of_metric; }
  std::string MetricIsFull() const override { return "full"; }

  uint64_t of_metric = 0;

 private:
  uint64_t max_series_;
};

// The series of an answer: samples by time, as bits, so that NaNs compare.
struct Answer {
  struct Series {
    std::map<model::TimestampMs, uint64_t> samples;
    std::map<model::TimestampMs, model::TimestampMs> starts;  // Those that are known.
    std::map<model::TimestampMs, std::string> histograms;     // Encoded.
    friend bool operator==(const Series&, const Series&) = default;
  };
  std::map<std::string, Series> series;  // By ToString of the labels.
  friend bool operator==(const Answer&, const Answer&) = default;
};
std::string Describe(const Answer& answer);

model::RequestContext TestContext(std::string tenant = "a");
std::vector<model::CompiledMatcher> Matchers(const std::vector<model::Matcher>& matchers);

// What Select answers; fails the test on an error, a repeated series or an unordered column.
Answer SelectAll(SeriesSource& source, const std::string& tenant = "a", model::TimeRange range = {},
                 const std::vector<model::Matcher>& matchers = {});
std::vector<SelectedExemplars> AllExemplars(SeriesSource& source, model::TimeRange range = {});
struct TestStream {
  model::Labels labels;
  std::vector<model::LogEntry> entries;
};
std::vector<TestStream> AllStreams(LogSource& source, model::TimeRange range = {});

// A small integer histogram whose contents depend on `seed`.
model::Histogram TestHistogram(uint64_t seed);

}  // namespace tidegate::storage::head

#endif  // TIDEGATE_STORAGE_HEAD_HEAD_TESTER_H_
