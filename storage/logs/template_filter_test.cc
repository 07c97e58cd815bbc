#include "storage/logs/template_filter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/log_page/text_filter.h"

namespace tidegate::storage {
namespace {

using Kind = LineTest::Kind;

constexpr VariableShape kShapes[] = {{kDigitClass, 3}, {kDigitClass | kLowHexClass, 8}};

// "took <1 to 3 digits>ms for <a word of up to 8 digits a..f> at /login"
LineTemplate Pattern() {
  return {.kind = TemplateKind::kPattern,
          .text = "took \x01ms for \x02 at /login",
          .variables = kShapes};
}

Verdict JudgeAll(const std::vector<LineTest>& tests, const LineTemplate& lines = Pattern(),
                 const std::string& filter = {}) {
  TemplateFilter::Page page{.texts = lines.text, .classes = 0, .filter = filter};
  for (const VariableShape& shape : lines.variables) page.classes |= shape.classes;
  const TemplateFilter compiled(tests);
  const Verdict verdict = compiled.Judge(page, {&lines, 1}).at(0);
  EXPECT_TRUE(!compiled.NonePasses(page) || verdict == Verdict::kNone);
  return verdict;
}
Verdict Contains(const std::string& text) { return JudgeAll({{Kind::kContains, {text}, false}}); }
Verdict Matches(const std::string& text) { return JudgeAll({{Kind::kMatches, {text}, false}}); }

TEST(TemplateFilterTest, WhatEveryLineHolds) {
  EXPECT_EQ(Contains("ms for "), Verdict::kAll);
  EXPECT_EQ(Contains(""), Verdict::kAll);
  EXPECT_EQ(Contains(" at /login"), Verdict::kAll);
  EXPECT_EQ(JudgeAll({{Kind::kContains, {"ms for "}, true}}), Verdict::kNone) << "negated";
}

TEST(TemplateFilterTest, WhatNoLineCanHold) {
  EXPECT_EQ(Contains("needle"), Verdict::kNone);
  EXPECT_EQ(Contains("took 1234ms"), Verdict::kNone) << "three digits at most";
  EXPECT_EQ(Contains("took ms"), Verdict::kNone) << "one digit at least";
  EXPECT_EQ(Contains("12g"), Verdict::kNone);
  EXPECT_EQ(JudgeAll({{Kind::kContains, {"needle"}, true}}), Verdict::kAll) << "negated";
}

TEST(TemplateFilterTest, WhatTheVariablesDecide) {
  EXPECT_EQ(Contains("took 12ms"), Verdict::kMaybe);
  EXPECT_EQ(Contains("2ms for 0af3"), Verdict::kMaybe);
  EXPECT_EQ(Contains("7"), Verdict::kMaybe);
  EXPECT_EQ(Contains("took 123ms for 01234567 at /login"), Verdict::kMaybe);
  EXPECT_EQ(JudgeAll({{Kind::kContains, {"7"}, true}}), Verdict::kMaybe);
}

TEST(TemplateFilterTest, LongLiteralsAreProbedByTheirBeginning) {
  EXPECT_EQ(Contains("took 123ms" + std::string(100, 'x')), Verdict::kNone);
  EXPECT_EQ(Contains("for 01234567 at /login" + std::string(100, 'x')), Verdict::kNone);
}

TEST(TemplateFilterTest, ExpressionsAreJudgedByWhatTheyNeed) {
  EXPECT_EQ(Matches("needle.*[0-9]"), Verdict::kNone);
  EXPECT_EQ(Matches("(?i)(TOOK|error).*[0-9]{3}"), Verdict::kMaybe);
  EXPECT_EQ(Matches("(?i)(needle|error).*[0-9]{3}"), Verdict::kNone);
  EXPECT_EQ(Matches("[0-9]+"), Verdict::kMaybe) << "needs nothing that could be looked for";
  EXPECT_EQ(Matches("login"), Verdict::kAll) << "a literal";
  EXPECT_EQ(JudgeAll({{Kind::kMatches, {"needle.*[0-9]"}, true}}), Verdict::kAll);
  EXPECT_EQ(JudgeAll({{Kind::kMatches, {"a+needle", "to+k [0-9]"}, false}}), Verdict::kMaybe);
}

TEST(TemplateFilterTest, AllTestsMustHold) {
  const LineTest login{Kind::kContains, {"login"}, false};
  EXPECT_EQ(JudgeAll({login, {Kind::kContains, {"needle"}, false}}), Verdict::kNone);
  EXPECT_EQ(JudgeAll({login, {Kind::kContains, {"12"}, false}}), Verdict::kMaybe);
  EXPECT_EQ(JudgeAll({login, {Kind::kContains, {"needle", "at /"}, false}}), Verdict::kAll);
  EXPECT_EQ(JudgeAll({}), Verdict::kAll);
}

TEST(TemplateFilterTest, LettersWhoseOtherCaseIsAscii) {
  LineTemplate lines = Pattern();
  lines.text = "mi\xC5\xBFs";  // U+017F is another case of s.
  lines.variables = {};
  EXPECT_EQ(JudgeAll({{Kind::kMatches, {"(?i)miss+"}, false}}, lines), Verdict::kMaybe);
}

TEST(TemplateFilterTest, PagesAreJudgedByTheirTexts) {
  const TemplateFilter::Page page = {
      .texts = "took \x01ms for \x02", .classes = kDigitClass | kLowHexClass, .filter = {}};
  const auto none = [&page](LineTest test) {
    return TemplateFilter(std::vector<LineTest>{std::move(test)}).NonePasses(page);
  };
  EXPECT_TRUE(none({Kind::kContains, {"no-such-needle"}, false}));
  EXPECT_FALSE(none({Kind::kContains, {"no-such-needle", "took"}, false}));
  EXPECT_FALSE(none({Kind::kContains, {"7f3a"}, false})) << "may stand in a variable";
  EXPECT_FALSE(none({Kind::kContains, {"no-such-needle"}, true}));
  EXPECT_FALSE(none({Kind::kMatches, {"[x-z]"}, false}));
  EXPECT_FALSE(TemplateFilter({}).NonePasses(page));
}

TEST(TemplateFilterTest, TextsAskTheFilter) {
  TextFilterBuilder builder;
  builder.Add("libfoo-dev:amd64");
  builder.Add("Zebra");
  const std::string filter = builder.Finish();
  const VariableShape shape = {kTextClasses, 16};
  const LineTemplate lines = {
      .kind = TemplateKind::kPattern, .text = "status \x03 ok", .variables = {&shape, 1}};
  const auto contains = [&](const std::string& text) {
    return JudgeAll({{Kind::kContains, {text}, false}}, lines, filter);
  };
  EXPECT_EQ(contains("foo-dev"), Verdict::kMaybe);
  EXPECT_EQ(contains("bar-dev"), Verdict::kNone);
  EXPECT_EQ(contains("us libf"), Verdict::kMaybe);
  EXPECT_EQ(contains("us xyzt"), Verdict::kNone);
  EXPECT_EQ(contains("d64 ok"), Verdict::kMaybe);
  EXPECT_EQ(contains("q7x9 ok"), Verdict::kNone);
  EXPECT_EQ(contains("libfoo dev"), Verdict::kNone) << "no blank in a text";
  EXPECT_EQ(contains("libfoo-dev:amd64libfoo"), Verdict::kNone) << "too long";
  EXPECT_EQ(JudgeAll({{Kind::kMatches, {"(?i)ZEBRA.*k"}, false}}, lines, filter), Verdict::kMaybe);
  EXPECT_EQ(JudgeAll({{Kind::kMatches, {"(?i)TIGER.*k"}, false}}, lines, filter), Verdict::kNone);
}

TEST(TemplateFilterTest, PlainLinesAskTheirFilter) {
  TextFilterBuilder builder;
  builder.Add("Connection REFUSED by peer");
  const std::string filter = builder.Finish();
  const LineTemplate plain;
  const auto judge = [&](LineTest test) { return JudgeAll({std::move(test)}, plain, filter); };
  EXPECT_EQ(judge({Kind::kContains, {"refused"}, false}), Verdict::kMaybe) << "only about";
  EXPECT_EQ(judge({Kind::kContains, {"accepted"}, false}), Verdict::kNone);
  EXPECT_EQ(judge({Kind::kContains, {"accepted"}, true}), Verdict::kAll);
  EXPECT_EQ(judge({Kind::kMatches, {"(?i)connection +refused"}, false}), Verdict::kMaybe);
  EXPECT_EQ(judge({Kind::kMatches, {"(?i)connection +accepted"}, false}), Verdict::kNone);
  EXPECT_EQ(judge({Kind::kContains, {"by"}, false}), Verdict::kMaybe) << "too short for it";
}

}  // namespace
}  // namespace tidegate::storage
