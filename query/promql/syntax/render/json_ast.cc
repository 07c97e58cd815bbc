#include "query/promql/syntax/render/json_ast.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/number_text.h"

namespace tidegate::promql {
namespace {

// Writes one tree. An object is Key, value, Key, value, ... between Open('{') and Close('}').
class JsonWriter {
 public:
  void WriteExpr(const Expr* expr);
  std::string TakeText() { return std::move(out_); }

 private:
  void WriteNumberLiteral(const NumberLiteral& node, bool in_duration);
  void WriteDuration(const Expr* expr);
  void WriteVectorSelector(const VectorSelector& node);
  void WriteMatrixSelector(const MatrixSelector& node);
  void WriteSubquery(const SubqueryExpr& node);
  void WriteCall(const Call& node);
  void WriteAggregate(const AggregateExpr& node);
  void WriteBinary(const BinaryExpr& node);
  void WriteMatching(const std::optional<VectorMatching>& matching);
  void WriteFill(const std::optional<double>& value);
  void WriteMatchers(const std::vector<model::Matcher>& matchers);
  void WriteStrings(const std::vector<std::string>& strings);
  void WriteAnchor(AtAnchor anchor);
  void WriteTimestamp(const std::optional<int64_t>& timestamp_ms);

  void Open(char bracket);
  void Close(char bracket);
  void Key(std::string_view key);
  void Element();
  void WriteString(std::string_view text);
  void WriteBool(bool value) { out_ += value ? "true" : "false"; }
  void WriteInt(int64_t value) { out_ += fmt::format_int(value).c_str(); }
  void WriteNull() { out_ += "null"; }
  void WriteType(std::string_view type) {
    Key("type");
    WriteString(type);
  }

  std::string out_;
  bool first_ = true;  // in the innermost object or array
};

std::string_view CardinalityText(MatchCardinality cardinality) {
  switch (cardinality) {
    case MatchCardinality::kOneToOne:
      return "one-to-one";
    case MatchCardinality::kManyToOne:
      return "many-to-one";
    case MatchCardinality::kOneToMany:
      return "one-to-many";
    case MatchCardinality::kManyToMany:
      break;
  }
  return "many-to-many";
}

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

void JsonWriter::Open(char bracket) {
  out_ += bracket;
  first_ = true;
}

void JsonWriter::Close(char bracket) {
  out_ += bracket;
  first_ = false;
}

void JsonWriter::Element() {
  if (!first_) out_ += ',';
  first_ = false;
}

void JsonWriter::Key(std::string_view key) {
  Element();
  fmt::format_to(std::back_inserter(out_), "\"{}\":", key);
}

// <, > and & are escaped as Go does it, for pages that embed the answer.
void JsonWriter::WriteString(std::string_view text) {
  out_ += '"';
  while (!text.empty()) {
    const model::CodePoint point = model::DecodeUtf8(text);
    text.remove_prefix(static_cast<size_t>(point.size));
    switch (point.value) {
      case '"':
      case '\\':
        out_ += '\\';
        out_ += static_cast<char>(point.value);
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      case '<':
      case '>':
      case '&':
      case 0x2028:
      case 0x2029:
        fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<uint32_t>(point.value));
        break;
      default:
        if (point.value < ' ') {
          fmt::format_to(std::back_inserter(out_), "\\u{:04x}", static_cast<uint32_t>(point.value));
        } else {
          model::AppendUtf8(point.value, &out_);
        }
    }
  }
  out_ += '"';
}

void JsonWriter::WriteStrings(const std::vector<std::string>& strings) {
  Open('[');
  for (const std::string& text : strings) {
    Element();
    WriteString(text);
  }
  Close(']');
}

void JsonWriter::WriteExpr(const Expr* expr) {
  if (expr == nullptr) return WriteNull();
  switch (expr->kind()) {
    case NodeKind::kNumberLiteral:
      return WriteNumberLiteral(As<NumberLiteral>(*expr), /*in_duration=*/false);
    case NodeKind::kVectorSelector:
      return WriteVectorSelector(As<VectorSelector>(*expr));
    case NodeKind::kMatrixSelector:
      return WriteMatrixSelector(As<MatrixSelector>(*expr));
    case NodeKind::kSubquery:
      return WriteSubquery(As<SubqueryExpr>(*expr));
    case NodeKind::kCall:
      return WriteCall(As<Call>(*expr));
    case NodeKind::kAggregate:
      return WriteAggregate(As<AggregateExpr>(*expr));
    case NodeKind::kBinary:
      return WriteBinary(As<BinaryExpr>(*expr));
    case NodeKind::kDuration:
      return WriteDuration(expr);
    case NodeKind::kStringLiteral:
      Open('{');
      WriteType("stringLiteral");
      Key("val");
      WriteString(As<StringLiteral>(*expr).value);
      return Close('}');
    case NodeKind::kUnary:
      Open('{');
      Key("expr");
      WriteExpr(As<UnaryExpr>(*expr).expr.get());
      Key("op");
      WriteString(As<UnaryExpr>(*expr).negate ? "-" : "+");
      WriteType("unaryExpr");
      return Close('}');
    case NodeKind::kParen:
      Open('{');
      Key("expr");
      WriteExpr(As<ParenExpr>(*expr).expr.get());
      WriteType("parenExpr");
      return Close('}');
  }
}

void JsonWriter::WriteNumberLiteral(const NumberLiteral& node, bool in_duration) {
  Open('{');
  if (in_duration) {
    Key("duration");
    WriteBool(node.written_as_duration);
  }
  WriteType("numberLiteral");
  Key("val");
  WriteString(FormatNumber(node.value));
  Close('}');
}

void JsonWriter::WriteDuration(const Expr* expr) {
  if (expr == nullptr) return WriteNull();
  if (const auto* number = If<NumberLiteral>(expr)) {
    return WriteNumberLiteral(*number, /*in_duration=*/true);
  }
  const auto& node = As<DurationExpr>(*expr);
  Open('{');
  Key("lhs");
  WriteDuration(node.lhs.get());
  Key("op");
  WriteString(OperatorText(node.op));
  Key("rhs");
  WriteDuration(node.rhs.get());
  WriteType("durationExpr");
  Key("wrapped");
  WriteBool(node.wrapped);
  Close('}');
}

void JsonWriter::WriteMatchers(const std::vector<model::Matcher>& matchers) {
  Open('[');
  for (const model::Matcher& matcher : matchers) {
    Element();
    Open('{');
    Key("name");
    WriteString(matcher.name);
    WriteType(MatchText(matcher.type));
    Key("value");
    WriteString(matcher.value);
    Close('}');
  }
  Close(']');
}

void JsonWriter::WriteAnchor(AtAnchor anchor) {
  Key("startOrEnd");
  if (anchor == AtAnchor::kNone) return WriteNull();
  WriteString(anchor == AtAnchor::kStart ? "start" : "end");
}

void JsonWriter::WriteTimestamp(const std::optional<int64_t>& timestamp_ms) {
  Key("timestamp");
  if (!timestamp_ms.has_value()) return WriteNull();
  WriteInt(*timestamp_ms);
}

void JsonWriter::WriteVectorSelector(const VectorSelector& node) {
  Open('{');
  Key("anchored");
  WriteBool(node.anchored);
  Key("matchers");
  WriteMatchers(node.matchers);
  Key("name");
  WriteString(node.name);
  Key("offset");
  WriteInt(node.time.offset.ms);
  Key("offsetExpr");
  WriteDuration(node.time.offset.expr.get());
  Key("smoothed");
  WriteBool(node.smoothed);
  WriteAnchor(node.time.anchor);
  WriteTimestamp(node.time.timestamp_ms);
  WriteType("vectorSelector");
  Close('}');
}

void JsonWriter::WriteMatrixSelector(const MatrixSelector& node) {
  const VectorSelector& selector = *node.selector;
  Open('{');
  Key("anchored");
  WriteBool(selector.anchored);
  Key("matchers");
  WriteMatchers(selector.matchers);
  Key("name");
  WriteString(selector.name);
  Key("offset");
  WriteInt(selector.time.offset.ms);
  Key("offsetExpr");
  WriteDuration(selector.time.offset.expr.get());
  Key("range");
  WriteInt(node.range.ms);
  Key("rangeExpr");
  WriteDuration(node.range.expr.get());
  Key("smoothed");
  WriteBool(selector.smoothed);
  WriteAnchor(selector.time.anchor);
  WriteTimestamp(selector.time.timestamp_ms);
  WriteType("matrixSelector");
  Close('}');
}

void JsonWriter::WriteSubquery(const SubqueryExpr& node) {
  Open('{');
  Key("expr");
  WriteExpr(node.expr.get());
  Key("offset");
  WriteInt(node.time.offset.ms);
  Key("offsetExpr");
  WriteDuration(node.time.offset.expr.get());
  Key("range");
  WriteInt(node.range.ms);
  Key("rangeExpr");
  WriteDuration(node.range.expr.get());
  WriteAnchor(node.time.anchor);
  Key("step");
  WriteInt(node.step.ms);
  Key("stepExpr");
  WriteDuration(node.step.expr.get());
  WriteTimestamp(node.time.timestamp_ms);
  WriteType("subquery");
  Close('}');
}

void JsonWriter::WriteCall(const Call& node) {
  Open('{');
  Key("args");
  Open('[');
  for (const ExprPtr& arg : node.args) {
    Element();
    WriteExpr(arg.get());
  }
  Close(']');
  Key("func");
  Open('{');
  Key("argTypes");
  Open('[');
  for (const ValueType type : node.function->declared_arg_types()) {
    Element();
    WriteString(ApiTypeName(type));
  }
  Close(']');
  Key("name");
  WriteString(node.function->name);
  Key("returnType");
  WriteString(ApiTypeName(node.function->return_type));
  Key("variadic");
  WriteInt(node.function->variadic);
  Close('}');
  WriteType("call");
  Close('}');
}

void JsonWriter::WriteAggregate(const AggregateExpr& node) {
  Open('{');
  Key("expr");
  WriteExpr(node.expr.get());
  Key("grouping");
  WriteStrings(node.grouping);
  Key("op");
  WriteString(OperatorText(node.op));
  Key("param");
  WriteExpr(node.param.get());
  WriteType("aggregation");
  Key("without");
  WriteBool(node.without);
  Close('}');
}

void JsonWriter::WriteBinary(const BinaryExpr& node) {
  Open('{');
  Key("bool");
  WriteBool(node.return_bool);
  Key("lhs");
  WriteExpr(node.lhs.get());
  Key("matching");
  WriteMatching(node.matching);
  Key("op");
  WriteString(OperatorText(node.op));
  Key("rhs");
  WriteExpr(node.rhs.get());
  WriteType("binaryExpr");
  Close('}');
}

void JsonWriter::WriteMatching(const std::optional<VectorMatching>& matching) {
  if (!matching.has_value()) return WriteNull();
  Open('{');
  Key("card");
  WriteString(CardinalityText(matching->cardinality));
  Key("fillValues");
  Open('{');
  Key("lhs");
  WriteFill(matching->fill_left);
  Key("rhs");
  WriteFill(matching->fill_right);
  Close('}');
  Key("include");
  WriteStrings(matching->include);
  Key("labels");
  WriteStrings(matching->labels);
  Key("on");
  WriteBool(matching->on);
  Close('}');
}

void JsonWriter::WriteFill(const std::optional<double>& value) {
  if (!value.has_value() || !std::isfinite(*value)) return WriteNull();
  out_ += FormatNumber(*value);
}

}  // namespace

std::string ToJson(const Expr& expr) {
  JsonWriter writer;
  writer.WriteExpr(&expr);
  return writer.TakeText();
}

}  // namespace tidegate::promql
