#include "model/exposition/series_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace tidegate::model {
namespace {

constexpr auto kText = ExpositionFormat::kPrometheusText;
constexpr auto kOpenMetrics = ExpositionFormat::kOpenMetrics;

// "name=value|name=value" in the order written, or the error.
std::string Read(std::string_view text, ExpositionFormat format = kText) {
  LabelPairs labels;
  const absl::Status status = ParseSeriesText(text, format, &labels);
  if (!status.ok()) return std::string(status.message());
  std::string out;
  for (const auto& [name, value] : labels) out += (out.empty() ? "" : "|") + name + "=" + value;
  return out;
}

TEST(SeriesTextTest, NameAndLabels) {
  EXPECT_EQ(Read("up"), "__name__=up");
  EXPECT_EQ(Read("a:b_1{}"), "__name__=a:b_1");
  EXPECT_EQ(Read("up{b=\"2\",a=\"1\"}"), "__name__=up|b=2|a=1");
  EXPECT_EQ(Read("up{a=\"1\",}"), "__name__=up|a=1");
  EXPECT_EQ(Read("up{a=\"\"}"), "__name__=up|a=");
}

TEST(SeriesTextTest, QuotedNames) {
  EXPECT_EQ(Read(R"({"http.requests"})"), "__name__=http.requests");
  EXPECT_EQ(Read(R"({"http.requests",a="1","b.c"="2"})"), "__name__=http.requests|a=1|b.c=2");
  EXPECT_EQ(Read(R"(up{"other"})"), "metric name already set");
  EXPECT_EQ(Read(R"({a="1"})"), "metric name not found");
  EXPECT_EQ(Read(R"({""})"), "the metric name is empty");
}

TEST(SeriesTextTest, EscapesInValues) {
  EXPECT_EQ(Read(R"(up{a="x\"y\\z\nw\q"})"), "__name__=up|a=x\"y\\z\nw\\q");
  EXPECT_EQ(Read("up{a=\"}{,= \"}"), "__name__=up|a=}{,= ");
}

TEST(SeriesTextTest, BlanksAreForTheTextFormatOnly) {
  EXPECT_EQ(Read("up { a = \"1\" , b=\"2\" }"), "__name__=up|a=1|b=2");
  EXPECT_EQ(Read("up{a=\"1\", b=\"2\"}", kOpenMetrics),
            "expected a label name, got \" b=\\\"2\\\"}\"");
  EXPECT_EQ(Read("up{a=\"1\",b=\"2\"}", kOpenMetrics), "__name__=up|a=1|b=2");
}

TEST(SeriesTextTest, MistakesAreNamed) {
  EXPECT_EQ(Read("up{a=1}"), "expected a label value in double quotes, got \"1}\"");
  EXPECT_EQ(Read("up{a}"), "expected =, got \"}\"");
  EXPECT_EQ(Read("up{1a=\"\"}"), "expected a label name, got \"1a=\\\"\\\"}\"");
  EXPECT_EQ(Read("up{a=\"1\" b=\"2\"}"), "expected , or }, got \"b=\\\"2\\\"}\"");
  EXPECT_EQ(Read("up{a=\"1\",a=\"2\"}"), "label a is there twice");
  EXPECT_EQ(Read("up{a=\"1\""), "expected }, got \"\"");
  EXPECT_EQ(Read("up{a=\"1"), "a double quote is left open");
  EXPECT_EQ(Read("up{a=\"\xff\"}"), "invalid UTF-8: \"\\xff\"");
  EXPECT_EQ(Read("up-x"), "expected {, got \"-x\"");
}

TEST(SeriesTextTest, SizeEndsBeforeTheValue) {
  EXPECT_EQ(SeriesTextSize("up 1"), 2u);
  EXPECT_EQ(SeriesTextSize("up\t1"), 2u);
  EXPECT_EQ(SeriesTextSize("up{a=\"} 1\"} 2"), 11u);
  EXPECT_EQ(SeriesTextSize("up {a=\"b\"} 2"), 10u);
  EXPECT_EQ(SeriesTextSize("up{a=\"\\\"\"}"), 10u);
  EXPECT_EQ(SeriesTextSize("up{a=\"b"), std::string_view::npos);
  EXPECT_EQ(SeriesTextSize("up{a"), std::string_view::npos);
}

}  // namespace
}  // namespace tidegate::model
