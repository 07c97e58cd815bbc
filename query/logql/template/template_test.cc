#include "query/logql/template/template.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace tidegate::logql {
namespace {

class Entry : public TemplateInput {
 public:
  Entry(std::string line, std::map<std::string, std::string, std::less<>> labels)
      : line_(std::move(line)), labels_(std::move(labels)) {}
  std::string_view line() const override { return line_; }
  std::string_view Label(std::string_view name) const override {
    const auto found = labels_.find(name);
    return found == labels_.end() ? std::string_view() : found->second;
  }
  std::vector<std::pair<std::string_view, std::string_view>> Labels() const override {
    return {labels_.begin(), labels_.end()};
  }
  absl::Time timestamp() const override { return absl::FromUnixMillis(1'656'331'200'250); }
  absl::Time now() const override { return absl::FromUnixSeconds(1'700'000'000); }

 private:
  std::string line_;
  std::map<std::string, std::string, std::less<>> labels_;
};

// What a template prints for an entry, or its error.
std::string Print(std::string text) {
  const Entry entry("the line", {{"bar", "blop"}, {"foo", "blip"}, {"n", "3"}});
  const absl::StatusOr<Template> compiled = Template::Compile("line", std::move(text));
  if (!compiled.ok()) return std::string(compiled.status().message());
  std::string out;
  const absl::Status status = compiled->Render(entry, &out);
  return status.ok() ? out : std::string(status.message());
}

TEST(Template, TextAndLabels) {
  EXPECT_EQ(Print(""), "");
  EXPECT_EQ(Print("no action }} here"), "no action }} here");
  EXPECT_EQ(Print("foo{{.foo}}buzz{{  .bar  }}{{.missing}}"), "fooblipbuzzblop");
  EXPECT_EQ(Print("{{ __line__ }} {{.}}"), "the line map[bar:blop foo:blip n:3]");
}

TEST(Template, PipesAndParentheses) {
  EXPECT_EQ(Print(R"({{.foo | replace "blip" "bar" | upper}})"), "BAR");
  EXPECT_EQ(Print("{{ add .n 1 | sub 10 | mul 2 }}"), "12");
  EXPECT_EQ(Print(R"({{ print (upper .foo) `x"y` -1 2.5 true }})"), "BLIPx\"y-1 2.5 true");
  EXPECT_EQ(Print("{{ (.foo) }}{{ ($).bar }}{{ $.bar }}"), "blipblopblop");
}

TEST(Template, Conditions) {
  EXPECT_EQ(Print(R"({{if .foo | contains "p"}}yes{{end}}-{{if .none}}no{{end}})"), "yes-");
  EXPECT_EQ(Print(R"({{if eq .foo "x"}}1{{else if eq .bar "blop"}}2{{else}}3{{end}}!)"), "2!");
  EXPECT_EQ(Print(R"({{if .none}}1{{else if .none}}2{{else}}3{{end}}!)"), "3!");
  EXPECT_EQ(Print("{{with .foo}}{{.}}{{else}}none{{end}}{{with .none}}x{{else}}-{{end}}"), "blip-");
  EXPECT_EQ(Print("{{ and .foo .bar }} {{ or .none .foo }} {{ .n | and .none }}"), "blop blip ");
}

TEST(Template, AndOrEvaluateNoMoreThanTheyNeed) {
  EXPECT_EQ(Print("{{ or .foo (div 1 0) }}"), "blip");
  EXPECT_EQ(Print("{{ and .none (div 1 0) }}"), "");
}

TEST(Template, Variables) {
  EXPECT_EQ(Print("{{$x := .foo}}{{if true}}{{$x = .bar}}{{$y := 1}}{{$y}}{{end}}{{$x}}"), "1blop");
  EXPECT_EQ(Print("{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}"), "21");
  EXPECT_EQ(Print("{{if true}}{{$y := 1}}{{end}}{{$y}}"),
            "template: line:1: undefined variable \"$y\"");
  EXPECT_EQ(Print("{{if .none}}{{$y := 1}}{{else}}{{$y}}{{end}}"),
            "template: line:1: undefined variable \"$y\"");
  EXPECT_EQ(Print("{{or .foo ($z := 1)}}"), "template: line:1: undefined variable \"$z\"");
  EXPECT_EQ(Print("{{$y = 1}}"), "template: line:1: undefined variable \"$y\"");
}

TEST(Template, CommentsAndTrimMarkers) {
  EXPECT_EQ(Print("a {{/* b }} */}} c"), "a  c");
  EXPECT_EQ(Print("a \n{{- .n -}}\n b"), "a3b");
  EXPECT_EQ(Print("{{-1}}"), "-1");
}

TEST(Template, ErrorsOfTheTextSayWhere) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"{{ nosuchfunc }}", "1: function \"nosuchfunc\" not defined"},
      {"\n{{", "2: unclosed action"},
      {"{{ .foo", "1: unclosed action"},
      {"{{}}", "1: missing value for command"},
      {"{{ .foo | }}", "1: missing value for command"},
      {"{{if .foo}}x", "1: unexpected EOF"},
      {"{{end}}", "1: unexpected {{end}}"},
      {"{{if 1}}{{else}}{{else}}{{end}}", "1: unexpected {{else}}"},
      {"{{ \"a }}", "1: unterminated quoted string"},
      {"{{ 1x }}", "1: bad number syntax: \"1x\""},
      {"{{ (.foo }}", "1: unclosed left paren"},
      {"{{ .foo ) }}", "1: unexpected \")\" in command"},
      {"{{/* a }}", "1: unclosed comment"},
  };
  for (const auto& [text, error] : cases) EXPECT_EQ(Print(text), "template: line:" + error) << text;
}

TEST(Template, DepthIsBounded) {
  const std::string open(100000, '(');
  EXPECT_EQ(Print("{{" + open), "template: line:1: parentheses are nested too deep");
  std::string blocks;
  for (int i = 0; i < 1000; ++i) blocks += "{{if 1}}";
  EXPECT_EQ(Print(blocks), "template: line:1: blocks are nested too deep");
}

TEST(Template, ErrorsOfAnEntrySayWhere) {
  EXPECT_EQ(Print("{{.foo | __line__}}"),
            "template: line:1:9: executing \"line\" at <__line__>: wrong number of args for "
            "__line__: want 0 got 1");
  EXPECT_EQ(Print("\n {{replace \"test\" .foo}}"),
            "template: line:2:3: executing \"line\" at <replace>: wrong number of args for "
            "replace: want 3 got 2");
  EXPECT_EQ(Print("{{ div 1 0 }}"),
            "template: line:1:3: executing \"line\" at <div 1 0>: error calling div: integer "
            "divide by zero");
  EXPECT_EQ(Print("{{ .foo.bar }}"),
            "template: line:1:3: executing \"line\" at <.foo.bar>: can't evaluate field bar in "
            "type string");
  EXPECT_EQ(Print("{{ .foo 1 }}"),
            "template: line:1:3: executing \"line\" at <.foo>: can't give argument to "
            "non-function .foo");
}

TEST(Template, Ranges) {
  EXPECT_EQ(Print(R"({{range fromJson "[1,\"a\",null]"}}<{{.}}>{{end}})"), "<1><a><<no value>>");
  EXPECT_EQ(Print("{{range $k, $v := .}}{{$k}}={{$v}};{{end}}"), "bar=blop;foo=blip;n=3;");
  EXPECT_EQ(Print("{{range $i, $_ := fromJson `[5,6]`}}{{$i}}{{end}}"), "01");
  EXPECT_EQ(Print("{{$x := 0}}{{range $x = fromJson `[5,6]`}}{{.}}{{end}}{{$x}}"), "566");
  EXPECT_EQ(Print("{{range 3}}{{.}}{{end}}{{range fromJson `{}`}}x{{else}}none{{end}}"), "012none");
  EXPECT_EQ(Print("{{range $i, $e := fromJson `[]`}}x{{else}}{{$i}}{{$e}}{{end}}"), "[][]");
  EXPECT_EQ(Print("{{$x := 7}}{{range $x := 0}}x{{else}}{{$x}}{{end}}{{$x}}"), "07");
  EXPECT_EQ(Print("{{range 9}}{{if eq . 2}}{{continue}}{{end}}{{if gt . 4}}{{break}}{{end}}{{.}}"
                  "{{end}}!"),
            "0134!");
  EXPECT_EQ(Print("{{range .foo}}{{end}}"),
            "template: line:1:8: executing \"line\" at <.foo>: range can't iterate over blip");
  EXPECT_EQ(Print("{{break}}"), "template: line:1: {{break}} outside {{range}}");
}

TEST(Template, TemplatesCallTemplates) {
  EXPECT_EQ(Print(R"({{define "x"}}<{{.}}{{$}}>{{end}}{{template "x" .foo}}{{template "x"}})"),
            "<blipblip><<no value><no value>>");
  EXPECT_EQ(Print(R"({{$v := 1}}{{block "y" .n}}{{.}}{{end}}{{$v}})"), "31");
  EXPECT_EQ(Print(R"({{$v := 1}}{{define "z"}}{{$v}}{{end}})"),
            "template: line:1: undefined variable \"$v\"");
  EXPECT_EQ(Print(R"({{template "none"}})"),
            "template: line:1:11: executing \"line\" at <\"none\">: template \"none\" not defined");
  EXPECT_EQ(Print(R"({{define "x"}}{{template "x"}}{{end}}{{template "x"}})"),
            "template: line:1:25: executing \"line\" at <\"x\">: exceeded maximum template depth "
            "(100)");
  EXPECT_EQ(Print(R"({{if 1}}{{define "x"}}{{end}}{{end}})"),
            "template: line:1: unexpected {{define}}");
  EXPECT_EQ(Print("{{with .none}}1{{else with .foo}}{{.}}{{else}}3{{end}}"), "blip");
}

TEST(Template, TimesAndJson) {
  EXPECT_EQ(Print(R"({{ __timestamp__ | date "2006-01-02T15:04:05.999" }})"),
            "2022-06-27T12:00:00.25");
  EXPECT_EQ(Print("{{ __timestamp__ }}"), "2022-06-27 12:00:00.25 +0000 UTC");
  EXPECT_EQ(Print("{{ now | unixEpoch }} {{ __timestamp__ | unixEpochMillis }}"),
            "1700000000 1656331200250");
  EXPECT_EQ(Print(R"({{ date "2006-01-02" 86400 }} {{ unixToTime "1673798889" | unixEpoch }})"),
            "1970-01-02 1673798889");
  EXPECT_EQ(Print(R"({{ toDateInZone "2006-01-02" "UTC" "2023-03-10" | unixEpochNanos }})"),
            "1678406400000000000");
  EXPECT_EQ(Print(R"({{ toDateInZone "x" "../etc/passwd" "" | unixEpoch }})"), "-62135596800");
  EXPECT_EQ(Print("{{ (fromJson `{\"a\":[1,{\"b\":null}]}`).a }}"), "[1 map[b:<nil>]]");
  EXPECT_EQ(Print("{{ (fromJson `{\"a\":{\"b\":2}}`).a.b }} {{ (fromJson `{`).a }}"),
            "template: line:1:40: executing \"line\" at <(fromJson `{`).a>: nil pointer evaluating "
            "interface {}.a");
  EXPECT_EQ(Print("{{ .foo | now }}"),
            "template: line:1:10: executing \"line\" at <now>: wrong number of args for now: want "
            "0 got 1");
}

TEST(Template, TypesOfArguments) {
  EXPECT_EQ(Print("{{ upper 1 }}"),
            "template: line:1:9: executing \"line\" at <1>: wrong type for value; expected string; "
            "got int");
  EXPECT_EQ(Print("{{ .n | alignLeft .foo }}").substr(0, 60),
            "template: line:1:18: executing \"line\" at <.foo>: wrong type ");
  EXPECT_EQ(Print("{{ unixEpoch .foo }}").substr(0, 60),
            "template: line:1:13: executing \"line\" at <.foo>: wrong type ");
  EXPECT_EQ(Print("{{ 'a' }} {{ 0x1F }} {{ .5 }} {{ index . \"foo\" }} {{ len . }}"),
            "97 31 0.5 blip 3");
}

TEST(Template, StepsAreBounded) {
  EXPECT_EQ(Print("{{range 100000000}}{{end}}"), "the template takes too many steps");
  EXPECT_EQ(Print("{{range 1000000}}{{$x := repeat 100000 \"a\"}}{{end}}"),
            "the template takes too many steps");
}

TEST(Template, ExpressionsThatStandInItAreCompiledOnce) {
  EXPECT_EQ(Print("{{ .foo | count `[bp]` }}{{ regexReplaceAll `b(l)` .foo `$1` }}"), "2lip");
  EXPECT_EQ(Print("{{ count `(` .foo }}"),
            "template: line:1:3: executing \"line\" at <count `(` .foo>: error calling count: "
            "error parsing regexp: missing ): (");
  EXPECT_EQ(Print("{{ count .foo .foo }}"), "1");
}

TEST(Template, KnowsWhichLabelsItReads) {
  const auto names = [](const char* text) { return Template::Compile("line", text)->LabelNames(); };
  EXPECT_EQ(names("{{.a | upper}}{{if .b}}{{$.c}}{{end}} {{__line__}}"),
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(names("{{define \"x\"}}{{.d}}{{end}}"), (std::vector<std::string>{"d"}));
  EXPECT_EQ(names("{{.}}"), std::nullopt);
  EXPECT_EQ(names("{{index $ \"a\"}}"), std::nullopt);
}

TEST(Template, WhatIsPrintedIsBounded) {
  EXPECT_EQ(Print("{{$x := repeat 1000000 \"a\"}}{{$x}}{{$x}}"), "the text would become too long");
  EXPECT_EQ(
      Print("{{$x := repeat 1000000 \"a\"}}{{print $x $x}}"),
      "template: line:1:30: executing \"line\" at <print $x $x>: error calling print: the text "
      "would become too long");
}

}  // namespace
}  // namespace tidegate::logql
