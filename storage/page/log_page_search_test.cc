#include "storage/page/log_page_search.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "storage/log_page/log_page_builder.h"
#include "storage/logs/line_filter.h"
#include "storage/page/template_run.h"

namespace tidegate::storage {
namespace {

using Kind = LineTest::Kind;

// Lines with numbers, padded numbers, words, identifiers in hexadecimal, and texts.
std::vector<std::string> Lines(uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::string_view names[] = {"alpha", "beta", "lib-x", "gamma9.so", "zz"};
  std::vector<std::string> lines;
  for (int i = 0; i < 400; ++i) {
    char text[160];
    std::snprintf(text, sizeof text, "12:%02d took %d ms id=%016llx pkg %s%c%d from 10.0.%d.%d",
                  i % 60, static_cast<int>(random() % 1200),
                  static_cast<unsigned long long>(random()),
                  std::string(names[random() % 5]).c_str(), static_cast<char>('a' + random() % 26),
                  static_cast<int>(random() % 40), static_cast<int>(random() % 3),
                  static_cast<int>(random() % 250));
    lines.emplace_back(text);
    if (i % 50 == 0) lines.push_back("rare " + std::string(static_cast<size_t>(i / 50), '!'));
    if (i % 3 == 0) lines.push_back("user beta left after " + std::to_string(random() % 90));
  }
  return lines;
}

struct Page {
  std::vector<std::string> lines;
  std::unique_ptr<LogPage> head;
  LogPageLines columns;
};

Page Build(std::vector<std::string> lines) {
  LogPageBuilder builder;
  std::vector<model::LogEntryView> entries;
  for (const std::string& line : lines) {
    entries.push_back({static_cast<int64_t>(entries.size()), line, {}});
  }
  builder.Add(0, entries);
  LogPageSections sections = builder.Finish();
  Page page{.lines = std::move(lines), .head = *LogPage::Parse(sections.head[0]), .columns = {}};
  EXPECT_TRUE(page.head->Load(sections.head[1], sections.head[2]).ok());
  page.columns = *LogPageLines::Parse(sections.lines, *page.head);
  EXPECT_TRUE(page.head->TemplateNumbers().ok());
  return page;
}

bool Passes(std::string_view line, const std::vector<LineTest>& tests) {
  const auto filter = LineFilter::Compile(tests);
  EXPECT_TRUE(filter.ok()) << filter.status();
  return filter->Holds(line);
}

// Every row's verdict agrees with its line; returns how many rows it left open.
size_t ExpectRight(Page* page, const std::vector<LineTest>& tests) {
  const TemplateFilter filter(tests);
  const TemplateFilter::Page summary{.texts = page->head->texts(),
                                     .classes = page->head->variable_classes(),
                                     .filter = page->head->filter()};
  std::vector<LineTemplate> templates;
  for (const LogPage::Template& one : page->head->templates()) templates.push_back(one.lines);
  std::vector<Verdict> verdicts = filter.Judge(summary, templates);
  const bool none = filter.NonePasses(summary);
  LogPageSearch search([page] { return &page->columns; }, filter);
  EXPECT_TRUE(search.Settle(TemplatesOf(*page->head), &verdicts).ok());
  const auto numbers = *page->head->TemplateNumbers();
  size_t open = 0;
  for (uint32_t row = 0; row < page->lines.size(); ++row) {
    Verdict verdict = verdicts[numbers[row]];
    if (verdict == Verdict::kMaybe)
      verdict = (*search.Judge(page->head.get(), {&row, 1}, numbers[row]))[0];
    const bool passes = Passes(page->lines[row], tests);
    EXPECT_FALSE(passes && none) << tests[0].alternatives[0];
    if (verdict == Verdict::kMaybe) {
      ++open;
    } else {
      EXPECT_EQ(verdict == Verdict::kAll, passes)
          << "`" << tests[0].alternatives[0] << "` in `" << page->lines[row] << "`";
    }
  }
  return open;
}

TEST(LogPageSearchTest, PartsOfLinesAreFoundWhereTheyAre) {
  Page page = Build(Lines(1));
  std::mt19937_64 random(2);
  for (int i = 0; i < 400; ++i) {
    const std::string& line = page.lines[random() % page.lines.size()];
    const size_t begin = random() % line.size();
    std::string literal = line.substr(begin, 1 + random() % 24);
    if (i % 4 == 0) literal[random() % literal.size()] = line[random() % line.size()];
    ExpectRight(&page, {{Kind::kContains, {literal}, i % 2 == 0}});
  }
}

TEST(LogPageSearchTest, AlternativesAndSeveralTests) {
  Page page = Build(Lines(3));
  ExpectRight(&page, {{Kind::kContains, {"took 7", "beta"}, false},
                      {Kind::kContains, {"10.0.1.", "left"}, false},
                      {Kind::kContains, {"9", "a"}, true}});
  ExpectRight(&page, {{Kind::kContains, {"", "x"}, false}, {Kind::kContains, {"ms id"}, true}});
}

TEST(LogPageSearchTest, NumbersAndIdentifiersNeedNoLines) {
  Page page = Build(Lines(4));
  const auto open = [&](const std::string& literal) {
    return ExpectRight(&page, {{Kind::kContains, {literal}, false}});
  };
  const std::string& line = page.lines[1];
  const size_t plain = 2;  // `rare `, `rare !`
  EXPECT_LE(open(line.substr(line.find("id=") + 3, 16)), plain);
  EXPECT_LE(open("took 12"), plain);
  EXPECT_LE(open("98761"), plain);
  EXPECT_LE(open("pkg lib-xq"), plain);
}

TEST(LogPageSearchTest, ExpressionsAreRunOverColumns) {
  Page page = Build(Lines(5));
  const size_t plain = 2;  // `rare `, `rare !`
  for (const char* expression :
       {"took [0-9]{3} ", "[0-9]{4} ms", "id=[a-f].*zz", "^12:0[0-4]", "(0|1)\\.[0-9]{2}$",
        "took \\d+ ms", "(?i)ALPHA[a-m]", "pkg (beta|zz).3", "x+y+z+[^ ]", "left.*7$",
        "ms id=.*pkg", "[g-z]{5}"}) {
    for (const bool negated : {false, true}) {
      EXPECT_LE(ExpectRight(&page, {{Kind::kMatches, {expression}, negated}}), plain) << expression;
    }
  }
  ExpectRight(&page, {{Kind::kMatches, {"\\bbeta\\b", "took 1[0-9]+ "}, false},
                      {Kind::kContains, {"10.0.2."}, true}});
}

TEST(LogPageSearchTest, WhatAllLinesOfATemplateAnswerNeedsNoColumn) {
  Page page = Build(Lines(6));
  const auto verdicts = [&](const char* expression) {
    const auto automaton = ExpressionAutomaton::Compile(expression);
    std::vector<Verdict> all;
    for (const LogPage::Template& one : page.head->templates()) {
      all.push_back(JudgeByShape(one.lines, automaton.get()));
    }
    return all;
  };
  ASSERT_EQ(page.head->templates()[1].lines.text, "user beta left after \x01");
  EXPECT_EQ(verdicts("t after [0-9]+$")[1], Verdict::kAll);
  EXPECT_EQ(verdicts("t after [0-9]{3}")[1], Verdict::kNone);
  EXPECT_EQ(verdicts("t after [0-9]{2}")[1], Verdict::kMaybe);
  EXPECT_EQ(verdicts("took [0-9]+ ms id")[0], Verdict::kAll);
}

}  // namespace
}  // namespace tidegate::storage
