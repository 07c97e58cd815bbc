#include "query/logql/syntax/prettier.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "model/quote.h"
#include "query/logql/syntax/printer.h"
#include "query/vector/go_float.h"

namespace tidegate::logql {
namespace {

std::string Indent(int level) { return std::string(2 * static_cast<size_t>(level), ' '); }

// Lives for one call.
class Prettier {
 public:
  explicit Prettier(size_t width) : width_(width) {}

  std::string Log(const LogExpr& log, int level) const {
    std::string line = SelectorText(log.matchers);
    for (const Stage& stage : log.stages) line += " " + ToString(stage);
    if (log.stages.empty() || Fits(line)) return Indent(level) + line;
    std::string text = Indent(level) + SelectorText(log.matchers);
    for (size_t i = 0; i < log.stages.size();) {
      const size_t begin = i;
      while (i < log.stages.size() && std::holds_alternative<LineFilter>(log.stages[i])) ++i;
      text += i > begin ? LineFilters(log.stages, begin, i, level + 1)
                        : "\n" + Indent(level + 1) + ToString(log.stages[i++]);
    }
    return text;
  }

  std::string Sample(const SampleExpr& expr, int level) const {
    std::string line = ToString(expr);
    if (Fits(line)) return Indent(level) + line;
    if (const auto* range = std::get_if<RangeAggregation>(&expr.node)) return Range(*range, level);
    if (const auto* vector = std::get_if<VectorAggregation>(&expr.node)) {
      return Vector(*vector, level);
    }
    if (const auto* binary = std::get_if<BinaryExpr>(&expr.node)) return Binary(*binary, level);
    if (const auto* replace = std::get_if<LabelReplaceExpr>(&expr.node)) {
      return Replace(*replace, level);
    }
    return Indent(level) + line;
  }

 private:
  bool Fits(const std::string& line) const { return line.size() <= width_; }

  // Line filters side by side are one stage: as many as fit share the first line, the others have
  // one each.
  std::string LineFilters(const std::vector<Stage>& stages, size_t begin, size_t end,
                          int level) const {
    std::string first = ToString(stages[begin]);
    size_t i = begin + 1;
    for (; i < end; ++i) {
      std::string longer = first + " " + ToString(stages[i]);
      if (!Fits(longer)) break;
      first = std::move(longer);
    }
    std::string text = "\n" + Indent(level) + first;
    for (; i < end; ++i) text += "\n" + Indent(level) + ToString(stages[i]);
    return text;
  }

  std::string Range(const RangeAggregation& aggregation, int level) const {
    std::string text = Indent(level) + Name(aggregation.op) + "(\n";
    if (aggregation.parameter.has_value()) {
      text += Indent(level + 1) + query::FormatG(*aggregation.parameter) + ",\n";
    }
    text += Log(aggregation.range.log, level + 1);
    if (aggregation.range.unwrap.has_value()) {
      const std::string line = "\n" + Indent(level + 2);
      text += line + UnwrapText(*aggregation.range.unwrap);
      for (const LabelFilterPtr& filter : aggregation.range.unwrap->filters) {
        text += line + "| " + ToString(*filter);
      }
    }
    text += " " + RangeText(aggregation.range) + "\n" + Indent(level) + ")";
    if (aggregation.grouping.has_value()) text += " " + GroupingText(*aggregation.grouping, ", ");
    return text;
  }

  std::string Vector(const VectorAggregation& aggregation, int level) const {
    std::string text = Indent(level) + Name(aggregation.op);
    if (aggregation.grouping.has_value()) text += " " + GroupingText(*aggregation.grouping, ", ");
    text += "(\n";
    if (aggregation.parameter != 0) {
      text += fmt::format("{}{},\n", Indent(level + 1), aggregation.parameter);
    }
    return text + Sample(*aggregation.inner, level + 1) + "\n" + Indent(level) + ")";
  }

  std::string Binary(const BinaryExpr& binary, int level) const {
    return Operand(binary, *binary.left, false, level + 1) + "\n" + Indent(level) +
           OperatorText(binary) + "\n" + Operand(binary, *binary.right, true, level + 1);
  }

  // What fits on a line has its parentheses already.
  std::string Operand(const BinaryExpr& parent, const SampleExpr& operand, bool right,
                      int level) const {
    const auto* const child = std::get_if<BinaryExpr>(&operand.node);
    if (child == nullptr || Fits(ToString(operand))) return Sample(operand, level);
    const int outer = LevelOf(parent.op);
    const int inner = LevelOf(child->op);
    const bool right_to_left = parent.op == BinaryOp::kPower;
    const bool bare = inner > outer || (inner == outer && right == right_to_left);
    if (bare) return Sample(operand, level);
    return Indent(level) + "(\n" + Sample(operand, level + 1) + "\n" + Indent(level) + ")";
  }

  std::string Replace(const LabelReplaceExpr& replace, int level) const {
    std::string text = Indent(level) + "label_replace(\n" + Sample(*replace.inner, level + 1);
    for (const std::string* one :
         {&replace.destination, &replace.replacement, &replace.source, &replace.regex}) {
      text += ",\n" + Indent(level + 1) + model::Quoted(*one);
    }
    return text + "\n" + Indent(level) + ")";
  }

  const size_t width_;
};

}  // namespace

std::string Prettify(const Expr& expr, size_t width) {
  const Prettier prettier(width);
  if (const auto* log = std::get_if<LogExpr>(&expr)) return prettier.Log(*log, 0);
  return prettier.Sample(*std::get<SampleExprPtr>(expr), 0);
}

}  // namespace tidegate::logql
