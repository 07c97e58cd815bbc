// Reads what a target exposes as protobuf: io.prometheus.client.MetricFamily messages, each behind
// its size. The one format with native histograms.
//
// Source of the rules: prometheus/client_model (io/prometheus/client/metrics.proto) and
// prometheus/model/textparse/protobufparse.go of version 3.
#ifndef TIDEGATE_MODEL_EXPOSITION_PROTOBUF_EXPOSITION_H_
#define TIDEGATE_MODEL_EXPOSITION_PROTOBUF_EXPOSITION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/exposition/series_text.h"
#include "model/histogram.h"
#include "model/metadata.h"
#include "model/sample.h"

namespace tidegate::model {

// One sample: a number or a native histogram.
struct ProtobufSample {
  // The same bytes mean the same series of this target, as the text of a series does. They begin
  // with a byte that no text begins with.
  std::string key;
  double value = 0;  // Never a stale marker.
  std::optional<Histogram> histogram;
  std::optional<TimestampMs> timestamp;
  // One at most, but for native histograms. Without a time of their own it is 0.
  std::vector<Exemplar> exemplars;
};

// Pull parser: Next until kEnd or an error. Not thread safe; the bytes must outlive it.
class ProtobufExposition {
 public:
  enum class Entry : uint8_t { kEnd, kSample, kFamily };

  // With `classic` a native histogram also gives its classic series, when it has buckets for them.
  ProtobufExposition(std::string_view bytes, bool classic);

  // InvalidArgument names the family, or the offset of the message. A family comes before its
  // samples.
  absl::StatusOr<Entry> Next();

  const MetricMetadata& family() const { return family_; }  // Of the samples that follow.
  const ProtobufSample& sample() const { return samples_[sample_]; }
  // The labels of the sample, the name among them. InvalidArgument: no name, one twice, not UTF-8.
  absl::Status ReadLabels(LabelPairs* labels) const;

 private:
  struct Name {
    std::string_view suffix;
    std::string_view bound_label;  // le or quantile; empty without one.
    std::string bound;
  };

  absl::Status ReadFamily(std::string_view message);
  absl::Status ReadMetric(std::string_view message);
  absl::Status ReadNumber(std::string_view message);
  absl::Status ReadSummary(std::string_view message);
  absl::Status ReadHistogram(std::string_view message);
  ProtobufSample& Add(Name name, double value);
  absl::Status Broken(std::string_view what) const;

  const std::string_view bytes_;
  const bool classic_;
  size_t offset_ = 0;

  MetricMetadata family_;
  std::vector<std::string_view> metrics_;  // Of the family, to be read.
  size_t metric_ = 0;
  // Of the metric at work.
  std::vector<std::string_view> labels_;  // LabelPair messages.
  std::optional<TimestampMs> timestamp_;
  std::vector<ProtobufSample> samples_;
  std::vector<Name> names_;  // Of the samples.
  size_t sample_ = 0;
  bool announced_ = true;  // kFamily was returned for this family.
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_EXPOSITION_PROTOBUF_EXPOSITION_H_
