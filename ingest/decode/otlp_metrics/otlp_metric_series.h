// OTLP metrics as series and points, by Prometheus' rules.
//
// Source of the rules: Prometheus' OTLP receiver (prometheus/storage/remote/otlptranslator/
// prometheusremotewrite) and the OpenTelemetry specification (compatibility with Prometheus).
#ifndef TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRIC_SERIES_H_
#define TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRIC_SERIES_H_

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "ingest/decode/decoded_push.h"
#include "ingest/decode/otlp_metrics/delta_totals.h"
#include "ingest/decode/otlp_metrics/otlp_metric.h"
#include "model/labels.h"
#include "model/otlp_rules.h"

namespace tidegate::ingest {

// What a decoding of metrics works by; everything must outlive it.
struct OtlpMetricContext {
  const model::OtlpMetricRules* rules = nullptr;
  TenantDeltaTotals* deltas = nullptr;
  uint64_t now = 0;            // Nanoseconds since the Unix epoch.
  size_t max_label_bytes = 0;  // Of all series of the request together; 0 = any.
};

// Owned by one thread. Resource, its scopes, their metrics, their points, in the order of the
// request. Points that cannot be series are in push->refused_points; the others go on.
class OtlpMetricSeries {
 public:
  OtlpMetricSeries(const OtlpMetricContext& context, DecodedPush* push);

  void BeginResource(const std::vector<OtlpAttribute>& attributes);
  void BeginScope(const OtlpScope& scope, std::string_view schema_url);
  void BeginMetric(const OtlpMetric& metric);
  // Changes the point: deltas become totals.
  void Add(OtlpPoint* point);
  // Writes target_info.
  void EndResource();

  // OutOfRange beyond max_label_bytes; nothing is added after that.
  absl::Status status() const;

 private:
  using LabelViews = std::vector<model::Label>;

  struct SampleTimes {
    model::TimestampMs time = 0;
    model::TimestampMs start = 0;
  };

  std::string_view TextOf(const OtlpValue& value);
  std::string_view NameOf(std::string_view key);
  void AddAttributes(const std::vector<OtlpAttribute>& attributes, std::string_view prefix,
                     LabelViews* labels);
  void SetBaseLabels(const std::vector<OtlpAttribute>& attributes);
  absl::Status Accumulate(OtlpPoint* point);
  // The labels of the point, a name, and one more label where `extra.name` is not empty.
  model::BatchSeries* BeginSeries(std::string_view name, model::Label extra = {});
  void EndSeries(model::BatchSeries* series);
  model::BatchSeries* AddSample(std::string_view name, SampleTimes times, double value,
                                model::Label extra = {});
  void AddNumber(const OtlpPoint& point);
  void AddHistogram(const OtlpPoint& point);
  void AddBuckets(const OtlpPoint& point);
  absl::Status AddCustomBuckets(const OtlpPoint& point);
  absl::Status AddExponential(const OtlpPoint& point);
  void AddNative(const OtlpPoint& point, model::IntHistogram histogram);
  void AddSummary(const OtlpPoint& point);
  void AddExemplars(const OtlpPoint& point, double above, double to);
  model::Exemplar ExemplarOf(const OtlpExemplar& exemplar) const;
  SampleTimes TimesOf(const OtlpPoint& point) const;
  void AddTargetInfoSamples(std::string_view label_bytes);
  void Refuse(const absl::Status& status);

  const model::OtlpMetricRules& rules_;
  const OtlpMetricContext context_;
  DecodedPush* const push_;
  model::WriteBatch& batch_;
  ByteArena& arena_;
  size_t label_bytes_ = 0;
  bool too_large_ = false;

  // Of the resource.
  const std::vector<OtlpAttribute>* resource_ = nullptr;
  LabelViews promoted_;     // Weaker than attributes of points.
  LabelViews identifying_;  // job and instance; stronger.
  uint64_t earliest_ = std::numeric_limits<uint64_t>::max();
  uint64_t latest_ = 0;
  LabelViews scope_;  // Stronger than attributes, too.
  OtlpMetric metric_;
  std::string name_;  // Of the family.
  LabelViews base_;   // Of the point, sorted by name, without __name__.
  std::string scratch_;
};

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_METRICS_OTLP_METRIC_SERIES_H_
