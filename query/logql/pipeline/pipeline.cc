#include "query/logql/pipeline/pipeline.h"

#include <algorithm>
#include <string>
#include <utility>

#include "query/logql/pipeline/compile_stage.h"
#include "query/logql/syntax/lexer.h"
#include "query/logql/syntax/printer.h"

namespace tidegate::logql {
namespace {

// Line filters do not move over what drops entries by label or changes the line.
bool IsBarrier(const Stage& stage) {
  return std::holds_alternative<LabelFilterPtr>(stage) ||
         std::holds_alternative<LineFormat>(stage) || std::holds_alternative<Unpack>(stage);
}

std::vector<const Stage*> Reordered(const std::vector<Stage>& stages) {
  std::vector<const Stage*> order;
  size_t front = 0;  // Where the next line filter goes.
  for (const Stage& stage : stages) {
    if (std::holds_alternative<LineFilter>(stage)) {
      order.insert(order.begin() + static_cast<ptrdiff_t>(front++), &stage);
      continue;
    }
    order.push_back(&stage);
    if (IsBarrier(stage)) front = order.size();
  }
  return order;
}

bool IsLineTest(const Stage& stage) {
  const auto* const filter = std::get_if<LineFilter>(&stage);
  if (filter == nullptr || filter->op > LineFilterOp::kMatchesNot) return false;
  return std::none_of(filter->alternatives.begin(), filter->alternatives.end(),
                      [](const LineFilter::Alternative& one) { return one.is_ip; });
}

storage::LineTest LineTestOf(const LineFilter& filter) {
  storage::LineTest test;
  const LineFilterOp op = filter.op;
  test.kind = op == LineFilterOp::kContains || op == LineFilterOp::kContainsNot
                  ? storage::LineTest::Kind::kContains
                  : storage::LineTest::Kind::kMatches;
  test.negated = op == LineFilterOp::kContainsNot || op == LineFilterOp::kMatchesNot;
  for (const LineFilter::Alternative& one : filter.alternatives) {
    test.alternatives.push_back(one.text);
  }
  return test;
}

bool IsParser(const Stage& stage) {
  return std::holds_alternative<JsonParser>(stage) || std::holds_alternative<LogfmtParser>(stage) ||
         std::holds_alternative<RegexpParser>(stage) ||
         std::holds_alternative<PatternParser>(stage) || std::holds_alternative<Unpack>(stage);
}

bool ReadsLine(const LabelFormat& format) {
  return std::any_of(format.assignments.begin(), format.assignments.end(),
                     [](const LabelFormat::Assignment& one) {
                       return !one.is_rename && one.value.find("__line__") != std::string::npos;
                     });
}

// Whether what a stage does depends on the line.
bool ReadsLine(const Stage& stage) {
  if (const auto* format = std::get_if<LabelFormat>(&stage)) return ReadsLine(*format);
  return !std::holds_alternative<LabelFilterPtr>(stage) &&
         !std::holds_alternative<DropLabels>(stage) && !std::holds_alternative<KeepLabels>(stage);
}

// Without the stages whose effect nobody sees.
std::vector<const Stage*> Needed(const std::vector<const Stage*>& order, const WantedFields& wanted,
                                 LineUse line) {
  const bool parses = wanted.everything() || wanted.size() > 0;
  bool line_is_read = line == LineUse::kRead;
  std::vector<const Stage*> needed;
  for (auto it = order.rbegin(); it != order.rend(); ++it) {
    const Stage& stage = **it;
    const bool unpacks = std::holds_alternative<Unpack>(stage);
    const bool only_changes_line =
        std::holds_alternative<LineFormat>(stage) || std::holds_alternative<Decolorize>(stage);
    if (only_changes_line && !line_is_read) continue;
    if (IsParser(stage) && !parses && !(unpacks && line_is_read)) continue;
    line_is_read |= ReadsLine(stage);
    needed.push_back(&stage);
  }
  std::reverse(needed.begin(), needed.end());
  return needed;
}

// As Loki words it.
absl::Status StageError(const Stage& stage, const absl::Status& status) {
  return ParseError(0, 0, "stage '" + ToString(stage) + "' : " + std::string(status.message()));
}

}  // namespace

absl::StatusOr<Pipeline> Pipeline::Compile(const std::vector<Stage>& stages,
                                           const WantedFields* wanted, LineUse line) {
  Pipeline pipeline;
  const std::vector<const Stage*> all = Reordered(stages);
  // What is left out is checked all the same.
  const std::vector<const Stage*> order = Needed(all, *wanted, line);
  for (const Stage* stage : all) {
    if (IsLineTest(*stage) || std::find(order.begin(), order.end(), stage) != order.end()) continue;
    const absl::Status status = CompileStage(*stage, wanted).status();
    if (!status.ok()) return StageError(*stage, status);
  }
  size_t at = 0;
  for (; at < order.size() && IsLineTest(*order[at]); ++at) {
    pipeline.line_tests_.push_back(LineTestOf(std::get<LineFilter>(*order[at])));
  }
  for (; at < order.size(); ++at) {
    absl::StatusOr<std::unique_ptr<StageRunner>> runner = CompileStage(*order[at], wanted);
    if (!runner.ok()) return StageError(*order[at], runner.status());
    pipeline.runners_.push_back(*std::move(runner));
    pipeline.reads_lines_ |= ReadsLine(*order[at]);
  }
  return pipeline;
}

}  // namespace tidegate::logql
