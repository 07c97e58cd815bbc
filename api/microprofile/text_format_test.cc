#include "api/microprofile/text_format.h"

#include <gtest/gtest.h>

namespace tidegate::api {
namespace {

std::string Text(std::string_view name, const Metric& metric, const Tags& global = {}) {
  TextFormat format(global);
  format.Write(Scope::kApplication, name, metric);
  return format.text();
}

TEST(TextFormat, AGauge) {
  EXPECT_EQ(Text("cost", {Gauge{80}, "dollars", "The running cost of the server in dollars.", {}}),
            "# TYPE application:cost_dollars gauge\n"
            "# HELP application:cost_dollars The running cost of the server in dollars.\n"
            "application:cost_dollars 80\n");
}

TEST(TextFormat, GaugesAreConvertedToBaseUnits) {
  EXPECT_EQ(Text("metricTest.test1.gauge", {Gauge{19}, "gigabytes", "", {}}),
            "# TYPE application:metric_test_test1_gauge_bytes gauge\n"
            "application:metric_test_test1_gauge_bytes 19000000000\n");
}

TEST(TextFormat, ACounter) {
  EXPECT_EQ(Text("visitors", {Counter{80}, "none", "The number of unique visitors", {}}),
            "# TYPE application:visitors counter\n"
            "# HELP application:visitors The number of unique visitors\n"
            "application:visitors 80\n");
}

TEST(TextFormat, AMeter) {
  MeterFigures meter;
  meter.rates = {29382, 12.223, 12.563, 12.364, 12.126};
  EXPECT_EQ(Text("requests", {meter, "none", "Tracks the number of requests to the server", {}}),
            "# TYPE application:requests_count counter\n"
            "# HELP application:requests_count Tracks the number of requests to the server\n"
            "application:requests_count 29382\n"
            "# TYPE application:requests_rate_per_second gauge\n"
            "application:requests_rate_per_second 12.223\n"
            "# TYPE application:requests_one_min_rate_per_second gauge\n"
            "application:requests_one_min_rate_per_second 12.563\n"
            "# TYPE application:requests_five_min_rate_per_second gauge\n"
            "application:requests_five_min_rate_per_second 12.364\n"
            "# TYPE application:requests_fifteen_min_rate_per_second gauge\n"
            "application:requests_fifteen_min_rate_per_second 12.126\n");
}

TEST(TextFormat, AHistogram) {
  HistogramFigures histogram;
  histogram.values = {2037,  180,   31716, 4738.231, 1054.7343037063602, 4201, 6175,
                      13560, 29643, 31716, 31716};
  EXPECT_EQ(Text("file_sizes", {histogram, "bytes", "Users file size", {}}),
            "# TYPE application:file_sizes_mean_bytes gauge\n"
            "application:file_sizes_mean_bytes 4738.231\n"
            "# TYPE application:file_sizes_max_bytes gauge\n"
            "application:file_sizes_max_bytes 31716\n"
            "# TYPE application:file_sizes_min_bytes gauge\n"
            "application:file_sizes_min_bytes 180\n"
            "# TYPE application:file_sizes_stddev_bytes gauge\n"
            "application:file_sizes_stddev_bytes 1054.7343037063602\n"
            "# TYPE application:file_sizes_bytes summary\n"
            "# HELP application:file_sizes_bytes Users file size\n"
            "application:file_sizes_bytes_count 2037\n"
            "application:file_sizes_bytes{quantile=\"0.5\"} 4201\n"
            "application:file_sizes_bytes{quantile=\"0.75\"} 6175\n"
            "application:file_sizes_bytes{quantile=\"0.95\"} 13560\n"
            "application:file_sizes_bytes{quantile=\"0.98\"} 29643\n"
            "application:file_sizes_bytes{quantile=\"0.99\"} 31716\n"
            "application:file_sizes_bytes{quantile=\"0.999\"} 31716\n");
}

TEST(TextFormat, ATimerIsInSeconds) {
  TimerFigures timer;
  timer.seconds.count = 80;
  timer.seconds.mean = 0.000415041;
  timer.seconds.p50 = 0.000293324;
  timer.rates.count = 80;
  timer.rates.mean = 0.004292520715985437;
  const std::string text =
      Text("responseTime", {timer, "nanoseconds", "Server response time for /index.html", {}});
  for (const char* line : {"# TYPE application:response_time_rate_per_second gauge\n"
                           "application:response_time_rate_per_second 0.004292520715985437\n",
                           "application:response_time_mean_seconds 0.000415041\n",
                           "# TYPE application:response_time_seconds summary\n"
                           "# HELP application:response_time_seconds Server response time for "
                           "/index.html\napplication:response_time_seconds_count 80\n"
                           "application:response_time_seconds{quantile=\"0.5\"} 0.000293324\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

TEST(TextFormat, TagsAreLabelsBeforeTheQuantile) {
  HistogramFigures histogram;
  const std::string text =
      Text("jellybeanHistogram", {histogram, "jellybeans", "", {}}, {{"tier", "integration"}});
  EXPECT_NE(text.find("application:jellybean_histogram_jellybeans{tier=\"integration\","
                      "quantile=\"0.999\"} 0\n"),
            std::string::npos);
  EXPECT_NE(text.find("application:jellybean_histogram_jellybeans_count{tier=\"integration\"} 0\n"),
            std::string::npos);
}

TEST(TextFormat, AMetricsTagHidesThatOfTheProcess) {
  EXPECT_EQ(Text("a", {Counter{1}, "none", "", {{"app", "mine"}}}, {{"app", "x"}, {"tier", "y"}}),
            "# TYPE application:a counter\napplication:a{tier=\"y\",app=\"mine\"} 1\n");
}

TEST(TextFormat, ValuesOfTagsAndDescriptionsAreEscaped) {
  EXPECT_EQ(Text("a", {Counter{1}, "none", "one\ntwo \\ \"three\"", {{"b", "\"\n\\"}}}),
            "# TYPE application:a counter\n"
            "# HELP application:a one\\ntwo \\\\ \"three\"\n"
            "application:a{b=\"\\\"\\n\\\\\"} 1\n");
}

TEST(TextFormat, AFamilyIsDeclaredOnce) {
  TextFormat format({});
  format.Write(Scope::kVendor, "a.b", {Counter{1}, "none", "", {{"c", "."}}});
  format.Write(Scope::kVendor, "a-b", {Counter{2}, "none", "", {{"c", "-"}}});
  EXPECT_EQ(format.text(),
            "# TYPE vendor:a_b counter\nvendor:a_b{c=\".\"} 1\nvendor:a_b{c=\"-\"} 2\n");
}

}  // namespace
}  // namespace tidegate::api
