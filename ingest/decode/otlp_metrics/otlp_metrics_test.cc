#include "ingest/decode/otlp_metrics/otlp_metrics.h"

#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ingest/decode/decompress.h"
#include "model/labels.h"
#include "proto/opentelemetry/metrics.pb.h"

namespace tidegate::ingest {
namespace {

using model::OtlpTranslation;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr uint64_t kMs = 1'000'000;
constexpr uint64_t kTime = uint64_t{1'700'000'000'000} * kMs;

void SetAttribute(const std::string& key, const std::string& value, otlp::KeyValue* attribute) {
  attribute->set_key(key);
  attribute->mutable_value()->set_string_value(value);
}

class OtlpMetricsTest : public testing::Test {
 protected:
  OtlpMetricsTest() {
    otlp::ResourceMetrics* const resource = request_.add_resource_metrics();
    SetAttribute("service.name", "shop", resource->mutable_resource()->add_attributes());
    SetAttribute("service.namespace", "eu", resource->mutable_resource()->add_attributes());
    SetAttribute("service.instance.id", "i1", resource->mutable_resource()->add_attributes());
    scope_ = resource->add_scope_metrics();
  }

  otlp::Metric* AddMetric(const std::string& name, const std::string& unit = "") {
    otlp::Metric* const metric = scope_->add_metrics();
    metric->set_name(name);
    metric->set_unit(unit);
    return metric;
  }
  otlp::NumberDataPoint* AddSum(const std::string& name, int temporality, double value) {
    otlp::Sum* const sum = AddMetric(name)->mutable_sum();
    sum->set_aggregation_temporality(temporality);
    sum->set_is_monotonic(true);
    otlp::NumberDataPoint* const point = sum->add_data_points();
    point->set_time_unix_nano(kTime);
    point->set_as_double(value);
    return point;
  }

  OtlpMetricContext Context() {
    return {.rules = &rules_, .deltas = &deltas_, .now = kTime, .max_label_bytes = max_bytes_};
  }
  absl::Status DecodeBytes(std::string bytes) {
    bytes_ = std::move(bytes);
    push_.Clear();
    return DecodeOtlpMetricsProtobuf(bytes_, Context(), &push_);
  }
  absl::Status Decode() { return DecodeBytes(request_.SerializeAsString()); }
  absl::Status DecodeJson(const std::string& body) {
    bytes_ = body + std::string(kReadableBehind, ' ');
    push_.Clear();
    return DecodeOtlpMetricsJson(std::string_view(bytes_).substr(0, body.size()), Context(),
                                 &push_);
  }

  // "name{labels} value@ms" of every sample, "... histogram" of every native histogram.
  std::vector<std::string> Points() const {
    std::vector<std::string> points;
    for (const model::BatchSeries& series : push_.batch.series) {
      EXPECT_TRUE(model::CheckLabelBytes(series.label_bytes).ok());
      EXPECT_EQ(series.id, model::HashLabelBytes(series.label_bytes));
      const std::string name = model::ToMetricString(model::LabelsView(series.label_bytes));
      for (uint32_t i = series.samples_begin; i < series.samples_end; ++i) {
        const double value = push_.batch.values[i];
        points.push_back(name + " " + (model::IsStaleNan(value) ? "stale" : std::to_string(value)) +
                         "@" + std::to_string(push_.batch.timestamps[i]));
      }
      if (series.histograms_end > series.histograms_begin) points.push_back(name + " histogram");
    }
    return points;
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const model::BatchSeries& series : push_.batch.series) {
      names.push_back(model::ToMetricString(model::LabelsView(series.label_bytes)));
    }
    return names;
  }

  otlp::ExportMetricsServiceRequest request_;
  otlp::ScopeMetrics* scope_ = nullptr;
  model::OtlpMetricRules rules_;
  TenantDeltaTotals deltas_;
  size_t max_bytes_ = 0;
  std::string bytes_;
  DecodedPush push_;
};

TEST_F(OtlpMetricsTest, GaugesAndCountersAreSeries) {
  otlp::NumberDataPoint* const gauge =
      AddMetric("system.memory", "By")->mutable_gauge()->add_data_points();
  gauge->set_time_unix_nano(kTime + 5 * kMs);
  gauge->set_as_int(-7);
  SetAttribute("state", "used", gauge->add_attributes());
  otlp::NumberDataPoint* const sum = AddSum("requests", 2, 3);
  sum->set_start_time_unix_nano(kTime - 10 * kMs);
  ASSERT_TRUE(Decode().ok());
  EXPECT_THAT(Points(),
              ElementsAre("system_memory_bytes{instance=\"i1\", job=\"eu/shop\", state=\"used\"} "
                          "-7.000000@1700000000005",
                          "requests_total{instance=\"i1\", job=\"eu/shop\"} "
                          "3.000000@1700000000000"));
  EXPECT_THAT(push_.batch.start_timestamps, ElementsAre(0, 1'699'999'999'990));
  EXPECT_THAT(
      push_.batch.metadata,
      ElementsAre(
          model::MetricMetadata{"system_memory_bytes", model::MetricType::kGauge, "", "bytes"},
          model::MetricMetadata{"requests_total", model::MetricType::kCounter, "", ""}));
}

TEST_F(OtlpMetricsTest, ExplicitHistogramsBecomeClassicSeries) {
  otlp::Histogram* const histogram = AddMetric("t", "s")->mutable_histogram();
  histogram->set_aggregation_temporality(2);
  otlp::HistogramDataPoint* const point = histogram->add_data_points();
  point->set_time_unix_nano(kTime);
  point->set_count(6);
  point->set_sum(1.5);
  for (const double bound : {0.005, 10.0}) point->add_explicit_bounds(bound);
  for (const int count : {1, 2, 3}) point->add_bucket_counts(count);
  for (const double value : {0.001, 100.0}) {
    otlp::Exemplar* const exemplar = point->add_exemplars();
    exemplar->set_as_double(value);
    exemplar->set_time_unix_nano(kTime);
    exemplar->set_trace_id("\x01\x02");
    SetAttribute("user", "u", exemplar->add_filtered_attributes());
  }
  request_.mutable_resource_metrics(0)->clear_resource();
  ASSERT_TRUE(Decode().ok());
  EXPECT_THAT(Points(), ElementsAre("t_seconds_sum 1.500000@1700000000000",
                                    "t_seconds_count 6.000000@1700000000000",
                                    "t_seconds_bucket{le=\"0.005\"} 1.000000@1700000000000",
                                    "t_seconds_bucket{le=\"10\"} 3.000000@1700000000000",
                                    "t_seconds_bucket{le=\"+Inf\"} 6.000000@1700000000000"));
  ASSERT_EQ(push_.batch.exemplars.size(), 2u);
  EXPECT_EQ(push_.batch.exemplars[0].labels, model::Labels({{"trace_id", "0102"}, {"user", "u"}}));
  EXPECT_EQ(push_.batch.series[2].exemplars_end - push_.batch.series[2].exemplars_begin, 1u);
  EXPECT_EQ(push_.batch.series[4].exemplars_end - push_.batch.series[4].exemplars_begin, 1u);

  rules_.convert_histograms_to_nhcb = true;
  ASSERT_TRUE(Decode().ok());
  EXPECT_THAT(Points(), ElementsAre("t_seconds histogram"));
  EXPECT_TRUE(model::Validate(push_.batch.histograms[0].histogram).ok());
  EXPECT_EQ(push_.batch.series[0].exemplars_end, 2u);
}

TEST_F(OtlpMetricsTest, ExponentialHistogramsBecomeNativeOnes) {
  otlp::ExponentialHistogram* const histogram = AddMetric("e")->mutable_exponential_histogram();
  histogram->set_aggregation_temporality(2);
  for (const int scale : {10, 3, -5}) {
    otlp::ExponentialHistogramDataPoint* const point = histogram->add_data_points();
    point->set_time_unix_nano(kTime);
    point->set_scale(scale);
    point->set_count(7);
    point->set_sum(2);
    point->set_zero_count(1);
    point->mutable_positive()->set_offset(4);
    for (const int count : {1, 2, 3}) point->mutable_positive()->add_bucket_counts(count);
  }
  ASSERT_TRUE(Decode().ok());
  ASSERT_EQ(push_.batch.histograms.size(), 2u);
  const auto& scaled = std::get<model::IntHistogram>(push_.batch.histograms[0].histogram);
  EXPECT_EQ(scaled.schema, 8);
  EXPECT_EQ(scaled.zero_threshold, 1e-128);
  EXPECT_THAT(scaled.positive_spans, ElementsAre(model::HistogramSpan{2, 1}));
  EXPECT_THAT(scaled.positive_deltas, ElementsAre(6));
  const auto& kept = std::get<model::IntHistogram>(push_.batch.histograms[1].histogram);
  EXPECT_EQ(kept.schema, 3);
  EXPECT_THAT(kept.positive_spans, ElementsAre(model::HistogramSpan{5, 3}));
  for (const auto& sample : push_.batch.histograms) {
    EXPECT_TRUE(model::Validate(sample.histogram).ok());
  }
  ASSERT_EQ(push_.refused_points.size(), 1u);
  EXPECT_THAT(push_.refused_points[0].reason, testing::HasSubstr("Scale must be >= -4, was -5"));
}

TEST_F(OtlpMetricsTest, SummariesAndStaleness) {
  otlp::SummaryDataPoint* const point = AddMetric("s")->mutable_summary()->add_data_points();
  point->set_time_unix_nano(kTime);
  point->set_count(2);
  point->set_sum(3);
  auto* const quantile = point->add_quantile_values();
  quantile->set_quantile(0.99);
  quantile->set_value(5);
  AddSum("gone", 2, 1)->set_flags(1);
  request_.mutable_resource_metrics(0)->clear_resource();
  ASSERT_TRUE(Decode().ok());
  EXPECT_THAT(
      Points(),
      ElementsAre("s_sum 3.000000@1700000000000", "s_count 2.000000@1700000000000",
                  "s{quantile=\"0.99\"} 5.000000@1700000000000", "gone_total stale@1700000000000"));
}

TEST_F(OtlpMetricsTest, ResourcesAreDescribedOnce) {
  SetAttribute("host.name", "h",
               request_.mutable_resource_metrics(0)->mutable_resource()->add_attributes());
  AddSum("a", 2, 1);
  AddSum("b", 2, 1)->set_time_unix_nano(kTime + uint64_t{200'000} * kMs);
  ASSERT_TRUE(Decode().ok());
  const std::string info =
      "target_info{host_name=\"h\", instance=\"i1\", job=\"eu/shop\"} 1.000000@";
  EXPECT_THAT(Points(), testing::IsSupersetOf({info + "1700000000000", info + "1700000150000",
                                               info + "1700000200000"}));
  EXPECT_EQ(Points().size(), 5u);

  rules_.keep_identifying_resource_attributes = true;
  rules_.promote_all_resource_attributes = true;
  rules_.ignore_resource_attributes = {"service.name", "service.namespace"};
  ASSERT_TRUE(Decode().ok());
  EXPECT_THAT(Names(), ElementsAre("a_total{host_name=\"h\", instance=\"i1\", job=\"eu/shop\", "
                                   "service_instance_id=\"i1\"}",
                                   "b_total{host_name=\"h\", instance=\"i1\", job=\"eu/shop\", "
                                   "service_instance_id=\"i1\"}",
                                   "target_info{host_name=\"h\", instance=\"i1\", job=\"eu/shop\", "
                                   "service_instance_id=\"i1\", service_name=\"shop\", "
                                   "service_namespace=\"eu\"}"));
}

TEST_F(OtlpMetricsTest, TargetInfoIsBoundedHoweverLongTheRequestSpans) {
  SetAttribute("host.name", "h",
               request_.mutable_resource_metrics(0)->mutable_resource()->add_attributes());
  AddSum("a", 2, 1)->set_time_unix_nano(0);
  AddSum("b", 2, 1);
  ASSERT_TRUE(Decode().ok());
  EXPECT_LE(push_.batch.timestamps.size(), 1100u);
}

TEST_F(OtlpMetricsTest, LabelsOfPointsScopesAndResourcesMeet) {
  scope_->mutable_scope()->set_name("lib");
  scope_->mutable_scope()->set_version("1");
  scope_->set_schema_url("http://x");
  SetAttribute("k", "v", scope_->mutable_scope()->add_attributes());
  SetAttribute("region", "r1",
               request_.mutable_resource_metrics(0)->mutable_resource()->add_attributes());
  otlp::NumberDataPoint* const point = AddSum("a", 2, 1);
  SetAttribute("a.b", "1", point->add_attributes());
  SetAttribute("a_b", "2", point->add_attributes());
  SetAttribute("region", "mine", point->add_attributes());
  SetAttribute("job", "not mine", point->add_attributes());
  SetAttribute("empty", "", point->add_attributes());
  rules_.promote_resource_attributes = {"region"};
  rules_.promote_scope_metadata = true;
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(Names()[0],
            "a_total{a_b=\"1;2\", instance=\"i1\", job=\"eu/shop\", otel_scope_k=\"v\", "
            "otel_scope_name=\"lib\", otel_scope_schema_url=\"http://x\", "
            "otel_scope_version=\"1\", region=\"mine\"}");
}

TEST_F(OtlpMetricsTest, NamesMayStayAsTheyAre) {
  SetAttribute("http.method", "GET", AddSum("http.requests", 2, 1)->add_attributes());
  rules_.translation_strategy = OtlpTranslation::kNoTranslation;
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(Names()[0],
            "{\"http.requests\", \"http.method\"=\"GET\", instance=\"i1\", job=\"eu/shop\"}");
}

TEST_F(OtlpMetricsTest, DeltasBecomeTotalsAndOtherTemporalitiesAreRefused) {
  AddSum("d", 1, 3);
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(push_.batch.values[0], 3);
  request_.mutable_resource_metrics(0)
      ->mutable_scope_metrics(0)
      ->mutable_metrics(0)
      ->mutable_sum()
      ->mutable_data_points(0)
      ->set_time_unix_nano(kTime + kMs);
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(push_.batch.values[0], 6);
  AddSum("unspecified", 0, 1);
  ASSERT_TRUE(Decode().ok());
  EXPECT_EQ(push_.batch.values[0], 6);  // A re-send.
  ASSERT_EQ(push_.refused_points.size(), 1u);
  EXPECT_EQ(push_.refused_points[0].reason,
            "invalid temporality and type combination: metric unspecified");
  rules_.delta_max_streams = 0;
  ASSERT_TRUE(Decode().ok());
  EXPECT_TRUE(push_.batch.values.empty());
}

TEST_F(OtlpMetricsTest, LabelsWrittenOutAreBounded) {
  max_bytes_ = 100;
  for (int i = 0; i < 10; ++i) AddSum("a" + std::to_string(i), 2, 1);
  EXPECT_TRUE(absl::IsOutOfRange(Decode()));
}

TEST_F(OtlpMetricsTest, MalformedBytesNameTheirOffset) {
  EXPECT_EQ(DecodeBytes(std::string("\x0a\x05\x12\x50", 4)).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(DecodeBytes("").ok());
}

TEST_F(OtlpMetricsTest, JsonMeansTheSame) {
  const std::string body = R"({"resourceMetrics": [{
    "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]},
    "scopeMetrics": [{"scope": {"name": "lib"}, "metrics": [
      {"name": "requests", "unit": "1", "sum": {"aggregationTemporality": 2, "isMonotonic": true,
        "dataPoints": [{"asInt": "5", "timeUnixNano": "1700000000000000000",
                        "attributes": [{"key": "code", "value": {"intValue": "200"}}]}]}},
      {"name": "g", "gauge": {"dataPoints": [{"asDouble": "NaN", "time_unix_nano": 1}]}},
      {"name": "h", "histogram": {"aggregationTemporality": "AGGREGATION_TEMPORALITY_CUMULATIVE",
        "dataPoints": [{"count": "3", "sum": 4.5, "bucketCounts": ["1", "2"],
                        "explicitBounds": [0.5], "timeUnixNano": "1700000000000000000"}]}},
      {"name": "e", "exponentialHistogram": {"aggregationTemporality": 2, "dataPoints": [
        {"count": 1, "scale": 2, "positive": {"offset": 1, "bucketCounts": ["1"]},
         "timeUnixNano": "1700000000000000000",
         "exemplars": [{"asDouble": 1, "traceId": "0102"}]}]}},
      {"name": "s", "summary": {"dataPoints": [{"count": 1, "sum": 2,
        "quantileValues": [{"quantile": 0.5, "value": 1}],
        "timeUnixNano": "1700000000000000000"}]}}]}]}]})";
  ASSERT_TRUE(DecodeJson(body).ok()) << DecodeJson(body);
  EXPECT_THAT(Names(),
              UnorderedElementsAre("requests_total{code=\"200\", job=\"shop\"}", "g{job=\"shop\"}",
                                   "h_sum{job=\"shop\"}", "h_count{job=\"shop\"}",
                                   "h_bucket{job=\"shop\", le=\"0.5\"}",
                                   "h_bucket{job=\"shop\", le=\"+Inf\"}", "e{job=\"shop\"}",
                                   "s_sum{job=\"shop\"}", "s_count{job=\"shop\"}",
                                   "s{job=\"shop\", quantile=\"0.5\"}"));
  EXPECT_EQ(push_.batch.exemplars.size(), 1u);
  EXPECT_FALSE(DecodeJson("[]").ok());
  EXPECT_FALSE(DecodeJson("{").ok());
  EXPECT_FALSE(DecodeJson(R"({"resourceMetrics": [1]})").ok());
}

}  // namespace
}  // namespace tidegate::ingest
