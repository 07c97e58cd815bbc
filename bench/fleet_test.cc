#include "bench/fleet.h"

#include <snappy.h>

#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "bench/capture.h"
#include "bench/node_metrics.h"
#include "gtest/gtest.h"
#include "model/labels.h"

namespace tidegate::bench {
namespace {

struct Point {
  int64_t timestamp_ms = 0;
  double value = 0;
};
using Points = std::map<std::string, std::vector<Point>>;  // By canonical label bytes.

uint64_t TakeVarint(std::string_view* in) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    const uint8_t byte = static_cast<uint8_t>(in->front());
    in->remove_prefix(1);
    value |= uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return value;
  }
}

// Takes a length-delimited field whose tag is known.
std::string_view TakeField(std::string_view* in) {
  in->remove_prefix(1);
  const size_t size = TakeVarint(in);
  const std::string_view field = in->substr(0, size);
  in->remove_prefix(size);
  return field;
}

void ReadBody(std::string_view compressed, Points* out) {
  std::string raw;
  ASSERT_TRUE(snappy::Uncompress(compressed.data(), compressed.size(), &raw));
  std::string_view body = raw;
  while (!body.empty()) {
    const std::string_view series = TakeField(&body);
    std::string_view rest = series;
    while (rest.front() == '\x0A') TakeField(&rest);
    const std::string labels(series.substr(0, series.size() - rest.size()));
    std::string_view sample = TakeField(&rest);
    ASSERT_TRUE(rest.empty());
    uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits |= uint64_t{static_cast<uint8_t>(sample[1 + i])} << (8 * i);
    sample.remove_prefix(10);
    (*out)[labels].push_back(
        {static_cast<int64_t>(TakeVarint(&sample)), std::bit_cast<double>(bits)});
  }
}

struct Generated {
  Points points;
  std::vector<std::string> bodies;
};

Generated Generate(const FleetOptions& options, std::vector<SeriesTemplate> templates) {
  Generated generated;
  Fleet fleet(options, std::move(templates));
  fleet.Run([&](std::string_view body) {
    generated.bodies.emplace_back(body);
    ReadBody(body, &generated.points);
  });
  uint64_t samples = 0;
  for (const auto& [labels, points] : generated.points) samples += points.size();
  EXPECT_EQ(samples, fleet.samples());
  EXPECT_EQ(generated.points.size(), fleet.series());
  return generated;
}

FleetOptions Small() {
  FleetOptions options;
  options.hosts = 3;
  options.rounds = 60;
  options.start_ms = 1700000000000;
  return options;
}

std::string NameOf(const std::string& label_bytes) {
  return std::string(model::LabelsView(label_bytes).metric_name());
}

TEST(Fleet, EverySeriesIsCanonicalAndRegular) {
  const Generated fleet = Generate(Small(), NodeMetrics());
  for (const auto& [labels, points] : fleet.points) {
    EXPECT_TRUE(model::CheckLabelBytes(labels).ok());
    ASSERT_EQ(points.size(), 60u);
    for (size_t i = 1; i < points.size(); ++i) {
      EXPECT_EQ(points[i].timestamp_ms - points[i - 1].timestamp_ms, 15000);
      EXPECT_EQ(points[i].timestamp_ms % 2, 0);
    }
  }
}

TEST(Fleet, LooksLikeANodeExporter) {
  const Generated fleet = Generate(Small(), NodeMetrics());
  const size_t series = fleet.points.size();
  EXPECT_GT(series, 3 * 450u);
  EXPECT_LT(series, 3 * 560u);
  size_t constant = 0;
  for (const auto& [labels, points] : fleet.points) {
    bool same = true;
    for (const Point& point : points) same = same && point.value == points[0].value;
    constant += same;
  }
  EXPECT_GT(constant, series * 6 / 10);
  EXPECT_LT(constant, series * 7 / 10);
}

TEST(Fleet, CountersNeverFall) {
  std::vector<SeriesTemplate> templates = NodeMetrics();
  for (SeriesTemplate& series : ServiceMetrics()) templates.push_back(std::move(series));
  const Generated fleet = Generate(Small(), std::move(templates));
  for (const auto& [labels, points] : fleet.points) {
    if (!NameOf(labels).ends_with("_total") && !NameOf(labels).ends_with("_bucket")) continue;
    for (size_t i = 1; i < points.size(); ++i) EXPECT_GE(points[i].value, points[i - 1].value);
  }
}

TEST(Fleet, BucketsAreCumulative) {
  FleetOptions options = Small();
  options.hosts = 1;
  const Generated fleet = Generate(options, ServiceMetrics());
  std::map<double, double> increase;  // By upper bound.
  double count = -1;
  for (const auto& [labels, points] : fleet.points) {
    const double grown = points.back().value - points.front().value;
    if (NameOf(labels) == "http_request_duration_seconds_count") count = grown;
    if (NameOf(labels) != "http_request_duration_seconds_bucket") continue;
    increase[std::stod(std::string(model::LabelsView(labels).Get("le")))] = grown;
  }
  ASSERT_EQ(increase.size(), 12u);
  double before = 0;
  for (const auto& [bound, grown] : increase) {
    EXPECT_GE(grown, before);
    before = grown;
  }
  EXPECT_EQ(count, increase.rbegin()->second);
}

TEST(Fleet, HostsDoNotRepeatEachOther) {
  const Generated fleet = Generate(Small(), NodeMetrics());
  std::set<std::vector<double>> runs;
  size_t moving = 0;
  for (const auto& [labels, points] : fleet.points) {
    if (NameOf(labels) != "node_context_switches_total") continue;
    std::vector<double> changes;
    for (size_t i = 1; i < points.size(); ++i) {
      changes.push_back(points[i].value - points[i - 1].value);
    }
    runs.insert(changes);
    ++moving;
  }
  EXPECT_EQ(moving, 3u);
  EXPECT_EQ(runs.size(), moving);
}

TEST(Fleet, ASeedGivesTheSameBytes) {
  FleetOptions options = Small();
  options.rounds = 3;
  const auto first = Generate(options, NodeMetrics()).bodies;
  EXPECT_EQ(first, Generate(options, NodeMetrics()).bodies);
  options.seed = 2;
  EXPECT_NE(first, Generate(options, NodeMetrics()).bodies);
}

TEST(Fleet, ChurnReplacesHosts) {
  FleetOptions options = Small();
  options.churn = 0.34;
  options.rounds = 4;
  std::set<std::string> instances;
  for (const auto& [labels, points] : Generate(options, NodeMetrics()).points) {
    instances.emplace(model::LabelsView(labels).Get("instance"));
  }
  EXPECT_EQ(instances.size(), 3u + 3u);  // One in each round after the first.
}

TEST(Fleet, MoreLabelsOnRequest) {
  FleetOptions options = Small();
  options.rounds = 1;
  options.extra_labels = 14;
  std::set<std::string> pods;
  for (const auto& [labels, points] : Generate(options, NodeMetrics()).points) {
    EXPECT_TRUE(model::CheckLabelBytes(labels).ok());
    const model::LabelsView view(labels);
    pods.insert(std::string(view.Get("pod")));
    EXPECT_NE(view.Get("uid"), "");
    EXPECT_EQ(view.Get("prometheus").substr(0, 11), "monitoring/");
  }
  EXPECT_EQ(pods.size(), 3u);
}

TEST(Fleet, ARecordingKeepsItsScaleAndDoesNotRepeat) {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += "#TS 1\nup 1\nbytes_total " + std::to_string(4096 * i * i) + "\nload " +
            std::to_string(i % 7) + ".25\n";
  }
  std::istringstream in(text);
  const auto templates = ReadCapture(in);
  ASSERT_TRUE(templates.ok());
  const Generated fleet = Generate(Small(), *templates);
  for (const auto& [labels, points] : fleet.points) {
    std::set<double> values;
    for (const Point& point : points) values.insert(point.value);
    if (NameOf(labels) == "up") {
      EXPECT_EQ(values, std::set<double>({1}));
    }
    if (NameOf(labels) != "bytes_total") continue;
    EXPECT_GT(values.size(), 50u);  // Of 60 scrapes out of 20 recorded ones.
    for (const double value : values) EXPECT_EQ(std::fmod(value, 4096), 0);
  }
}

}  // namespace
}  // namespace tidegate::bench
