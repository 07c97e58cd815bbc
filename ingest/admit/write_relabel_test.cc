#include "ingest/admit/write_relabel.h"

#include <string>

#include "gtest/gtest.h"
#include "model/labels.h"

namespace tidegate::ingest {
namespace {

class WriteRelabelTest : public testing::Test {
 protected:
  void Add(const model::Labels& labels) {
    model::BatchSeries& series = push_.batch.series.emplace_back();
    series.label_bytes = push_.arena.Copy(labels.bytes());
    series.id = model::HashLabelBytes(series.label_bytes);
    series.samples_begin = static_cast<uint32_t>(push_.batch.timestamps.size());
    push_.AddSample(1, 0, static_cast<double>(push_.batch.series.size()));
    series.samples_end = static_cast<uint32_t>(push_.batch.timestamps.size());
  }
  void Rule(model::RelabelConfig config) {
    rules_.push_back(*model::RelabelRule::Compile(std::move(config)));
  }

  void Drop(const std::string& names) {
    model::RelabelConfig config;
    config.source_labels = {"__name__"};
    config.regex = names;
    config.action = model::RelabelAction::kDrop;
    Rule(config);
  }

  DecodedPush push_;
  Rejections rejections_;
  std::vector<model::RelabelRule> rules_;
};

TEST_F(WriteRelabelTest, DropsAndRewrites) {
  Add(model::Labels({{"__name__", "go_threads"}, {"job", "a"}}));
  Add(model::Labels({{"__name__", "up"}, {"job", "a"}}));
  Drop("go_.*");
  model::RelabelConfig team;
  team.source_labels = {"job"};
  team.target_label = "team";
  team.replacement = "x-$1";
  Rule(team);
  RelabelBatch(rules_, &push_, &rejections_);
  ASSERT_EQ(push_.batch.series.size(), 1u);
  const model::Labels expected({{"__name__", "up"}, {"job", "a"}, {"team", "x-a"}});
  EXPECT_EQ(push_.batch.series[0].label_bytes, expected.bytes());
  EXPECT_EQ(push_.batch.series[0].id, model::HashLabelBytes(expected.bytes()));
  EXPECT_EQ(push_.batch.values[push_.batch.series[0].samples_begin], 2);
  EXPECT_EQ(rejections_.count(RejectReason::kRelabelling), 1u);
  EXPECT_TRUE(rejections_.ToStatus().ok());
}

TEST_F(WriteRelabelTest, WithoutRulesAndForBrokenLabelsNothingChanges) {
  Add(model::Labels({{"__name__", "up"}}));
  push_.batch.series[0].label_bytes = "\x0a\x7f";
  RelabelBatch(rules_, &push_, &rejections_);
  Drop(".*");
  RelabelBatch(rules_, &push_, &rejections_);
  EXPECT_EQ(push_.batch.series[0].label_bytes, "\x0a\x7f");
}

}  // namespace
}  // namespace tidegate::ingest
