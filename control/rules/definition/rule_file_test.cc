#include "control/rules/definition/rule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "control/rules/definition/duplicate_rules.h"

namespace tidegate::control {
namespace {

using query::RuleLanguage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> Mistakes(std::string_view yaml,
                                  RuleLanguage language = RuleLanguage::kPromQl) {
  return ParseRuleFile(yaml, language).mistakes;
}

constexpr std::string_view kGood = R"(groups:
- name: a
  interval: 30s
  query_offset: 1m
  limit: 10
  labels: {team: x}
  rules:
  - record: job:up:sum
    expr: sum(up)  by (job)
    labels: {a: b}
  - alert: Down
    expr: up == 0
    for: 5m
    keep_firing_for: 1h30m
    labels: {severity: page}
    annotations: {summary: "{{ $labels.instance }} is down"}
)";

TEST(RuleFile, ReadsEveryField) {
  const auto groups = ParseRuleGroups(kGood, RuleLanguage::kPromQl);
  ASSERT_TRUE(groups.ok()) << groups.status();
  ASSERT_EQ(groups->size(), 1u);
  const RuleGroupSpec& group = groups->front();
  EXPECT_EQ(group.name, "a");
  EXPECT_EQ(group.interval, absl::Seconds(30));
  EXPECT_EQ(group.query_offset, absl::Minutes(1));
  EXPECT_EQ(group.limit, 10u);
  EXPECT_EQ(group.labels.at("team"), "x");
  ASSERT_EQ(group.rules.size(), 2u);
  EXPECT_EQ(group.rules[0].name(), "job:up:sum");
  EXPECT_EQ(group.rules[0].expr, "sum(up)  by (job)");
  EXPECT_EQ(group.rules[0].canonical, "sum by (job) (up)");
  EXPECT_EQ(group.rules[1].alert, "Down");
  EXPECT_EQ(group.rules[1].hold, absl::Minutes(5));
  EXPECT_EQ(group.rules[1].keep_firing, absl::Minutes(90));
  EXPECT_EQ(group.rules[1].annotations.at("summary"), "{{ $labels.instance }} is down");
}

TEST(RuleFile, NothingIsNoGroups) {
  EXPECT_THAT(Mistakes(""), IsEmpty());
  EXPECT_THAT(Mistakes("groups:\n"), IsEmpty());
  EXPECT_THAT(Mistakes("groups: []\n"), IsEmpty());
}

// The texts are those of promtool.
TEST(RuleFile, MistakesAreAllNamed) {
  EXPECT_THAT(
      Mistakes(R"(groups:
- name: a
  rules:
  - record: "x y{"
    expr: sum(
    for: 5m
    annotations: {a: b}
  - alert: y
    record: z
    expr: up
  - expr: up
  - alert: t
    expr: up
    labels: {__name__: x, "a": "{{ $foo }}", ok: "{{ nofunc }}"}
  - alert: n
- name: a
  rules: []
- name: ""
)"),
      ElementsAre(
          HasSubstr("5:11: group \"a\", rule 1, \"x y{\": could not parse expression: 1:5: parse "
                    "error: unclosed left parenthesis"),
          "4:13: group \"a\", rule 1, \"x y{\": invalid field 'annotations' in recording rule",
          "4:13: group \"a\", rule 1, \"x y{\": invalid field 'for' in recording rule",
          "4:13: group \"a\", rule 1, \"x y{\": braces present in the recording rule name; should "
          "it be in expr?: x y{",
          "9:13: 8:12: group \"a\", rule 2, \"y\": only one of 'record' and 'alert' must be set",
          "0:0: 0:0: group \"a\", rule 3, \"\": one of 'record' or 'alert' must be set",
          "group \"a\", rule 4, \"t\": invalid label name: __name__",
          "group \"a\", rule 4, \"t\": label \"a\": template: __alert_t:1: undefined variable "
          "\"$foo\"",
          "group \"a\", rule 4, \"t\": label \"ok\": template: __alert_t:1: function \"nofunc\" "
          "not defined",
          "0:0: group \"a\", rule 5, \"n\": field 'expr' must be set in rule",
          "16:3: groupname: \"a\" is repeated in the same file",
          "18:3: Groupname must not be empty"));
}

TEST(RuleFile, FormIsStrict) {
  EXPECT_THAT(Mistakes("groups:\n- name: a\n  wrong: 1\n"),
              ElementsAre("yaml: unmarshal errors:\n  line 3: field wrong not found in type "
                          "rulefmt.RuleGroup"));
  EXPECT_THAT(Mistakes("groups:\n- name: a\n  rules:\n  - record: a\n    expr: b\n    fore: 5m\n"),
              ElementsAre(HasSubstr("line 6: field fore not found in type rulefmt.Rule")));
  EXPECT_THAT(Mistakes("groups:\n- name: a\n  interval: 1x\n"),
              ElementsAre(HasSubstr("not a valid duration string: \"1x\"")));
  EXPECT_THAT(Mistakes("groups:\n- name: a\n  limit: x\n"),
              ElementsAre(HasSubstr("line 3: cannot unmarshal `x` into int")));
  EXPECT_THAT(Mistakes("groups:\n- name: a\n  rules: 7\n"),
              ElementsAre(HasSubstr("line 3: cannot unmarshal `7` into []rulefmt.Rule")));
  EXPECT_THAT(Mistakes("groups:\n- name: a\n  name: b\n"),
              ElementsAre(HasSubstr("line 3: mapping key \"name\" already defined")));
  EXPECT_THAT(Mistakes("- a\n"), ElementsAre(HasSubstr("cannot unmarshal !!seq")));
  EXPECT_THAT(Mistakes("groups: [\n"), ElementsAre(HasSubstr("line ")));
}

TEST(RuleFile, IsUtf8) {
  EXPECT_THAT(Mistakes("groups:\n- name: \xFF\n"), ElementsAre("yaml: invalid UTF-8"));
}

TEST(RuleFile, RulesInLogQl) {
  constexpr std::string_view kRules =
      "groups:\n- name: a\n  rules:\n  - record: x\n    expr: sum(rate({a=\"b\"} |= `c` [5m]))\n";
  EXPECT_THAT(Mistakes(kRules, RuleLanguage::kLogQl), IsEmpty());
  EXPECT_THAT(Mistakes(kRules), ElementsAre(HasSubstr("could not parse expression")));
}

TEST(RuleGroup, IsReadAlone) {
  const auto group =
      ParseRuleGroup("name: g\nrules:\n- record: a\n  expr: b\n", RuleLanguage::kPromQl);
  ASSERT_TRUE(group.ok()) << group.status();
  EXPECT_EQ(group->name, "g");
  EXPECT_FALSE(ParseRuleGroup("rules: []\n", RuleLanguage::kPromQl).ok());
}

TEST(RuleGroup, IsPrintedAndReadAgain) {
  const auto groups = ParseRuleGroups(kGood, RuleLanguage::kPromQl);
  ASSERT_TRUE(groups.ok());
  const std::string text = FormatRuleGroup(groups->front());
  const auto again = ParseRuleGroup(text, RuleLanguage::kPromQl);
  ASSERT_TRUE(again.ok()) << again.status() << text;
  EXPECT_EQ(*again, groups->front());
  EXPECT_THAT(FormatRuleNamespaces({{"ns", *groups}}), HasSubstr("ns:\n  - name: a\n"));
}

TEST(RuleFileTest, LimitsAsYamlHasNumbers) {
  const auto limit = [](const std::string& text) -> std::optional<uint64_t> {
    const RuleFile file = ParseRuleFile("groups: [{name: g, limit: " + text + ", rules: []}]",
                                        query::RuleLanguage::kPromQl);
    if (!file.mistakes.empty()) return std::nullopt;
    return file.groups[0].limit;
  };
  for (const char* text : {"5", "0x5", "005", "0o5", "5e0", "5.9", "+5"}) {
    EXPECT_EQ(limit(text), 5u) << text;
  }
  EXPECT_EQ(limit("1_000"), 1000u);
  EXPECT_EQ(limit("-5"), 0u);
  EXPECT_EQ(limit("~"), 0u);
  for (const char* text : {"'5'", "!!str 5", "many", "5m", ".inf", "99999999999999999999", "[5]"}) {
    EXPECT_EQ(limit(text), std::nullopt) << text;
  }
}

TEST(DuplicateRulesTest, AreFoundOverAllGroups) {
  const RuleFile file = ParseRuleFile(
      "groups:\n- {name: a, rules: [{record: r, expr: up}, {alert: A, expr: up}]}\n"
      "- {name: b, rules: [{record: r, expr: down}, {record: r, expr: up, labels: {x: y}},\n"
      "  {record: r, expr: down}]}\n",
      query::RuleLanguage::kPromQl);
  EXPECT_EQ(DuplicateRules(file.groups), (std::vector<DuplicateRule>{{"r", {}}}));
  EXPECT_TRUE(DuplicateRules({}).empty());
}

}  // namespace
}  // namespace tidegate::control
