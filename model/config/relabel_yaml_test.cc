#include "model/config/relabel_yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tidegate::model {
namespace {

using ::testing::HasSubstr;

absl::Status Read(const std::string& yaml, std::vector<RelabelRule>* rules) {
  return YamlRelabelRules(rules)(YAML::Load(yaml), "relabel_configs");
}

std::string Mistake(const std::string& yaml) {
  std::vector<RelabelRule> rules;
  return std::string(Read(yaml, &rules).message());
}

TEST(RelabelYamlTest, RulesActInTheirOrder) {
  std::vector<RelabelRule> rules;
  ASSERT_TRUE(
      Read("- {source_labels: [a, b], separator: '-', target_label: c}\n"
           "- {source_labels: [c], regex: '(.)-(.)', replacement: '$2$1', target_label: d}\n"
           "- {regex: a, action: LabelDrop}\n",
           &rules)
          .ok());
  LabelsBuilder labels(Labels{{"a", "1"}, {"b", "2"}}.view());
  EXPECT_TRUE(Relabel(rules, &labels));
  EXPECT_EQ(labels.Build(), (Labels{{"b", "2"}, {"c", "1-2"}, {"d", "21"}}));
}

TEST(RelabelYamlTest, MistakesNameTheRule) {
  EXPECT_THAT(Mistake("- {action: replacing, target_label: a}"),
              HasSubstr("relabel_configs[0]: unknown relabel action"));
  EXPECT_THAT(Mistake("- {action: keep, source_label: a}"),
              HasSubstr("relabel_configs[0].source_label: unknown key"));
  EXPECT_THAT(Mistake("- {target_label: a}\n- {regex: '(', target_label: a}"),
              HasSubstr("line 2: relabel_configs[1]: regex"));
  EXPECT_THAT(Mistake("- {action: hashmod, target_label: a}"), HasSubstr("modulus"));
}

}  // namespace
}  // namespace tidegate::model
