#include "control/scrape/target_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proto/prometheus/remote.pb.h"

namespace tidegate::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::UnorderedElementsAre;

constexpr char kText[] = "text/plain; version=0.0.4";
constexpr char kOpenMetrics[] = "application/openmetrics-text; version=1.0.0";

std::shared_ptr<const Target> TargetOf(const std::string& yaml,
                                       const std::string& address = "h:1") {
  auto file = ParseScrapeFile("scrape_configs:\n- job_name: j\n" + yaml, "");
  EXPECT_TRUE(file.ok()) << file.status();
  const auto job = std::make_shared<const ScrapeConfig>(file->jobs.at(0));
  auto target = MakeTarget("t", job, DiscoveredLabels(*job, address, {}));
  EXPECT_TRUE(target.ok()) << target.status();
  return std::make_shared<const Target>(*std::move(target));
}

std::string Value(double value) {
  return model::IsStaleNan(value) ? "stale" : std::to_string(static_cast<int>(value));
}

// name{a="b"} value@time, one a sample.
std::vector<std::string> Written(PushBody* body) {
  prompb::WriteRequest request;
  EXPECT_TRUE(request.ParseFromString(body->Take()));
  std::vector<std::string> written;
  for (const auto& series : request.timeseries()) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& label : series.labels()) pairs.emplace_back(label.name(), label.value());
    std::string text = model::ToMetricString(model::Labels(std::move(pairs)));
    for (const auto& sample : series.samples()) {
      text += " " + Value(sample.value()) + "@" + std::to_string(sample.timestamp());
    }
    for (const auto& histogram : series.histograms()) {
      text += " histogram " + std::to_string(histogram.count_int()) + "@" +
              std::to_string(histogram.timestamp());
    }
    for (const auto& exemplar : series.exemplars()) {
      text += " # " + exemplar.labels(0).value() + "@" + std::to_string(exemplar.timestamp());
    }
    written.push_back(text);
  }
  for (const auto& metadata : request.metadata()) {
    written.push_back("metadata " + metadata.metric_family_name() + " " + metadata.help());
  }
  return written;
}

// A target whose scrapes happen at 1000, 2000, ...
class Scrapes {
 public:
  explicit Scrapes(const std::string& yaml = "") : series_(TargetOf(yaml)) {}

  std::vector<std::string> Run(const std::string& body, const char* type = kText) {
    now_ += 1000;
    PushBody out;
    counts = {};
    fault = series_.Read(type, body, now_, &out, &counts);
    return Written(&out);
  }
  TargetSeries& series() { return series_; }

  ScrapeCounts counts;
  ScrapeFault fault;

 private:
  TargetSeries series_;
  model::TimestampMs now_ = 0;
};

TEST(TargetSeriesTest, SamplesGetTheLabelsOfTheirTarget) {
  Scrapes scrapes;
  EXPECT_THAT(scrapes.Run("a{x=\"y\"} 1\nb 2\n"),
              ElementsAre("a{instance=\"h:1\", job=\"j\", x=\"y\"} 1@1000",
                          "b{instance=\"h:1\", job=\"j\"} 2@1000"));
  EXPECT_EQ(scrapes.counts.scraped, 2u);
  EXPECT_EQ(scrapes.counts.kept, 2u);
  EXPECT_EQ(scrapes.counts.added, 2u);
  EXPECT_EQ(scrapes.Run("a{x=\"y\"} 3\nb 4\n").size(), 2u);
  EXPECT_EQ(scrapes.counts.added, 0u);
}

TEST(TargetSeriesTest, LabelsInConflictAreMovedAside) {
  Scrapes scrapes;
  EXPECT_THAT(scrapes.Run("a{job=\"x\",exported_job=\"y\"} 1\n"),
              ElementsAre("a{exported_exported_job=\"x\", exported_job=\"y\", instance=\"h:1\", "
                          "job=\"j\"} 1@1000"));
}

TEST(TargetSeriesTest, HonouredLabelsWin) {
  Scrapes scrapes("  honor_labels: true");
  EXPECT_THAT(scrapes.Run("a{job=\"x\"} 1\nb{instance=\"\"} 2"),
              ElementsAre("a{instance=\"h:1\", job=\"x\"} 1@1000", "b{job=\"j\"} 2@1000"));
}

TEST(TargetSeriesTest, WhatDisappearsGetsAStaleMarker) {
  Scrapes scrapes;
  scrapes.Run("a 1\nb 1\n");
  EXPECT_THAT(scrapes.Run("a 1\n"), ElementsAre("a{instance=\"h:1\", job=\"j\"} 1@2000",
                                                "b{instance=\"h:1\", job=\"j\"} stale@2000"));
  EXPECT_THAT(scrapes.Run(""), ElementsAre("a{instance=\"h:1\", job=\"j\"} stale@3000"));
  EXPECT_TRUE(scrapes.fault.ok());
  EXPECT_THAT(scrapes.Run(""), IsEmpty());
}

TEST(TargetSeriesTest, ABodyThatCannotBeReadAddsNothingAndEndsEverything) {
  Scrapes scrapes;
  scrapes.Run("a 1\n");
  EXPECT_THAT(scrapes.Run("a 2\nb 3\nhalf a li"),
              ElementsAre("a{instance=\"h:1\", job=\"j\"} stale@2000"));
  EXPECT_EQ(scrapes.fault.result, ScrapeResult::kUnreadable);
  EXPECT_THAT(scrapes.fault.text, HasSubstr("line 3"));
  EXPECT_EQ(scrapes.counts.scraped, 2u);
  EXPECT_THAT(scrapes.Run("<html>", "text/html"), IsEmpty());
  EXPECT_THAT(scrapes.fault.text, HasSubstr("unsupported Content-Type \"text/html\""));
  EXPECT_THAT(scrapes.Run("a 4\n"), ElementsAre("a{instance=\"h:1\", job=\"j\"} 4@4000"));
  EXPECT_EQ(scrapes.counts.added, 0u) << "a was known all the time";
}

TEST(TargetSeriesTest, ABadSeriesFailsTheScrape) {
  Scrapes scrapes;
  scrapes.Run("a{b=\"c\",b=\"d\"} 1\n");
  EXPECT_THAT(scrapes.fault.text, HasSubstr("label b is there twice"));
}

TEST(TargetSeriesTest, OfASeriesThatIsThereTwiceTheFirstCounts) {
  Scrapes scrapes;
  EXPECT_THAT(scrapes.Run("a 1\na 2\n"), ElementsAre("a{instance=\"h:1\", job=\"j\"} 1@1000"));
  EXPECT_TRUE(scrapes.fault.ok());
  EXPECT_EQ(scrapes.counts.scraped, 2u);
  EXPECT_EQ(scrapes.counts.kept, 2u);
}

TEST(TargetSeriesTest, TimestampsAreHonouredUnlessTheJobSaysNo) {
  Scrapes honest;
  EXPECT_THAT(honest.Run("a 1 500\n"), ElementsAre("a{instance=\"h:1\", job=\"j\"} 1@500"));
  EXPECT_THAT(honest.Run("b 1\n"), ElementsAre("b{instance=\"h:1\", job=\"j\"} 1@2000"))
      << "no marker for what has its own time";
  Scrapes own("  honor_timestamps: false");
  EXPECT_THAT(own.Run("a 1 500\n"), ElementsAre("a{instance=\"h:1\", job=\"j\"} 1@1000"));
  Scrapes tracked("  track_timestamps_staleness: true");
  tracked.Run("a 1 500\n");
  EXPECT_THAT(tracked.Run("b 1\n"), IsSupersetOf({"a{instance=\"h:1\", job=\"j\"} stale@2000"}));
}

TEST(TargetSeriesTest, MetricRelabellingRewritesAndDrops) {
  Scrapes scrapes(
      "  metric_relabel_configs:\n"
      "  - {source_labels: [__name__], regex: go_.*, action: drop}\n"
      "  - {regex: instance, action: labeldrop}");
  EXPECT_THAT(scrapes.Run("go_x 1\na 2\n"), ElementsAre("a{job=\"j\"} 2@1000"));
  EXPECT_EQ(scrapes.counts.scraped, 2u);
  EXPECT_EQ(scrapes.counts.kept, 1u);
  EXPECT_THAT(scrapes.Run("a 2\n"), ElementsAre("a{job=\"j\"} 2@2000"));
  Scrapes nameless("  metric_relabel_configs: [{regex: __name__, action: labeldrop}]");
  nameless.Run("a 1\n");
  EXPECT_THAT(nameless.fault.text, HasSubstr("missing metric name"));
}

TEST(TargetSeriesTest, Limits) {
  Scrapes samples("  sample_limit: 2");
  EXPECT_EQ(samples.Run("a 1\nb 2\n").size(), 2u);
  EXPECT_EQ(samples.Run("a 1\nb 2\nc 3\n").size(), 2u) << "the stale markers";
  EXPECT_EQ(samples.fault.text, "sample limit exceeded");
  EXPECT_EQ(samples.fault.result, ScrapeResult::kLimitExceeded);
  EXPECT_EQ(samples.counts.scraped, 3u);
  Scrapes labels("  label_limit: 4");
  EXPECT_EQ(labels.Run("a{b=\"c\"} 1\n").size(), 1u);
  labels.Run("a{b=\"c\",d=\"e\"} 1\n");
  EXPECT_THAT(labels.fault.text,
              HasSubstr("label_limit exceeded (metric: a, number of labels: 5, limit: 4)"));
  Scrapes names("  label_name_length_limit: 8");
  names.Run("a{too_long_a=\"c\"} 1\n");
  EXPECT_THAT(names.fault.text, HasSubstr("label_name_length_limit exceeded"));
  Scrapes values("  label_value_length_limit: 3");
  values.Run("a{b=\"cdef\"} 1\n");
  EXPECT_THAT(values.fault.text, HasSubstr("label_value_length_limit exceeded"));
}

TEST(TargetSeriesTest, ExemplarsAndMetadata) {
  Scrapes scrapes;
  const std::string body =
      "# TYPE a counter\n# HELP a What.\n"
      "a_total 1 # {trace_id=\"x\"} 0.5 7\n# EOF\n";
  EXPECT_THAT(scrapes.Run(body, kOpenMetrics),
              ElementsAre("a_total{instance=\"h:1\", job=\"j\"} 1@1000",
                          "a_total{instance=\"h:1\", job=\"j\"} # x@7000", "metadata a What."));
  EXPECT_THAT(scrapes.Run(body, kOpenMetrics),
              ElementsAre("a_total{instance=\"h:1\", job=\"j\"} 1@2000"))
      << "neither is new";
  ASSERT_EQ(scrapes.series().Metadata().size(), 1u);
  EXPECT_EQ(scrapes.series().Metadata()[0].type, model::MetricType::kCounter);
}

TEST(TargetSeriesTest, BoundsOfHistogramsAreWrittenInOneForm) {
  Scrapes scrapes;
  EXPECT_THAT(scrapes.Run("# TYPE h histogram\nh_bucket{le=\"1\"} 1\n"
                          "# TYPE s summary\ns{quantile=\"0.50\"} 2\n"
                          "# TYPE g gauge\ng{le=\"1\"} 3\n"),
              IsSupersetOf({"h_bucket{instance=\"h:1\", job=\"j\", le=\"1.0\"} 1@1000",
                            "s{instance=\"h:1\", job=\"j\", quantile=\"0.5\"} 2@1000",
                            "g{instance=\"h:1\", job=\"j\", le=\"1\"} 3@1000"}));
}

TEST(TargetSeriesTest, NativeHistogramsInProtobuf) {
  // h{a="b"}: count 1, sum 2, schema 0, one positive bucket.
  const std::string histogram(
      "\x08\x01\x11\x00\x00\x00\x00\x00\x00\x00\x40\x28\x00\x62\x02\x10\x01\x6a\x01\x02", 20);
  const std::string metric = "\x0a\x06\x0a\x01\x61\x12\x01\x62\x3a\x14" + histogram;
  const std::string family = std::string("\x0a\x01h\x18\x04\x22\x1e", 7) + metric;
  const std::string body = static_cast<char>(family.size()) + family;
  constexpr char kProtobuf[] =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
      "encoding=delimited";
  Scrapes scrapes;
  const auto written = scrapes.Run(body, kProtobuf);
  EXPECT_TRUE(scrapes.fault.ok()) << scrapes.fault.text;
  EXPECT_THAT(written, ElementsAre("h{a=\"b\", instance=\"h:1\", job=\"j\"} histogram 1@1000",
                                   "metadata h "));
  EXPECT_THAT(scrapes.Run(body, kProtobuf),
              ElementsAre("h{a=\"b\", instance=\"h:1\", job=\"j\"} histogram 1@2000"));
  EXPECT_THAT(scrapes.Run("", kProtobuf),
              ElementsAre("h{a=\"b\", instance=\"h:1\", job=\"j\"} stale@3000"));
  scrapes.Run(body.substr(1), kProtobuf);
  EXPECT_EQ(scrapes.fault.result, ScrapeResult::kUnreadable);
}

TEST(TargetSeriesTest, OpenMetricsMustEnd) {
  Scrapes scrapes;
  scrapes.Run("a 1\n", kOpenMetrics);
  EXPECT_THAT(scrapes.fault.text, HasSubstr("# EOF"));
}

TEST(TargetSeriesTest, OtherRulesEndWhatTheyDoNotWriteAgain) {
  Scrapes scrapes;
  scrapes.Run("a 1\nb 1\n");
  scrapes.series().Change(
      TargetOf("  metric_relabel_configs: [{source_labels: [__name__], regex: b, action: drop}]"));
  EXPECT_THAT(scrapes.Run("a 1\nb 1\n"), ElementsAre("a{instance=\"h:1\", job=\"j\"} 1@2000",
                                                     "b{instance=\"h:1\", job=\"j\"} stale@2000"));
}

TEST(TargetSeriesTest, Reports) {
  TargetSeries series(TargetOf("  extra_scrape_metrics: true\n  sample_limit: 9"));
  PushBody out;
  series.AddReport({true, 2, 300, {7, 6, 5}}, 1000, &out);
  const std::string labels = "{instance=\"h:1\", job=\"j\"} ";
  EXPECT_THAT(Written(&out),
              ElementsAre("up" + labels + "1@1000", "scrape_duration_seconds" + labels + "2@1000",
                          "scrape_samples_scraped" + labels + "7@1000",
                          "scrape_samples_post_metric_relabeling" + labels + "6@1000",
                          "scrape_series_added" + labels + "5@1000",
                          "scrape_timeout_seconds" + labels + "10@1000",
                          "scrape_sample_limit" + labels + "9@1000",
                          "scrape_body_size_bytes" + labels + "300@1000"));
}

TEST(TargetSeriesTest, ATargetThatIsScrapedNoMoreEndsEverything) {
  Scrapes scrapes;
  scrapes.Run("a 1\n");
  PushBody out;
  scrapes.series().Retire(1500, &out);
  const std::string labels = "{instance=\"h:1\", job=\"j\"} stale@1500";
  EXPECT_THAT(Written(&out),
              UnorderedElementsAre("a" + labels, "up" + labels, "scrape_duration_seconds" + labels,
                                   "scrape_samples_scraped" + labels,
                                   "scrape_samples_post_metric_relabeling" + labels,
                                   "scrape_series_added" + labels));
}

}  // namespace
}  // namespace tidegate::control
