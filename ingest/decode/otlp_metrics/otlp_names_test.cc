#include "ingest/decode/otlp_metrics/otlp_names.h"

#include "gtest/gtest.h"

namespace tidegate::ingest {
namespace {

using Kind = OtlpMetric::Kind;
using model::OtlpTranslation;

struct NameCase {
  const char* name;
  const char* unit;
  Kind kind;
  bool monotonic;
  const char* expected;
};

std::string NameOf(const NameCase& one, OtlpTranslation strategy) {
  OtlpMetric metric;
  metric.name = one.name;
  metric.unit = one.unit;
  metric.kind = one.kind;
  metric.monotonic = one.monotonic;
  model::OtlpMetricRules rules;
  rules.translation_strategy = strategy;
  return OtlpMetricName(metric, rules);
}

TEST(OtlpMetricName, EscapesAndAddsSuffixes) {
  const NameCase kCases[] = {
      {"http.server.duration", "s", Kind::kHistogram, false, "http_server_duration_seconds"},
      {"system.io", "By", Kind::kSum, true, "system_io_bytes_total"},
      {"system.network.dropped", "{packets}", Kind::kSum, true, "system_network_dropped_total"},
      {"system.cpu.utilization", "1", Kind::kGauge, false, "system_cpu_utilization_ratio"},
      {"objects", "1", Kind::kSum, true, "objects_total"},
      {"queue.size", "", Kind::kSum, false, "queue_size"},
      {"speed", "m/s", Kind::kGauge, false, "speed_meters_per_second"},
      {"broken.metric.speed", "km/h", Kind::kGauge, false, "broken_metric_speed_km_per_hour"},
      {"total.requests", "", Kind::kSum, true, "requests_total"},
      {"already_seconds", "s", Kind::kGauge, false, "already_seconds"},
      {"5xx", "", Kind::kGauge, false, "_5xx"},
      {"a..b__c", "", Kind::kGauge, false, "a_b_c"},
      {"rule:name", "%", Kind::kGauge, false, "rule:name_percent"},
      {"per_second_thing", "/s", Kind::kGauge, false, "per_second_thing_per_second"},
      {"___", "", Kind::kGauge, false, ""},
      {"", "", Kind::kGauge, false, ""},
      {"latência", "s", Kind::kGauge, false, "lat_ncia_seconds"},
  };
  for (const NameCase& one : kCases) {
    EXPECT_EQ(NameOf(one, OtlpTranslation::kUnderscoreEscapingWithSuffixes), one.expected);
  }
}

TEST(OtlpMetricName, OtherStrategies) {
  const NameCase counter = {"http.requests", "By/s", Kind::kSum, true, ""};
  EXPECT_EQ(NameOf(counter, OtlpTranslation::kUnderscoreEscapingWithoutSuffixes), "http_requests");
  EXPECT_EQ(NameOf(counter, OtlpTranslation::kNoUtf8EscapingWithSuffixes),
            "http.requests_bytes_per_second_total");
  EXPECT_EQ(NameOf(counter, OtlpTranslation::kNoTranslation), "http.requests");
  const NameCase named = {"io_bytes_total", "By", Kind::kSum, true, ""};
  EXPECT_EQ(NameOf(named, OtlpTranslation::kNoUtf8EscapingWithSuffixes), "io_bytes_total");
  EXPECT_EQ(NameOf({"__a__", "", Kind::kGauge, false, ""},
                   OtlpTranslation::kUnderscoreEscapingWithoutSuffixes),
            "__a__");
}

TEST(OtlpUnitName, IsTranslated) {
  const model::OtlpMetricRules rules;
  EXPECT_EQ(OtlpUnitName("By/s", rules), "bytes_per_second");
  EXPECT_EQ(OtlpUnitName("{requests}", rules), "");
  EXPECT_EQ(OtlpUnitName("1", rules), "");
  EXPECT_EQ(OtlpUnitName("foo bar", rules), "foo_bar");
}

TEST(OtlpLabelName, IsEscaped) {
  model::OtlpMetricRules rules;
  std::string scratch;
  const auto name = [&](const char* key) {
    return std::string(OtlpLabelName(key, rules, &scratch));
  };
  EXPECT_EQ(name("http_method"), "http_method");
  EXPECT_EQ(name("http.method"), "http_method");
  EXPECT_EQ(name("1st"), "key_1st");
  EXPECT_EQ(name("_private"), "key_private");
  EXPECT_EQ(name("__reserved__"), "__reserved__");
  EXPECT_EQ(name("a..b"), "a__b");
  EXPECT_EQ(name("naïve"), "na_ve");
  EXPECT_EQ(name("..."), "");
  EXPECT_EQ(name(""), "");
  rules.label_name_preserve_multiple_underscores = false;
  rules.label_name_underscore_sanitization = false;
  EXPECT_EQ(name("a..b"), "a_b");
  EXPECT_EQ(name("_private"), "_private");
  rules.translation_strategy = OtlpTranslation::kNoTranslation;
  EXPECT_EQ(name("http.method"), "http.method");
}

}  // namespace
}  // namespace tidegate::ingest
