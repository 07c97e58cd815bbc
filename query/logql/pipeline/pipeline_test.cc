#include "query/logql/pipeline/pipeline.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "query/logql/syntax/parser.h"

namespace tidegate::logql {
namespace {

struct Outcome {
  std::string line;
  model::Labels labels;
};

// What becomes of one line of {app="a"} with metadata {m="1"} behind `stages`; nothing when
// dropped. Line tests, which are the source's, are not run.
std::optional<Outcome> RunStages(const std::string& stages, const std::string& line) {
  const auto expr = ParseExpr("{app=\"a\"} " + stages);
  EXPECT_TRUE(expr.ok()) << expr.status();
  const WantedFields everything;
  auto pipeline = Pipeline::Compile(std::get<LogExpr>(*expr).stages, &everything);
  EXPECT_TRUE(pipeline.ok()) << pipeline.status();
  const model::Labels stream{{"app", "a"}};
  const model::Labels metadata{{"m", "1"}};
  EntryLabels labels;
  labels.SetStream(stream);
  labels.SetMetadata(metadata);
  std::optional<Outcome> outcome;
  for (int round = 0; round < 2; ++round) {  // Nothing of an entry stays for the next one.
    labels.Begin();
    StageEntry entry{1, line, &labels};
    outcome.reset();
    if (pipeline->Run(&entry)) outcome = Outcome{std::string(entry.line), labels.All()};
  }
  return outcome;
}

absl::Status CompileError(const std::string& stages) {
  const auto expr = ParseExpr("{app=\"a\"} " + stages);
  const WantedFields everything;
  return Pipeline::Compile(std::get<LogExpr>(*expr).stages, &everything).status();
}

TEST(Pipeline, ExtractsAndRenamesWhatIsThereAlready) {
  EXPECT_EQ(
      RunStages("| json", R"({"app":"x","n":{"k":1},"m":"2"})")->labels,
      (model::Labels{
          {"app", "a"}, {"app_extracted", "x"}, {"m", "1"}, {"m_extracted", "2"}, {"n_k", "1"}}));
  EXPECT_EQ(RunStages("| logfmt | json", R"(a=1 b="x y")")->labels.Get("b"), "x y");
}

TEST(Pipeline, ABrokenLineIsMarkedAndStays) {
  const auto outcome = RunStages("| json", "no json");
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->labels.Get("__error__"), "JSONParserErr");
  EXPECT_FALSE(RunStages("| json | __error__=\"\"", "no json").has_value());
  EXPECT_FALSE(
      RunStages("| json | drop __error__, __error_details__", "no json")->labels.Has("__error__"));
}

TEST(Pipeline, ComparesLabels) {
  EXPECT_TRUE(RunStages("| logfmt | d > 1s and s < 2KB", "d=1500ms s=1.5kB").has_value());
  EXPECT_FALSE(RunStages("| logfmt | d > 2s or s > 2KB", "d=1500ms s=1.5kB").has_value());
  EXPECT_FALSE(RunStages("| logfmt | missing > 1", "d=1").has_value());
  const auto marked = RunStages("| logfmt | d > 1", "d=abc");
  ASSERT_TRUE(marked.has_value());
  EXPECT_EQ(marked->labels.Get("__error__"), "LabelFilterErr");
  EXPECT_TRUE(RunStages("| logfmt | d=~\"a.*\"", "d=abc").has_value());
  EXPECT_FALSE(RunStages("| logfmt | d=~\"a\"", "d=abc").has_value());
}

TEST(Pipeline, FindsAddresses) {
  EXPECT_TRUE(RunStages("| logfmt | ip=ip(\"10.0.0.0/8\")", "ip=10.1.2.3").has_value());
  EXPECT_FALSE(RunStages("| logfmt | ip!=ip(\"10.0.0.0/8\")", "ip=10.1.2.3").has_value());
  EXPECT_TRUE(RunStages("|= ip(\"10.0.0.1-10.0.0.9\")", "from 10.0.0.5:80.").has_value());
  EXPECT_FALSE(RunStages("|= ip(\"10.0.0.1-10.0.0.9\")", "from 10.0.0.50:80.").has_value());
  EXPECT_TRUE(RunStages("|= ip(\"2001:db8::/32\")", "at 2001:db8::5").has_value());
  EXPECT_EQ(CompileError("|= ip(\"10.0.0\")").code(), absl::StatusCode::kInvalidArgument);
}

TEST(Pipeline, ChangesLabelsAndLines) {
  EXPECT_EQ(RunStages("| label_format b=app", "x")->labels,
            (model::Labels{{"b", "a"}, {"m", "1"}}));
  EXPECT_EQ(RunStages("| keep m", "x")->labels, (model::Labels{{"m", "1"}}));
  EXPECT_EQ(RunStages("| drop m=\"2\", app", "x")->labels, (model::Labels{{"m", "1"}}));
  EXPECT_EQ(RunStages("| decolorize", "\x1b[1;31mred\x1b[0m")->line, "red");
  EXPECT_EQ(RunStages("| unpack", R"({"_entry":"inner","k":"v"})")->line, "inner");
}

TEST(Pipeline, LeavesLeadingLineFiltersToTheSource) {
  const auto expr = ParseExpr(R"({a="b"} | logfmt |= "x" or "y" !~ "z" | k="v" |= "late")");
  const WantedFields everything;
  const auto pipeline = Pipeline::Compile(std::get<LogExpr>(*expr).stages, &everything);
  ASSERT_EQ(pipeline->line_tests().size(), 2U);
  EXPECT_EQ(pipeline->line_tests()[0].alternatives, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(pipeline->line_tests()[1].negated);
  EXPECT_FALSE(RunStages("| m=\"1\" |= \"late\"", "early").has_value());
  EXPECT_TRUE(RunStages("| m=\"1\" |~ \"l.te\"", "late").has_value());
  EXPECT_TRUE(RunStages("|> \"<_> error <_>\"", "an error here").has_value());
}

TEST(Pipeline, LeavesOutWhatNobodySees) {
  const auto expr = ParseExpr(
      R"({a="b"} |= "x" | json | unpack | m="1" | line_format "{{.b}}" | decolorize | drop m)");
  const auto& stages = std::get<LogExpr>(*expr).stages;
  const WantedFields nothing{std::vector<std::string>()};
  const auto counting = Pipeline::Compile(stages, &nothing, LineUse::kIgnored);
  EXPECT_EQ(counting->line_tests().size(), 1U);
  EXPECT_FALSE(counting->empty());
  EXPECT_FALSE(counting->reads_lines());
  EXPECT_TRUE(Pipeline::Compile(stages, &nothing, LineUse::kRead)->reads_lines());
  const WantedFields one{std::vector<std::string>{"m"}};
  EXPECT_TRUE(Pipeline::Compile(stages, &one, LineUse::kIgnored)->reads_lines());
}

TEST(Pipeline, Formats) {
  EXPECT_EQ(
      RunStages("| line_format \"{{.app}}: {{__line__}}\" | line_format \"<{{__line__}}>\"", "x")
          ->line,
      "<a: x>");
  EXPECT_EQ(RunStages("| label_format b=\"{{.m | upper}}!\"", "x")->labels,
            (model::Labels{{"app", "a"}, {"b", "1!"}, {"m", "1"}}));
  EXPECT_EQ(CompileError("| line_format \"{{\"").code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace tidegate::logql
