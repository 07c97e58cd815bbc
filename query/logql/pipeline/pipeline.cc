#include "query/logql/pipeline/pipeline.h"

#include <algorithm>
#include <utility>

#include "query/logql/pipeline/compile_stage.h"

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

}  // namespace

absl::StatusOr<Pipeline> Pipeline::Compile(const std::vector<Stage>& stages,
                                           const WantedFields* wanted) {
  Pipeline pipeline;
  const std::vector<const Stage*> order = Reordered(stages);
  size_t at = 0;
  for (; at < order.size() && IsLineTest(*order[at]); ++at) {
    pipeline.line_tests_.push_back(LineTestOf(std::get<LineFilter>(*order[at])));
  }
  for (; at < order.size(); ++at) {
    absl::StatusOr<std::unique_ptr<StageRunner>> runner = CompileStage(*order[at], wanted);
    if (!runner.ok()) return runner.status();
    pipeline.runners_.push_back(*std::move(runner));
  }
  return pipeline;
}

}  // namespace tidegate::logql
