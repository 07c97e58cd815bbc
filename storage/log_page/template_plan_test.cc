#include "storage/log_page/template_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "storage/log_page/line_skeleton.h"

namespace tidegate::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

// Skeletons and templates are spelled with N, W and T for marks.
std::string WithMarks(std::string text) {
  for (char& c : text) c = c == 'N' ? kNumberMark : c == 'W' ? kWordMark : c;
  return text;
}

TemplatePlan PlanOf(const std::vector<std::string>& spelled, uint32_t count) {
  std::vector<std::string> skeletons;
  for (const std::string& one : spelled) skeletons.push_back(WithMarks(one));
  const std::vector<std::string_view> views(skeletons.begin(), skeletons.end());
  return TemplatePlanner().Plan(views, std::vector<uint32_t>(views.size(), count));
}

std::vector<std::string> TextsOf(const TemplatePlan& plan) {
  std::vector<std::string> texts;
  for (const TemplatePlan::Template& one : plan.templates) {
    std::string& text = texts.emplace_back(one.text);
    for (char& c : text) {
      c = c == kNumberMark ? 'N' : c == kWordMark ? 'W' : c == kTextMark ? 'T' : c;
    }
  }
  return texts;
}

std::vector<std::string> Names(const std::string& before, int count, const std::string& behind) {
  std::vector<std::string> skeletons;
  for (int i = 0; i < count; ++i) {
    skeletons.push_back(before + std::string(static_cast<size_t>(i + 1), 'x') + behind);
  }
  return skeletons;
}

TEST(TemplatePlanTest, FewVariantsAreTemplatesThatShareColumns) {
  const TemplatePlan plan =
      PlanOf({"N:N level=info took=N ms", "N:N level=warn took=N ms"}, /*count=*/100);
  EXPECT_THAT(TextsOf(plan), ElementsAre("N:N level=info took=N ms", "N:N level=warn took=N ms"));
  EXPECT_EQ(plan.templates[0].columns, plan.templates[1].columns);
  EXPECT_THAT(plan.columns, SizeIs(3));
}

TEST(TemplatePlanTest, ColumnsAreSharedBehindTheSameWordAlone) {
  const TemplatePlan plan = PlanOf({"N bytes N", "N users N", "N seen N times"}, /*count=*/100);
  EXPECT_EQ(plan.templates[0].columns[0], plan.templates[2].columns[0]);
  EXPECT_NE(plan.templates[0].columns[1], plan.templates[1].columns[1]);
}

TEST(TemplatePlanTest, ManyVariantsAreTexts) {
  const TemplatePlan plan = PlanOf(Names("user ", 40, " logged in from N.N"), /*count=*/1);
  EXPECT_THAT(TextsOf(plan), ElementsAre("user T logged in from N.N"));
  EXPECT_EQ(plan.templates[0].lines, 40u);
  EXPECT_THAT(plan.skeletons, SizeIs(40));
}

TEST(TemplatePlanTest, TheWordThatDiffersMostIsTheText) {
  std::vector<std::string> skeletons = Names("start ", 40, " now");
  for (const std::string& one : Names("stop ", 40, " now")) skeletons.push_back(one);
  EXPECT_THAT(TextsOf(PlanOf(skeletons, /*count=*/1)), ElementsAre("start T now", "stop T now"));
}

TEST(TemplatePlanTest, ATextTakesTheVariablesOfItsWord) {
  const TemplatePlan plan = PlanOf(Names("N got ", 40, "N.so N"), /*count=*/1);
  EXPECT_THAT(TextsOf(plan), ElementsAre("N got T N"));
  const PlannedMark& text = plan.marks[plan.skeletons[2].first_mark + 1];
  EXPECT_EQ(text.begin, 6u);
  EXPECT_EQ(text.end, 13u) << "xxxN.so";
  EXPECT_EQ(text.distance, 5u) << "` got `";
  EXPECT_EQ(text.first_variable, 1u);
  EXPECT_EQ(text.variables, 1u);
  const PlannedMark& last = plan.marks[plan.skeletons[2].first_mark + 2];
  EXPECT_EQ(last.first_variable, 2u);
  EXPECT_EQ(last.distance, 4u) << "`.so `, behind the variable inside the text";
}

TEST(TemplatePlanTest, RareTemplatesArePlain) {
  const TemplatePlan plan = PlanOf({"a N", "a N b"}, /*count=*/2);
  EXPECT_THAT(plan.templates, SizeIs(0));
  EXPECT_EQ(plan.skeletons[0].number, kNoTemplate);
}

TEST(TemplatePlanTest, ProseIsPlain) {
  std::vector<std::string> skeletons;
  for (int i = 0; i < 64; ++i) {
    std::string line;
    for (int word = 0; word < 9; ++word) {
      line += std::string(static_cast<size_t>(1 + (i * (word + 3)) % 61), 'a') + " ";
    }
    skeletons.push_back(line);
  }
  EXPECT_THAT(PlanOf(skeletons, /*count=*/1).templates, SizeIs(0));
}

TEST(TemplatePlanTest, PlansDoNotDependOnThoseBefore) {
  const std::vector<std::string_view> first = {"a \x01 b", "c \x02"},
                                      second = {"x", "c \x02", "y \x01"};
  const std::vector<uint32_t> counts = {5, 5, 5};
  TemplatePlanner planner;
  planner.Plan(first, std::span(counts).first(2));
  const TemplatePlan again = planner.Plan(second, counts);
  const TemplatePlan fresh = TemplatePlanner().Plan(second, counts);
  EXPECT_EQ(TextsOf(again), TextsOf(fresh));
  EXPECT_EQ(again.columns, fresh.columns);
  EXPECT_EQ(again.marks.size(), fresh.marks.size());
}

TEST(TemplatePlanTest, NoTwoMarksOfATemplateShareAColumn) {
  const TemplatePlan plan = PlanOf({"N N N N", "x x N x N", "x=N x=N"}, /*count=*/10);
  for (const TemplatePlan::Template& one : plan.templates) {
    std::vector<uint32_t> columns = one.columns;
    std::sort(columns.begin(), columns.end());
    EXPECT_EQ(std::adjacent_find(columns.begin(), columns.end()), columns.end());
  }
}

}  // namespace
}  // namespace tidegate::storage
