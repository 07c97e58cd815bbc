#include "query/rule_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace tidegate::query {
namespace {

using testing::HasSubstr;

absl::StatusOr<std::vector<TemplateSample>> Answer(const std::string& query) {
  if (query == "none") return std::vector<TemplateSample>();
  if (query == "bad") return absl::InvalidArgumentError("1:1: parse error: no");
  return std::vector<TemplateSample>{
      {model::Labels{{"__name__", "metric"}, {"instance", "b"}, {"__value__", "text"}}, 11},
      {model::Labels{{"__name__", "metric"}, {"instance", "a"}}, 12.5}};
}

std::string Render(std::string_view text, double value = 3.5) {
  const absl::StatusOr<RuleTemplate> compiled = RuleTemplate::Compile("__alert_x", text);
  if (!compiled.ok()) return "compile: " + std::string(compiled.status().message());
  const model::Labels labels{{"instance", "host.example.org:9090"}, {"job", "node"}};
  const model::Labels external{{"region", "eu"}};
  RuleTemplateData data;
  data.labels = &labels;
  data.external_labels = &external;
  data.external_url = "http://tidegate:9009/prefix";
  data.value = value;
  data.timestamp = 1'600'000'000'000;
  data.query = Answer;
  const absl::StatusOr<std::string> out = compiled->Render(data);
  return out.ok() ? *out : "error: " + std::string(out.status().message());
}

TEST(RuleTemplate, PlainTextStaysAsItIs) { EXPECT_EQ(Render("a } b"), "a } b"); }

TEST(RuleTemplate, KnowsTheAlert) {
  EXPECT_EQ(Render("{{ $labels.job }} {{ .Labels.job }} {{ $value }} {{ .Value }}"),
            "node node 3.5 3.5");
  EXPECT_EQ(Render("{{ $externalLabels.region }} {{ $externalURL }} {{ externalURL }}"),
            "eu http://tidegate:9009/prefix http://tidegate:9009/prefix");
  EXPECT_EQ(Render("{{ pathPrefix }}"), "/prefix");
  EXPECT_EQ(Render("[{{ $labels.absent }}]"), "[]");
  EXPECT_EQ(Render("{{ index $labels \"job\" }}[{{ index $labels \"x\" }}]"), "node[]");
  EXPECT_EQ(Render("{{ range $name, $v := $labels }}{{ $name }}={{ $v }};{{ end }}"),
            "instance=host.example.org:9090;job=node;");
  EXPECT_EQ(Render("{{ $value }}", 1234567), "1.234567e+06");
}

TEST(RuleTemplate, Conditions) {
  EXPECT_EQ(Render("{{ if gt $value 3.0 }}high{{ else }}low{{ end }}"), "high");
  EXPECT_EQ(Render("{{ if eq $labels.job \"node\" }}yes{{ end }}"), "yes");
  EXPECT_EQ(Render("{{ with query \"none\" }}some{{ else }}none{{ end }}"), "none");
  EXPECT_EQ(Render("{{ define \"a\" }}<{{ . }}>{{ end }}{{ template \"a\" $labels.job }}"),
            "<node>");
}

TEST(RuleTemplate, Queries) {
  EXPECT_EQ(Render("{{ query \"metric\" | first | value }}"), "11");
  EXPECT_EQ(
      Render("{{ query \"metric\" | sortByLabel \"instance\" | first | label \"instance\" }}"),
      "a");
  EXPECT_EQ(Render("{{ query \"metric\" | first | strvalue }}"), "text");
  EXPECT_EQ(Render("{{ range query \"metric\" }}{{ .Labels.instance }}:{{ .Value }} {{ end }}"),
            "b:11 a:12.5 ");
  EXPECT_THAT(Render("{{ query \"none\" | first | value }}"),
              HasSubstr("error calling first: first() called on vector with no elements"));
  EXPECT_THAT(Render("{{ query \"bad\" }}"), HasSubstr("parse error"));
  EXPECT_THAT(Render("{{ (query \"metric\" | first).Nothing }}"), HasSubstr("Nothing"));
}

TEST(RuleTemplate, Humanized) {
  EXPECT_EQ(Render("{{ humanize $value }}", 1234567), "1.235M");
  EXPECT_EQ(Render("{{ humanize $value }}", 0.0123), "12.3m");
  EXPECT_EQ(Render("{{ humanize $value }}", 0), "0");
  EXPECT_EQ(Render("{{ humanize $value }}", std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(Render("{{ humanize1024 $value }}", 1048576), "1Mi");
  EXPECT_EQ(Render("{{ humanize1024 $value }}", 0.5), "0.5");
  EXPECT_EQ(Render("{{ humanizeDuration $value }}", 0.1), "100ms");
  EXPECT_EQ(Render("{{ humanizeDuration $value }}", 59.5), "59.5s");
  EXPECT_EQ(Render("{{ humanizeDuration $value }}", 899.99), "14m 59s");
  EXPECT_EQ(Render("{{ humanizeDuration $value }}", -3601), "-1h 0m 1s");
  EXPECT_EQ(Render("{{ humanizeDuration $value }}", 86400), "1d 0h 0m 0s");
  EXPECT_EQ(Render("{{ humanizePercentage $value }}", 0.01234567), "1.235%");
  EXPECT_EQ(Render("{{ humanizeTimestamp $value }}", 1435065584.128),
            "2015-06-23 13:19:44.128 +0000 UTC");
  EXPECT_EQ(Render("{{ \"2048\" | humanize1024 }}"), "2ki");
  EXPECT_THAT(Render("{{ humanize \"x\" }}"), HasSubstr("strconv.ParseFloat: parsing \"x\""));
}

TEST(RuleTemplate, Texts) {
  EXPECT_EQ(Render("{{ reReplaceAll \"(.*):.*\" \"$1\" $labels.instance }}"), "host.example.org");
  EXPECT_EQ(Render("{{ match \"^no\" $labels.job }}"), "true");
  EXPECT_EQ(Render("{{ \"aBc dEf\" | toUpper }} {{ \"aBc\" | toLower }} {{ \"aa bb\" | title }}"),
            "ABC DEF abc Aa Bb");
  EXPECT_EQ(Render("{{ stripPort $labels.instance }} {{ stripDomain $labels.instance }}"),
            "host.example.org host:9090");
  EXPECT_EQ(Render("{{ stripDomain \"192.0.2.1:80\" }} {{ stripPort \"[::1]:80\" }}"),
            "192.0.2.1:80 ::1");
  EXPECT_EQ(Render("{{ parseDuration \"1h2m10ms\" }}"), "3720.01");
  EXPECT_EQ(Render("{{ (toTime 1435065584.128).Year }}").substr(0, 5), "error");
  EXPECT_EQ(Render("{{ toTime 0 }}"), "1970-01-01 00:00:00 +0000 UTC");
  EXPECT_EQ(Render("{{ now }}"), "1.6e+09");
  EXPECT_EQ(Render("{{ tableLink \"up == 0\" }}"), "/graph?g0.expr=up+%3D%3D+0&g0.tab=1");
  EXPECT_EQ(Render("{{ graphLink \"up\" }}"), "/graph?g0.expr=up&g0.tab=0");
  EXPECT_EQ(Render("{{ with args 1 \"b\" }}{{ .arg0 }}{{ .arg1 }}{{ end }}"), "1b");
  EXPECT_EQ(Render("{{ printf \"%.2f\" $value }}"), "3.50");
  EXPECT_EQ(Render("{{ safeHtml \"<b>\" }}"), "<b>");
}

TEST(RuleTemplate, TemplatesWithArguments) {
  EXPECT_EQ(
      Render(R"({{ define "t" }}Args: {{.arg0}} {{.arg1}}. {{ with query "metric" }}first:)"
             R"({{ . | sortByLabel "instance" | first | label "instance" }},)"
             R"({{ range $v := sortByLabel "instance" . }}{{ . | label "instance" }}:)"
             R"({{ . | value }},{{ end }}{{ end }}{{ end }}{{ template "t" (args "x" 99) }})"),
      "Args: x 99. first:a,a:12.5,b:11,");
}

TEST(RuleTemplate, OnlyItsOwnFunctions) {
  EXPECT_EQ(Render("{{ trimPrefix \"a\" \"ab\" }}"),
            "compile: template: __alert_x:1: function \"trimPrefix\" not defined");
  EXPECT_THAT(Render("{{ $nothing }}"), HasSubstr("undefined variable \"$nothing\""));
  EXPECT_THAT(Render("{{ __line__ }}"), HasSubstr("not defined"));
}

TEST(RuleTemplate, ErrorsAreAsInPrometheus) {
  EXPECT_THAT(Render("{{ .Nothing }}"),
              HasSubstr("error: error executing template __alert_x: template: __alert_x:1:"));
}

}  // namespace
}  // namespace tidegate::query
