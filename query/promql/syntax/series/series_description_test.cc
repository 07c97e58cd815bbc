#include "query/promql/syntax/series/series_description.h"

#include <cmath>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "gtest/gtest.h"

namespace tidegate::promql {
namespace {

SeriesDescription Parse(std::string_view line) {
  const auto series = ParseSeriesDescription(line);
  EXPECT_TRUE(series.ok()) << line << ": " << series.status();
  return series.ok() ? *series : SeriesDescription{};
}

// One word a value: a number, `_`, `stale`, or `h` with the schema and how often was added.
std::string Values(std::string_view line) {
  std::string out;
  for (const SeriesValue& value : Parse(line).values) {
    if (!out.empty()) out += " ";
    switch (value.kind) {
      case SeriesValue::Kind::kGap:
        out += "_";
        break;
      case SeriesValue::Kind::kStale:
        out += "stale";
        break;
      case SeriesValue::Kind::kFloat:
        out += fmt::format("{}", value.number);
        break;
      case SeriesValue::Kind::kHistogram:
        out += fmt::format("h{}", value.base->schema);
        if (value.increment != nullptr) {
          out += fmt::format("{}{}*h{}", value.subtract ? "-" : "+", value.times,
                             value.increment->schema);
        }
        break;
    }
  }
  return out;
}

std::string FaultOf(std::string_view line) {
  return std::string(ParseSeriesDescription(line).status().message());
}

TEST(SeriesLabels, NameAndLabels) {
  EXPECT_EQ(Parse("up{job='x', env=\"y\",} 1").labels,
            (std::vector<LabelPair>{{"__name__", "up"}, {"env", "y"}, {"job", "x"}}));
  EXPECT_EQ(Parse("up 1").labels, (std::vector<LabelPair>{{"__name__", "up"}}));
  EXPECT_EQ(Parse("job:up:sum 1").labels, (std::vector<LabelPair>{{"__name__", "job:up:sum"}}));
  EXPECT_TRUE(Parse("{} 1").labels.empty());
}

TEST(SeriesLabels, QuotedNames) {
  EXPECT_EQ(Parse("{'disk usage', 'a.b'='1'} 1").labels,
            (std::vector<LabelPair>{{"__name__", "disk usage"}, {"a.b", "1"}}));
}

TEST(SeriesLabels, TheNameInFrontWins) {
  EXPECT_EQ(Parse("a{__name__='b'} 1").labels, (std::vector<LabelPair>{{"__name__", "a"}}));
}

TEST(SeriesLabels, Alone) {
  const auto labels = ParseSeriesLabels("up{x='1'}");
  ASSERT_TRUE(labels.ok());
  EXPECT_EQ(labels->size(), 2u);
  EXPECT_FALSE(ParseSeriesLabels("up{x='1'} 1").ok());
}

TEST(SeriesLabels, Faults) {
  EXPECT_EQ(FaultOf("a{x} 1"), "1:4: parse error: unexpected \"}\" in label set, expected \"=\"");
  EXPECT_EQ(FaultOf("a{x=} 1"), "1:5: parse error: unexpected \"}\" in label set, expected string");
  EXPECT_EQ(FaultOf("a{'x'=,} 1"),
            "1:7: parse error: unexpected \",\" in label set, expected string");
  EXPECT_EQ(FaultOf("a{,} 1"),
            "1:3: parse error: unexpected \",\" in label set, expected identifier or \"}\"");
  EXPECT_EQ(FaultOf("a{x='1' y='2'} 1"),
            "1:9: parse error: unexpected identifier \"y\" in label set, expected \",\" or \"}\"");
  EXPECT_EQ(FaultOf("a{x!='1'} 1"),
            "1:4: parse error: unexpected <op:!=> in label set, expected \"=\"");
}

TEST(SeriesValues, OneByOne) {
  EXPECT_EQ(Values("a 1 -2 +3.5 _ stale Inf -Inf"), "1 -2 3.5 _ stale inf -inf");
  EXPECT_TRUE(std::isnan(Parse("a NaN").values.at(0).number));
  EXPECT_EQ(Values("a"), "");
  EXPECT_EQ(Values("a \t 1  "), "1");
}

TEST(SeriesValues, Repeated) {
  EXPECT_EQ(Values("a 7x0"), "7");
  EXPECT_EQ(Values("a 7x2"), "7 7 7");
  EXPECT_EQ(Values("a _x2 1"), "_ _ 1");
  EXPECT_EQ(Values("a _x0 1"), "1");
}

TEST(SeriesValues, Steps) {
  EXPECT_EQ(Values("a 1+2x3"), "1 3 5 7");
  EXPECT_EQ(Values("a 1-2x2 5"), "1 -1 -3 5");
  EXPECT_EQ(Values("a -1+0.5x2"), "-1 -0.5 0");
}

TEST(SeriesValues, StepsAddUpWithTheirRounding) {
  double expected = 0;
  for (int i = 0; i < 10; ++i) expected += 0.1;
  EXPECT_EQ(Parse("a 0+0.1x10").values.back().number, expected);
  EXPECT_NE(expected, 1.0);
}

TEST(SeriesValues, Histograms) {
  EXPECT_EQ(Values("a {{schema:1}} {{}}"), "h1 h0");
  EXPECT_EQ(Values("a {{schema:1}}x2"), "h1 h1 h1");
  EXPECT_EQ(Values("a {{schema:1}}+{{schema:2}}x2"), "h1+0*h2 h1+1*h2 h1+2*h2");
  EXPECT_EQ(Values("a {{count:5}}-{{count:1}}x1 3"), "h0-0*h0 h0-1*h0 3");
}

TEST(SeriesValues, Faults) {
  EXPECT_EQ(FaultOf("a 1+"), "1:5: parse error: unexpected end of input in series values");
  EXPECT_EQ(FaultOf("a 1+2"), "1:6: parse error: unexpected end of input in series values");
  EXPECT_EQ(FaultOf("a gone"),
            "1:3: parse error: unexpected identifier \"gone\" in series values, expected number or "
            "\"stale\"");
  EXPECT_EQ(FaultOf("a sum"), "1:3: parse error: unexpected <aggr:sum> in series values");
  EXPECT_EQ(FaultOf("a 1x1.5"),
            "1:5: parse error: invalid repetition in series values: strconv.ParseUint: parsing "
            "\"1.5\": invalid syntax");
  EXPECT_EQ(FaultOf("a {{schema:2}}+{{schema:1}}x1"),
            "1:30: parse error: error combining histograms: cannot merge from schema 1 to 2");
  EXPECT_FALSE(ParseSeriesDescription("a {{schema:2}}+{{schema:1}}").ok());
}

TEST(SeriesValues, AreBounded) {
  EXPECT_EQ(Parse("a 1x999999").values.size(), 1'000'000u);
  for (const std::string_view line :
       {"a 1x1000000", "a _x18446744073709551615", "a 1x18446744073709551615",
        "a 1+1x18446744073709551615", "a {{}}x5000000", "a 1x999999 1", "a 1x999999 _",
        "a {{}}+{{}}x18446744073709551615"}) {
    EXPECT_NE(FaultOf(line).find("more than 1000000 series values"), std::string::npos) << line;
  }
}

TEST(StartTimestampLines, AreRecognised) {
  const SeriesDescription series = Parse("a{x='1'}@st   _ -30s-1mx1");
  EXPECT_TRUE(series.is_start_timestamps);
  EXPECT_EQ(series.labels.size(), 2u);
  EXPECT_TRUE(series.values.empty());
  EXPECT_EQ(series.start_offsets_ms,
            (std::vector<std::optional<int64_t>>{std::nullopt, -30'000, -90'000}));
  EXPECT_EQ(Parse("a@st 0").labels, (std::vector<LabelPair>{{"__name__", "a"}}));
}

TEST(StartTimestampLines, TheMarkMayStandInAValue) {
  const SeriesDescription series = Parse("a{x='\\'@st', y=\"@st\"} 1");
  EXPECT_FALSE(series.is_start_timestamps);
  EXPECT_EQ(series.values.size(), 1u);
}

TEST(StartTimestampLines, Faults) {
  EXPECT_FALSE(ParseSeriesDescription("a@start 1").ok());
  EXPECT_FALSE(ParseSeriesDescription("a@sx 1").ok());
  EXPECT_FALSE(ParseSeriesDescription("a{@st 1").ok());
}

}  // namespace
}  // namespace tidegate::promql
