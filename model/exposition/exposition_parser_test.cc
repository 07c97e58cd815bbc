#include "model/exposition/exposition_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tidegate::model {
namespace {

constexpr auto kText = ExpositionFormat::kPrometheusText;
constexpr auto kOpenMetrics = ExpositionFormat::kOpenMetrics;

std::string Describe(const ExpositionParser& parser, ExpositionParser::Entry entry) {
  switch (entry) {
    case ExpositionParser::Entry::kSample: {
      std::string out(parser.sample().series);
      out += "=" + std::to_string(parser.sample().value);
      if (parser.sample().timestamp) out += "@" + std::to_string(*parser.sample().timestamp);
      if (!parser.sample().exemplar.empty()) out += "#" + std::string(parser.sample().exemplar);
      return out;
    }
    case ExpositionParser::Entry::kType:
      return "type " + parser.family() + " " + std::string(MetricTypeName(parser.type()));
    case ExpositionParser::Entry::kHelp:
      return "help " + parser.family() + " " + parser.text();
    case ExpositionParser::Entry::kUnit:
      return "unit " + parser.family() + " " + parser.text();
    case ExpositionParser::Entry::kEnd:
      break;
  }
  return "end";
}

// One line an entry; the error is the last.
std::string Parse(std::string_view text, ExpositionFormat format = kText) {
  ExpositionParser parser(text, format);
  std::string out;
  while (true) {
    const auto entry = parser.Next();
    if (!entry.ok()) return out + std::string(entry.status().message());
    if (*entry == ExpositionParser::Entry::kEnd) return out;
    out += Describe(parser, *entry) + "\n";
  }
}

TEST(ExpositionParserTest, PrometheusText) {
  EXPECT_EQ(Parse("# HELP a_total What\\n it \\\\ counts.\n"
                  "# TYPE a_total counter\n"
                  "# a comment\n#another\n\n"
                  "a_total{b=\"c d\"} 1 1700000000000\n"
                  "  a_total\t2\t\n"
                  "# TYPE x untyped\n"
                  "x NaN"),
            "help a_total What\n it \\ counts.\n"
            "type a_total counter\n"
            "a_total{b=\"c d\"}=1.000000@1700000000000\n"
            "a_total=2.000000\n"
            "type x unknown\n"
            "x=nan\n");
}

TEST(ExpositionParserTest, TextMistakesAreNamedWithTheirLine) {
  EXPECT_EQ(Parse("a 1\nb\n"), "a=1.000000\nline 2: expected a value, got \"\"");
  EXPECT_EQ(Parse("a one"), "line 1: expected a value, got \"one\"");
  EXPECT_EQ(Parse("a 1 2 3"), "line 1: expected a timestamp and the end of the line, got \"2 3\"");
  EXPECT_EQ(Parse("\n{ 1"), "line 2: expected a closed label set, got \"{ 1\"");
  EXPECT_EQ(Parse("# TYPE a what\n"), "line 1: invalid metric type \"what\"");
  EXPECT_EQ(Parse("# TYPE a info\n"), "line 1: invalid metric type \"info\"");
  EXPECT_EQ(Parse("<html>\n"), "line 1: expected a value, got \"\"");
}

TEST(ExpositionParserTest, OpenMetrics) {
  EXPECT_EQ(Parse("# TYPE a_seconds histogram\n"
                  "# UNIT a_seconds seconds\n"
                  "# HELP a_seconds Says \\\"hi\\\".\n"
                  "a_seconds_bucket{le=\"1\"} 3 1700000000.25 # {trace_id=\"x y\"} 0.5 1700000000\n"
                  "# TYPE \"b.c\" stateset\n"
                  "{\"b.c\"} 1\n"
                  "# EOF\n",
                  kOpenMetrics),
            "type a_seconds histogram\n"
            "unit a_seconds seconds\n"
            "help a_seconds Says \"hi\".\n"
            "a_seconds_bucket{le=\"1\"}=3.000000@1700000000250#{trace_id=\"x y\"} 0.5 1700000000\n"
            "type b.c stateset\n"
            "{\"b.c\"}=1.000000\n");
}

TEST(ExpositionParserTest, OpenMetricsIsStrict) {
  EXPECT_EQ(Parse("a 1\n", kOpenMetrics), "a=1.000000\ndata does not end with # EOF");
  EXPECT_EQ(Parse("# EOF\na 1\n", kOpenMetrics), "line 2: unexpected data after # EOF");
  EXPECT_EQ(Parse("\n# EOF\n", kOpenMetrics), "line 1: expected a metric or a comment, got \"\"");
  EXPECT_EQ(Parse("a  1\n# EOF\n", kOpenMetrics),
            "line 1: expected a blank and a value, got \"  1\"");
  EXPECT_EQ(Parse("#comment\n# EOF\n", kOpenMetrics),
            "line 1: expected # HELP, # TYPE, # UNIT or # EOF, got \"#comment\"");
  EXPECT_EQ(Parse("# TYPE a untyped\n# EOF\n", kOpenMetrics),
            "line 1: invalid metric type \"untyped\"");
  EXPECT_EQ(Parse("# UNIT a seconds\n# EOF\n", kOpenMetrics),
            "line 1: unit \"seconds\" not a suffix of metric \"a\"");
  EXPECT_EQ(Parse("a 1 1e300\n# EOF\n", kOpenMetrics),
            "line 1: expected a timestamp and the end of the line, got \"1e300\"");
}

TEST(ExemplarTest, IsReadWithItsTime) {
  const auto exemplar = ParseExemplar("{trace_id=\"a\"} 0.5 1.5", 7);
  ASSERT_TRUE(exemplar.ok()) << exemplar.status();
  EXPECT_EQ(exemplar->labels, (Labels{{"trace_id", "a"}}));
  EXPECT_EQ(exemplar->value, 0.5);
  EXPECT_EQ(exemplar->timestamp, 1500);
  EXPECT_EQ(ParseExemplar("{} 2", 7)->timestamp, 7);
  for (std::string_view wrong :
       {"", "a 1", "{a=\"b\"}", "{a=\"b\"} x", "{a=\"b\"} 1 x", "{a=} 1"}) {
    EXPECT_FALSE(ParseExemplar(wrong, 0).ok()) << wrong;
  }
}

}  // namespace
}  // namespace tidegate::model
