#include "control/push_groups/group_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "model/labels.h"

namespace tidegate::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kBody[] =
    "# HELP a Help.\n# TYPE a gauge\na{x=\"1\",job=\"mine\"} 2\na 3\n"
    "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 4\nh_sum 5\nh_count 4\nb NaN\n";
const PushLabels kLabels = {{"job", "j"}, {"zone", "z"}};

PushGroup Group() {
  PushGroup group;
  group.labels = kLabels;
  group.pushed = 1500;
  group.families = *ParseGroupBody(PushGroupFormat::kText, kBody, kLabels, 1500);
  return group;
}

TEST(GroupBody, FamiliesAreFound) {
  const PushGroup group = Group();
  ASSERT_EQ(group.families.size(), 3u);
  const PushedFamily& a = group.families.at("a");
  EXPECT_EQ(a.metadata, (model::MetricMetadata{"a", model::MetricType::kGauge, "Help.", ""}));
  EXPECT_EQ(a.pushed, 1500);
  ASSERT_EQ(a.series.size(), 2u);
  EXPECT_THAT(a.series[0].labels, ElementsAre(std::pair("x", "1")));
  EXPECT_EQ(group.families.at("h").series.size(), 3u);
  EXPECT_TRUE(std::isnan(group.families.at("b").series[0].value));
}

TEST(GroupBody, DocumentsReadBack) {
  PushGroup group = Group();
  model::FloatHistogram histogram;
  histogram.count = histogram.zero_count = 2;
  group.families["n"].series.push_back(
      {.labels = {}, .name = "n", .value = 0, .histogram = model::Histogram(histogram)});
  const std::string value = EncodeGroup(group);
  const auto again = DecodeGroup(value);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(EncodeGroup(*again), value);
  EXPECT_EQ(again->labels, kLabels);
  EXPECT_EQ(GroupSeries(*again), GroupSeries(group));
  for (const char* broken : {"", "{", "[]", "{}", R"({"labels":1})"}) {
    EXPECT_EQ(DecodeGroup(broken).status().code(), absl::StatusCode::kDataLoss) << broken;
  }
}

TEST(GroupBody, SeriesHaveTheLabelsOfTheGroup) {
  const std::set<std::string> series = GroupSeries(Group());
  EXPECT_EQ(series.size(), 8u);
  for (const model::Labels& expected :
       {model::Labels({{"__name__", "a"}, {"job", "j"}, {"x", "1"}, {"zone", "z"}}),
        model::Labels({{"__name__", "push_time_seconds"}, {"job", "j"}, {"zone", "z"}})}) {
    EXPECT_TRUE(series.contains(std::string(expected.bytes()))) << model::ToString(expected);
  }
  PushBody body;
  AppendGroup(Group(), 2000, &body);
  EXPECT_EQ(body.samples(), 8u);
}

TEST(GroupBody, MistakesAreNamed) {
  const auto text = [](const char* body) {
    return std::string(ParseGroupBody(PushGroupFormat::kText, body, kLabels, 1).status().message());
  };
  EXPECT_THAT(text("a 1 1000\n"), HasSubstr("must not have timestamps"));
  EXPECT_THAT(text("a{ 1\n"), HasSubstr("1"));
  EXPECT_THAT(text("push_time_seconds 1\n"), HasSubstr("the gateway's own"));
  EXPECT_FALSE(ParseGroupBody(PushGroupFormat::kProtobuf, "\x05x", kLabels, 1).ok());
}

}  // namespace
}  // namespace tidegate::control
