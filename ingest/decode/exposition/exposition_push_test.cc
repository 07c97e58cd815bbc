#include "ingest/decode/exposition/exposition_push.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

using testing::ElementsAre;

class ExpositionPushTest : public testing::Test {
 protected:
  absl::Status Decode(const std::string& body) {
    body_ = body;
    push_.Clear();
    return DecodeExposition(body_, rules_, &push_);
  }
  std::vector<std::string> Samples() const {
    std::vector<std::string> samples;
    for (const model::BatchSeries& series : push_.batch.series) {
      EXPECT_TRUE(model::CheckLabelBytes(series.label_bytes).ok());
      EXPECT_EQ(series.id, model::HashLabelBytes(series.label_bytes));
      for (uint32_t i = series.samples_begin; i < series.samples_end; ++i) {
        samples.push_back(model::ToMetricString(model::LabelsView(series.label_bytes)) + " " +
                          std::to_string(push_.batch.values[i]) + "@" +
                          std::to_string(push_.batch.timestamps[i]));
      }
    }
    return samples;
  }

  std::string body_;
  ExpositionRules rules_{.now = 77};
  DecodedPush push_;
};

TEST_F(ExpositionPushTest, TextBecomesSamplesAndMetadata) {
  ASSERT_TRUE(Decode("# HELP a Help.\n# TYPE a counter\na{x=\"1\"} 2\nb 3 5000\n").ok());
  EXPECT_THAT(Samples(), ElementsAre("a{x=\"1\"} 2.000000@77", "b 3.000000@5000"));
  EXPECT_THAT(push_.batch.metadata,
              ElementsAre(model::MetricMetadata{"a", model::MetricType::kCounter, "Help.", ""}));
}

TEST_F(ExpositionPushTest, LabelsAreSetReplacedAndRemoved) {
  const std::vector<std::pair<std::string, std::string>> labels = {{"job", "j"}, {"x", ""}};
  rules_.labels = &labels;
  ASSERT_TRUE(Decode("a{x=\"1\",job=\"other\"} 2\n").ok());
  EXPECT_THAT(Samples(), ElementsAre("a{job=\"j\"} 2.000000@77"));
}

TEST_F(ExpositionPushTest, OpenMetricsHasExemplars) {
  rules_.kind = ExpositionKind::kOpenMetrics;
  ASSERT_TRUE(Decode("# TYPE a counter\na_total 2 # {trace_id=\"t\"} 1\n# EOF\n").ok());
  ASSERT_EQ(push_.batch.exemplars.size(), 1u);
  EXPECT_EQ(push_.batch.exemplars[0].timestamp, 77);
  EXPECT_FALSE(Decode("a_total 2\n").ok());
}

TEST_F(ExpositionPushTest, MistakesNameTheLine) {
  const absl::Status status = Decode("a 1\nb{ 2\n");
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("2"));
  rules_.kind = ExpositionKind::kProtobuf;
  EXPECT_TRUE(absl::IsInvalidArgument(Decode("\x05nonsense")));
}

TEST_F(ExpositionPushTest, LabelsAreBounded) {
  rules_.max_label_bytes = 20;
  EXPECT_TRUE(absl::IsOutOfRange(Decode("a 1\nb 1\nc 1\n")));
}

}  // namespace
}  // namespace tidegate::ingest
