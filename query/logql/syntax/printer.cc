#include "query/logql/syntax/printer.h"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

#include "model/duration_text.h"
#include "model/quote.h"
#include "query/logql/syntax/literals.h"
#include "query/vector/go_float.h"

namespace tidegate::logql {
namespace {

using model::Quoted;

constexpr int64_t kNsPerMs = 1'000'000;

const char* Sign(model::MatchType type) {
  switch (type) {
    case model::MatchType::kEqual:
      return "=";
    case model::MatchType::kNotEqual:
      return "!=";
    case model::MatchType::kRegex:
      return "=~";
    case model::MatchType::kNotRegex:
      return "!~";
  }
  return "=";
}

std::string MatcherText(const model::Matcher& matcher) {
  return matcher.name + Sign(matcher.type) + Quoted(matcher.value);
}

template <typename Items, typename Print>
std::string Joined(const Items& items, const char* separator, Print print) {
  std::string text;
  for (const auto& item : items) {
    if (&item != &*items.begin()) text += separator;
    text += print(item);
  }
  return text;
}

std::string Names(const std::vector<std::string>& names, const char* separator) {
  return "(" + Joined(names, separator, [](const std::string& name) { return name; }) + ")";
}

// What model.Duration cannot write has nanoseconds.
std::string DurationOf(int64_t ns) {
  return ns % kNsPerMs == 0 ? model::DurationText(ns / kNsPerMs) : GoDurationText(ns);
}

std::string Extractions(const std::vector<Extraction>& extractions) {
  return Joined(extractions, ",",
                [](const Extraction& one) { return one.label + "=" + Quoted(one.expression); });
}

std::string Choices(const std::vector<LabelChoice>& choices) {
  return Joined(choices, ",", [](const LabelChoice& choice) {
    return choice.matcher.has_value() ? MatcherText(*choice.matcher) : choice.label;
  });
}

// One overload a stage.
std::string StageText(const LineFilter& filter) {
  return fmt::format("{} {}", Name(filter.op),
                     Joined(filter.alternatives, " or ", [](const LineFilter::Alternative& one) {
                       return one.is_ip ? "ip(" + Quoted(one.text) + ")" : Quoted(one.text);
                     }));
}
std::string StageText(const JsonParser& json) {
  return json.extractions.empty() ? "| json" : "| json " + Extractions(json.extractions);
}
std::string StageText(const LogfmtParser& logfmt) {
  std::string text = "| logfmt";
  if (logfmt.strict) text += " --strict";
  if (logfmt.keep_empty) text += " --keep-empty";
  return logfmt.extractions.empty() ? text : text + " " + Extractions(logfmt.extractions);
}
std::string StageText(const RegexpParser& regexp) {
  return "| regexp " + Quoted(regexp.expression);
}
std::string StageText(const PatternParser& pattern) {
  return "| pattern " + Quoted(pattern.pattern);
}
std::string StageText(const Unpack&) { return "| unpack"; }
std::string StageText(const LabelFilterPtr& filter) { return "| " + ToString(*filter); }
std::string StageText(const LineFormat& format) { return "| line_format " + Quoted(format.format); }
std::string StageText(const LabelFormat& format) {
  return "| label_format " +
         Joined(format.assignments, ",", [](const LabelFormat::Assignment& one) {
           return one.label + "=" + (one.is_rename ? one.value : Quoted(one.value));
         });
}
std::string StageText(const Decolorize&) { return "| decolorize"; }
std::string StageText(const DropLabels& drop) { return "| drop " + Choices(drop.labels); }
std::string StageText(const KeepLabels& keep) { return "| keep " + Choices(keep.labels); }

std::string ComparisonText(const LabelComparison& comparison) {
  std::string value;
  switch (comparison.unit) {
    case LabelComparison::Unit::kNumber:
      value = fmt::format("{}", comparison.value);
      break;
    case LabelComparison::Unit::kDuration:
      value = GoDurationText(static_cast<int64_t>(comparison.value));
      break;
    case LabelComparison::Unit::kBytes:
      value = comparison.literal;
      break;
  }
  return comparison.label + Name(comparison.op) + value;
}

std::string LogText(const LogExpr& log) {
  std::string text = SelectorText(log.matchers);
  for (const Stage& stage : log.stages) text += " " + ToString(stage);
  return text;
}

// One overload a node.
std::string NodeText(const RangeAggregation& aggregation) {
  std::string text = Name(aggregation.op);
  text += "(";
  if (aggregation.parameter.has_value()) text += query::FormatG(*aggregation.parameter) + ",";
  text += ToString(aggregation.range) + ")";
  if (aggregation.grouping.has_value()) text += " " + GroupingText(*aggregation.grouping, ",");
  return text;
}
std::string NodeText(const VectorAggregation& aggregation) {
  std::string text = Name(aggregation.op);
  if (aggregation.grouping.has_value()) text += " " + GroupingText(*aggregation.grouping, ",");
  text += "(";
  if (aggregation.parameter != 0) text += fmt::format("{},", aggregation.parameter);
  return text + ToString(*aggregation.inner) + ")";
}
std::string NodeText(const BinaryExpr& binary) {
  return "(" + ToString(*binary.left) + " " + OperatorText(binary) + " " + ToString(*binary.right) +
         ")";
}
std::string NodeText(const LabelReplaceExpr& replace) {
  return "label_replace(" + ToString(*replace.inner) + "," + Quoted(replace.destination) + "," +
         Quoted(replace.replacement) + "," + Quoted(replace.source) + "," + Quoted(replace.regex) +
         ")";
}
// Six digits behind the point, as Loki has it, unless they are not enough.
std::string NodeText(const VectorExpr& vector) {
  const std::string fixed = fmt::format("{:f}", vector.value);
  const bool exact = query::ParseFloat(fixed) == vector.value;
  return "vector(" + (exact ? fixed : query::FormatG(vector.value)) + ")";
}
std::string NodeText(const LiteralExpr& literal) { return query::FormatG(literal.value); }

}  // namespace

std::string SelectorText(const std::vector<model::Matcher>& matchers) {
  return "{" + Joined(matchers, ", ", MatcherText) + "}";
}

std::string UnwrapText(const Unwrap& unwrap) {
  switch (unwrap.conversion) {
    case UnwrapConversion::kNone:
      return "| unwrap " + unwrap.label;
    case UnwrapConversion::kBytes:
      return "| unwrap bytes(" + unwrap.label + ")";
    case UnwrapConversion::kDuration:
      return "| unwrap duration(" + unwrap.label + ")";
  }
  return {};
}

std::string RangeText(const LogRange& range) {
  std::string text = "[" + DurationOf(range.range_ns) + "]";
  if (range.offset_ns != 0) text += " offset " + DurationOf(range.offset_ns);
  return text;
}

std::string GroupingText(const Grouping& grouping, const char* separator) {
  return (grouping.without ? "without " : "by ") + Names(grouping.labels, separator);
}

std::string OperatorText(const BinaryExpr& binary) {
  std::string text = Name(binary.op);
  if (binary.return_bool) text += " bool";
  if (!binary.on.has_value()) return text;
  text += (*binary.on ? " on " : " ignoring ") + Names(binary.matching_labels, ", ");
  if (binary.cardinality == MatchCardinality::kOneToOne) return text;
  text += binary.cardinality == MatchCardinality::kManyToOne ? " group_left" : " group_right";
  // Without names in parentheses those of the right operand could be taken for them.
  return text + " " + Names(binary.include, ", ");
}

std::string ToString(const Stage& stage) {
  return std::visit([](const auto& one) { return StageText(one); }, stage);
}

std::string ToString(const LabelFilter& filter) {
  if (const auto* matcher = std::get_if<model::Matcher>(&filter.test)) return MatcherText(*matcher);
  if (const auto* one = std::get_if<LabelComparison>(&filter.test)) return ComparisonText(*one);
  if (const auto* ip = std::get_if<LabelIpFilter>(&filter.test)) {
    return ip->label + (ip->negated ? "!=" : "=") + "ip(" + Quoted(ip->pattern) + ")";
  }
  const auto& pair = std::get<LabelFilterPair>(filter.test);
  return "( " + ToString(*pair.left) + (pair.is_or ? " or " : " , ") + ToString(*pair.right) + " )";
}

std::string ToString(const LogRange& range) {
  std::string text = LogText(range.log);
  if (range.unwrap.has_value()) {
    text += " " + UnwrapText(*range.unwrap);
    for (const LabelFilterPtr& filter : range.unwrap->filters) text += " | " + ToString(*filter);
  }
  return text + RangeText(range);
}

std::string ToString(const SampleExpr& expr) {
  return std::visit([](const auto& node) { return NodeText(node); }, expr.node);
}

std::string ToString(const Expr& expr) {
  if (const auto* log = std::get_if<LogExpr>(&expr)) return LogText(*log);
  return ToString(*std::get<SampleExprPtr>(expr));
}

}  // namespace tidegate::logql
