#include "query/promql/syntax/render/printer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/duration_text.h"
#include "query/promql/syntax/lex/number_text.h"
#include "query/promql/syntax/lex/quoting.h"
#include "query/promql/syntax/lex/token.h"

namespace tidegate::promql {

// Appends nodes to a text; notes where each one lies if a tree asks for it.
class Printer {
 public:
  Printer(std::string* out, PrintedTree* tree) : out_(*out), tree_(tree) {}

  void Print(const Expr& expr);

  void PrintAggregationHead(const AggregateExpr& node);
  void PrintOperator(const BinaryExpr& node);
  void PrintSubquerySuffix(const SubqueryExpr& node);

 private:
  void PrintNode(const Expr& expr);
  void PrintNumber(const NumberLiteral& node);
  void PrintSelector(const VectorSelector& node);
  void PrintName(const VectorSelector& node);
  void PrintMatrixSelector(const MatrixSelector& node);
  void PrintCall(const Call& node);
  void PrintAggregate(const AggregateExpr& node);
  void PrintBinary(const BinaryExpr& node);
  void PrintMatching(const VectorMatching& matching);
  void PrintFill(const VectorMatching& matching);
  void PrintDurationExpr(const DurationExpr& node);
  void PrintRange(const DurationSpec& range);
  void PrintOffset(const DurationSpec& offset);
  void PrintAt(const TimeModifiers& time);
  void PrintExtension(const VectorSelector& node);
  void PrintLabels(const std::vector<std::string>& labels);

  std::string& out_;
  PrintedTree* const tree_;  // may be null
};

namespace {

constexpr std::string_view kMetricNameLabel = "__name__";

std::string_view MatchText(model::MatchType type) {
  switch (type) {
    case model::MatchType::kNotEqual:
      return "!=";
    case model::MatchType::kRegex:
      return "=~";
    case model::MatchType::kNotRegex:
      return "!~";
    case model::MatchType::kEqual:
      break;
  }
  return "=";
}

std::string MatcherText(const model::Matcher& matcher) {
  const std::string name =
      IsPlainLabelName(matcher.name) ? matcher.name : model::Quoted(matcher.name);
  return fmt::format("{}{}{}", name, MatchText(matcher.type), model::Quoted(matcher.value));
}

// In a list of labels a name without quotes is read as a token: inf and nan would be numbers.
std::string GroupingLabelText(const std::string& label) {
  const bool plain = IsPlainMetricName(label) && KeywordOf(label) != TokenType::kNumber;
  return plain ? label : model::Quoted(label);
}

bool SameBits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

// Shortest positive duration that prints as more than "0s". Prometheus prints "0s" for what is
// below a millisecond, which it would not read back as a range; this number means the same and is
// read.
constexpr std::string_view kBelowOneMs = "0.0001";

}  // namespace

void Printer::Print(const Expr& expr) {
  const size_t start = out_.size();
  PrintNode(expr);
  if (tree_ != nullptr) {
    tree_->spans_[&expr] = PrintedTree::Span{.start = start, .size = out_.size() - start};
  }
}

void Printer::PrintNode(const Expr& expr) {
  switch (expr.kind()) {
    case NodeKind::kNumberLiteral:
      return PrintNumber(As<NumberLiteral>(expr));
    case NodeKind::kStringLiteral:
      out_ += model::Quoted(As<StringLiteral>(expr).value);
      return;
    case NodeKind::kVectorSelector:
      return PrintSelector(As<VectorSelector>(expr));
    case NodeKind::kMatrixSelector:
      return PrintMatrixSelector(As<MatrixSelector>(expr));
    case NodeKind::kSubquery:
      Print(*As<SubqueryExpr>(expr).expr);
      return PrintSubquerySuffix(As<SubqueryExpr>(expr));
    case NodeKind::kCall:
      return PrintCall(As<Call>(expr));
    case NodeKind::kAggregate:
      return PrintAggregate(As<AggregateExpr>(expr));
    case NodeKind::kBinary:
      return PrintBinary(As<BinaryExpr>(expr));
    case NodeKind::kUnary:
      out_ += As<UnaryExpr>(expr).negate ? '-' : '+';
      return Print(*As<UnaryExpr>(expr).expr);
    case NodeKind::kParen:
      out_ += '(';
      Print(*As<ParenExpr>(expr).expr);
      out_ += ')';
      return;
    case NodeKind::kDuration:
      return PrintDurationExpr(As<DurationExpr>(expr));
  }
}

void Printer::PrintNumber(const NumberLiteral& node) {
  if (!node.written_as_duration) {
    out_ += FormatNumber(node.value);
    return;
  }
  // The token had whole milliseconds; rounding takes back what the division by 1000 cost.
  if (std::signbit(node.value)) out_ += '-';
  out_ += FormatDurationMs(std::llround(std::abs(node.value) * 1000));
}

void Printer::PrintName(const VectorSelector& node) {
  std::vector<std::string> texts;
  for (const model::Matcher& matcher : node.matchers) {
    const bool is_name = matcher.type == model::MatchType::kEqual &&
                         matcher.name == kMetricNameLabel && !matcher.value.empty() &&
                         matcher.value == node.name;
    if (!is_name) texts.push_back(MatcherText(matcher));
  }
  out_ += node.name;
  // Braces alone stand for "any labels", which only info() takes.
  if (texts.empty() && !node.name.empty()) return;
  std::sort(texts.begin(), texts.end());
  fmt::format_to(std::back_inserter(out_), "{{{}}}", fmt::join(texts, ","));
}

void Printer::PrintSelector(const VectorSelector& node) {
  PrintName(node);
  PrintAt(node.time);
  PrintExtension(node);
  PrintOffset(node.time.offset);
}

void Printer::PrintMatrixSelector(const MatrixSelector& node) {
  PrintName(*node.selector);
  out_ += '[';
  PrintRange(node.range);
  out_ += ']';
  PrintExtension(*node.selector);
  PrintAt(node.selector->time);
  PrintOffset(node.selector->time.offset);
}

void Printer::PrintSubquerySuffix(const SubqueryExpr& node) {
  out_ += '[';
  PrintRange(node.range);
  out_ += ':';
  if (node.step.expr != nullptr || node.step.ms != 0) PrintRange(node.step);
  out_ += ']';
  PrintAt(node.time);
  PrintOffset(node.time.offset);
}

void Printer::PrintRange(const DurationSpec& range) {
  if (range.expr != nullptr) {
    PrintDurationExpr(*range.expr);
  } else {
    out_ += range.ms > 0 ? FormatDurationMs(range.ms) : std::string(kBelowOneMs);
  }
}

void Printer::PrintOffset(const DurationSpec& offset) {
  if (offset.expr != nullptr) {
    out_ += " offset ";
    PrintDurationExpr(*offset.expr);
  } else if (offset.ms != 0) {
    out_ += offset.ms < 0 ? " offset -" : " offset ";
    out_ += FormatDurationMs(std::abs(offset.ms));
  }
}

void Printer::PrintAt(const TimeModifiers& time) {
  if (time.timestamp_ms.has_value()) {
    fmt::format_to(std::back_inserter(out_), " @ {:.3f}",
                   static_cast<double>(*time.timestamp_ms) / 1000);
  } else if (time.anchor != AtAnchor::kNone) {
    out_ += time.anchor == AtAnchor::kStart ? " @ start()" : " @ end()";
  }
}

void Printer::PrintExtension(const VectorSelector& node) {
  if (node.anchored) out_ += " anchored";
  if (node.smoothed) out_ += " smoothed";
}

void Printer::PrintCall(const Call& node) {
  out_ += node.function->name;
  out_ += '(';
  for (size_t i = 0; i < node.args.size(); ++i) {
    if (i > 0) out_ += ", ";
    Print(*node.args[i]);
  }
  out_ += ')';
}

void Printer::PrintAggregationHead(const AggregateExpr& node) {
  out_ += OperatorText(node.op);
  if (!node.without && node.grouping.empty()) return;
  out_ += node.without ? " without " : " by ";
  PrintLabels(node.grouping);
  out_ += ' ';
}

void Printer::PrintAggregate(const AggregateExpr& node) {
  PrintAggregationHead(node);
  out_ += '(';
  if (node.param != nullptr) {
    Print(*node.param);
    out_ += ", ";
  }
  Print(*node.expr);
  out_ += ')';
}

void Printer::PrintBinary(const BinaryExpr& node) {
  Print(*node.lhs);
  out_ += ' ';
  PrintOperator(node);
  out_ += ' ';
  Print(*node.rhs);
}

void Printer::PrintOperator(const BinaryExpr& node) {
  out_ += OperatorText(node.op);
  if (node.return_bool) out_ += " bool";
  if (!node.matching.has_value()) return;
  PrintMatching(*node.matching);
  PrintFill(*node.matching);
}

void Printer::PrintMatching(const VectorMatching& matching) {
  const bool grouped = matching.cardinality == MatchCardinality::kManyToOne ||
                       matching.cardinality == MatchCardinality::kOneToMany;
  if (!matching.on && matching.labels.empty() && !grouped) return;
  out_ += matching.on ? " on " : " ignoring ";
  PrintLabels(matching.labels);
  if (!grouped) return;
  out_ += matching.cardinality == MatchCardinality::kManyToOne ? " group_left " : " group_right ";
  PrintLabels(matching.include);
}

void Printer::PrintFill(const VectorMatching& matching) {
  const auto print = [this](std::string_view word, double value) {
    fmt::format_to(std::back_inserter(out_), " {} ({})", word, FormatNumber(value));
  };
  const std::optional<double>& left = matching.fill_left;
  const std::optional<double>& right = matching.fill_right;
  if (left.has_value() && right.has_value() && SameBits(*left, *right)) return print("fill", *left);
  if (left.has_value()) print("fill_left", *left);
  if (right.has_value()) print("fill_right", *right);
}

void Printer::PrintLabels(const std::vector<std::string>& labels) {
  out_ += '(';
  for (size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) out_ += ", ";
    out_ += GroupingLabelText(labels[i]);
  }
  out_ += ')';
}

void Printer::PrintDurationExpr(const DurationExpr& node) {
  if (node.wrapped) out_ += '(';
  switch (node.op) {
    case DurationOp::kStep:
    case DurationOp::kRange:
      fmt::format_to(std::back_inserter(out_), "{}()", OperatorText(node.op));
      break;
    case DurationOp::kMinOf:
    case DurationOp::kMaxOf:
      fmt::format_to(std::back_inserter(out_), "{}(", OperatorText(node.op));
      PrintNode(*node.lhs);
      out_ += ", ";
      PrintNode(*node.rhs);
      out_ += ')';
      break;
    default:
      if (node.lhs != nullptr) {
        PrintNode(*node.lhs);
        fmt::format_to(std::back_inserter(out_), " {} ", OperatorText(node.op));
      } else if (node.op == DurationOp::kSub) {
        out_ += '-';
      }
      PrintNode(*node.rhs);
      break;
  }
  if (node.wrapped) out_ += ')';
}

std::string ToString(const Expr& expr) {
  std::string out;
  Printer(&out, nullptr).Print(expr);
  return out;
}

std::string AggregationHead(const AggregateExpr& node) {
  std::string out;
  Printer(&out, nullptr).PrintAggregationHead(node);
  return out;
}

std::string OperatorWithModifiers(const BinaryExpr& node) {
  std::string out;
  Printer(&out, nullptr).PrintOperator(node);
  return out;
}

std::string SubquerySuffix(const SubqueryExpr& node) {
  std::string out;
  Printer(&out, nullptr).PrintSubquerySuffix(node);
  return out;
}

PrintedTree::PrintedTree(const Expr& root) { Printer(&text_, this).Print(root); }

std::string_view PrintedTree::TextOf(const Expr& node) const {
  const Span& span = spans_.at(&node);
  return std::string_view(text_).substr(span.start, span.size);
}

}  // namespace tidegate::promql
