#include "storage/logs/expression_automaton.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>

namespace tidegate::storage {
namespace {

// 1 matches, 0 does not, -1 is not known.
int Ask(ExpressionAutomaton* automaton, std::string_view line) {
  const auto state = automaton->Run(automaton->start(), line);
  if (state == ExpressionAutomaton::kUnknown) return -1;
  return automaton->MatchesAtEnd(state) ? 1 : 0;
}

void ExpectAsRe2(const std::string& expression, const std::vector<std::string>& lines) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  const re2::RE2 re2(expression, options);
  ASSERT_TRUE(re2.ok()) << expression;
  const auto automaton = ExpressionAutomaton::Compile(expression);
  ASSERT_NE(automaton, nullptr) << expression;
  for (const std::string& line : lines) {
    EXPECT_EQ(Ask(automaton.get(), line), re2::RE2::PartialMatch(line, re2) ? 1 : 0)
        << expression << " on " << line;
  }
}

const std::vector<std::string> kLines = {
    "",      "a",         "b",      "ab",         "aab",  "ba",    "Ab",          "x1y22z333",
    "a\nb",  "\n",        "{2}",    "a{2}",       "a.b",  "-",     "]",           "^",
    "a-c",   "12345678x", "error:", "an Error 7", "___",  "\t ok", "fail(ed)",    "k=v; w=9",
    "aaaaa", "zzzabc",    "abcabc", "0x1f",       "A-Z!", "\x7f",  "took 15ms\n", "\x0b"};

TEST(ExpressionAutomatonTest, AnswersAsRe2Does) {
  for (const char* expression : {"",
                                 "a",
                                 "ab",
                                 "a|b",
                                 "a*b",
                                 "a+b",
                                 "(a|b)+$",
                                 "^a",
                                 "^$",
                                 "^(ab|ba)$",
                                 "a{2}",
                                 "a{2,}b",
                                 "a{02}",
                                 "a{2,03}",
                                 "a{1,3}$",
                                 "x{0}",
                                 "a{,2}",
                                 "[a-c]+$",
                                 "[^a-c]",
                                 "[^\\n]b",
                                 "[]a]",
                                 "[a-]",
                                 "[\\d.]+",
                                 "\\d{3}$",
                                 "\\w+=\\w",
                                 "\\s",
                                 "\\S\\s",
                                 "\\D\\d",
                                 "\\W",
                                 "(?i)ERROR",
                                 "(?i:e)rror",
                                 "(?i)[a-c]+",
                                 "e(?i)RRor",
                                 ".",
                                 ".b",
                                 "(?s).b",
                                 "(?s:a.)b",
                                 "a.*?b",
                                 "(?P<n>a)b",
                                 "[[:alpha:]]+[[:digit:]]",
                                 "[[:punct:]]",
                                 "[[:space:]]$",
                                 "[[:word:]]{4}",
                                 "(|a)b",
                                 "(a*)*b",
                                 "(a|ab)(c|bcd)?$",
                                 "^.{4}$",
                                 "\\.",
                                 "\\(ed\\)",
                                 "\\A\\z",
                                 "(^a|b)c?$",
                                 "[0-9]{7} ?.*x",
                                 "fail\\(e",
                                 "=9$|^k",
                                 "$"}) {
    ExpectAsRe2(expression, kLines);
  }
}

TEST(ExpressionAutomatonTest, RandomExpressionsAnswerAsRe2Does) {
  std::mt19937_64 random(5);
  const std::string_view parts[] = {"a", "b", "[ab]", "[^a]", ".", "(a|b)",  "(b|ab)", "c",
                                    "^", "$", "|",    "\\d",  "1", "(?:ca)", "[a-c1]"};
  const std::string_view repeats[] = {"*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"};
  for (int i = 0; i < 3000; ++i) {
    std::string expression;
    const size_t length = 1 + random() % 6;
    for (size_t p = 0; p < length; ++p) {
      const std::string_view part = parts[random() % std::size(parts)];
      expression += part;
      const bool once = part == "|" || part == "^" || part == "$";
      if (!once && random() % 3 == 0) expression += repeats[random() % std::size(repeats)];
    }
    if (ExpressionAutomaton::Compile(expression) == nullptr) continue;
    std::vector<std::string> lines;
    for (int line = 0; line < 12; ++line) {
      std::string& text = lines.emplace_back();
      const size_t size = random() % 8;
      for (size_t c = 0; c < size; ++c) text += "abc1\n"[random() % 5];
    }
    ExpectAsRe2(expression, lines);
  }
}

TEST(ExpressionAutomatonTest, DoesNotKnowWhatIsBeyondAscii) {
  const auto automaton = ExpressionAutomaton::Compile("a.c");
  EXPECT_EQ(Ask(automaton.get(),
                "xx a\xC3\xA9"
                "c"),
            -1);
  EXPECT_EQ(Ask(automaton.get(), "abc \xC3\xA9"), 1) << "it had matched before";
}

TEST(ExpressionAutomatonTest, LeavesOutWhatItDoesNotKnow) {
  for (const char* expression : {"\\bword", "caf\xC3\xA9", "\\pL", "(?m)^a", "(?U)a+", "\\Qa\\E",
                                 "\\x41", "\\C", "$^", "((((a{9}){9}){9}){9})"}) {
    EXPECT_EQ(ExpressionAutomaton::Compile(expression), nullptr) << expression;
  }
}

TEST(ExpressionAutomatonTest, TooManyStatesAreNotKnown) {
  const auto automaton = ExpressionAutomaton::Compile("a.{14}b$");
  ASSERT_NE(automaton, nullptr);
  std::mt19937_64 random(9);
  std::string line;
  for (int i = 0; i < 20'000; ++i) line += "ab"[random() % 2];
  EXPECT_EQ(Ask(automaton.get(), line), -1);
}

}  // namespace
}  // namespace tidegate::storage
