#include "model/relabel.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace tidegate::model {
namespace {

// The labels after one rule, or "dropped".
std::string After(const Labels& labels, RelabelConfig config) {
  LabelsBuilder builder(labels.view());
  if (!RelabelRule::Compile(std::move(config)).value().Apply(&builder)) return "dropped";
  return ToString(builder.Build());
}

RelabelConfig Action(RelabelAction action) {
  RelabelConfig config;
  config.action = action;
  return config;
}

const Labels kLabels = {{"a", "foo"}, {"b", "Bar"}, {"c", "baz"}};

TEST(RelabelTest, ReplaceJoinsItsSources) {
  RelabelConfig config = Action(RelabelAction::kReplace);
  config.source_labels = {"a", "missing", "c"};
  config.regex = "f(.*);(.*)";
  config.target_label = "d";
  config.replacement = "$2-$1";
  EXPECT_EQ(After(kLabels, config), R"({a="foo", b="Bar", c="baz", d="baz-oo;"})");
}

TEST(RelabelTest, ReplaceLeavesAloneWhatDoesNotMatchAndErasesWithNothing) {
  RelabelConfig config = Action(RelabelAction::kReplace);
  config.source_labels = {"a"};
  config.regex = "x";
  config.target_label = "b";
  EXPECT_EQ(After(kLabels, config), ToString(kLabels));
  config.regex = "foo";
  config.replacement = "";
  EXPECT_EQ(After(kLabels, config), R"({a="foo", c="baz"})");
}

TEST(RelabelTest, TheTargetMayBeMadeOfGroups) {
  RelabelConfig config = Action(RelabelAction::kReplace);
  config.source_labels = {"a"};
  config.regex = "(f)(oo)";
  config.target_label = "${1}_name";
  config.replacement = "$2";
  EXPECT_EQ(After(kLabels, config), R"({a="foo", b="Bar", c="baz", f_name="oo"})");
}

TEST(RelabelTest, KeepAndDropAreAnchored) {
  RelabelConfig config = Action(RelabelAction::kKeep);
  config.source_labels = {"a"};
  config.regex = "fo";
  EXPECT_EQ(After(kLabels, config), "dropped");
  config.regex = "fo.";
  EXPECT_EQ(After(kLabels, config), ToString(kLabels));
  config.action = RelabelAction::kDrop;
  EXPECT_EQ(After(kLabels, config), "dropped");
}

TEST(RelabelTest, KeepEqualAndDropEqualCompareLabels) {
  RelabelConfig config = Action(RelabelAction::kKeepEqual);
  config.source_labels = {"a"};
  config.target_label = "a";
  EXPECT_EQ(After(kLabels, config), ToString(kLabels));
  config.target_label = "b";
  EXPECT_EQ(After(kLabels, config), "dropped");
  config.action = RelabelAction::kDropEqual;
  EXPECT_EQ(After(kLabels, config), ToString(kLabels));
}

TEST(RelabelTest, HashModIsTheOneOfPrometheus) {
  RelabelConfig config = Action(RelabelAction::kHashMod);
  config.source_labels = {"c"};
  config.target_label = "d";
  config.modulus = 1000;
  // prometheus/model/relabel/relabel_test.go: "baz" modulo 1000.
  EXPECT_EQ(After(kLabels, config), R"({a="foo", b="Bar", c="baz", d="976"})");
}

TEST(RelabelTest, CaseIsChanged) {
  RelabelConfig config = Action(RelabelAction::kLowercase);
  config.source_labels = {"b"};
  config.target_label = "b";
  EXPECT_EQ(After(kLabels, config), R"({a="foo", b="bar", c="baz"})");
  config.action = RelabelAction::kUppercase;
  EXPECT_EQ(After(kLabels, config), R"({a="foo", b="BAR", c="baz"})");
}

TEST(RelabelTest, NamesAreMappedDroppedAndKept) {
  RelabelConfig config = Action(RelabelAction::kLabelMap);
  config.regex = "(a)";
  config.replacement = "x_$1";
  EXPECT_EQ(After(kLabels, config), R"({a="foo", b="Bar", c="baz", x_a="foo"})");
  config = Action(RelabelAction::kLabelDrop);
  config.regex = "[ab]";
  EXPECT_EQ(After(kLabels, config), R"({c="baz"})");
  config.action = RelabelAction::kLabelKeep;
  EXPECT_EQ(After(kLabels, config), R"({a="foo", b="Bar"})");
}

TEST(RelabelTest, RulesComeInOrderAndADropEndsThem) {
  RelabelConfig first = Action(RelabelAction::kReplace);
  first.source_labels = {"a"};
  first.target_label = "d";
  RelabelConfig second = Action(RelabelAction::kDrop);
  second.source_labels = {"d"};
  second.regex = "foo";
  LabelsBuilder builder(kLabels.view());
  EXPECT_FALSE(Relabel({RelabelRule::Compile(first).value(), RelabelRule::Compile(second).value()},
                       &builder));
}

TEST(RelabelTest, MistakesAreNamed) {
  EXPECT_FALSE(RelabelRule::Compile(Action(RelabelAction::kReplace)).ok());  // No target.
  EXPECT_FALSE(RelabelRule::Compile(Action(RelabelAction::kHashMod)).ok());
  RelabelConfig config = Action(RelabelAction::kLabelDrop);
  config.target_label = "x";
  EXPECT_FALSE(RelabelRule::Compile(config).ok());
  config = Action(RelabelAction::kKeepEqual);
  config.target_label = "x";
  config.regex = "y";
  EXPECT_FALSE(RelabelRule::Compile(config).ok());
  config = Action(RelabelAction::kKeep);
  config.regex = "(";
  EXPECT_FALSE(RelabelRule::Compile(config).ok());
  EXPECT_FALSE(ParseRelabelAction("rename").ok());
  EXPECT_EQ(ParseRelabelAction("LabelMap").value(), RelabelAction::kLabelMap);
}

}  // namespace
}  // namespace tidegate::model
