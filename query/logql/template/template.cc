#include "query/logql/template/template.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "query/logql/template/parser.h"

namespace tidegate::logql {
namespace {

using Kind = TemplateOperand::Kind;

// One rendering.
class Execution {
 public:
  Execution(std::string_view name, std::string_view text, const TemplateInput& input,
            std::string* out)
      : name_(name),
        text_(text),
        input_(input),
        out_(*out),
        limit_(out->size() + kMaxTemplateText) {}

  absl::Status Run(const std::vector<TemplateNode>& nodes, const Value& dot) {
    for (const TemplateNode& node : nodes) {
      if (absl::Status status = Run(node, dot); !status.ok()) return status;
      if (out_.size() > limit_) return absl::InvalidArgumentError("the text would become too long");
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Run(const TemplateNode& node, const Value& dot) {
    if (node.kind == TemplateNode::Kind::kText) {
      out_ += node.text;
      return absl::OkStatus();
    }
    const size_t scope = variables_.size();
    absl::StatusOr<Value> value = Evaluate(node.pipeline, dot);
    if (!value.ok()) return value.status();
    if (node.kind == TemplateNode::Kind::kAction) {
      if (node.pipeline.variable.empty()) out_ += Text(*value);
      return absl::OkStatus();
    }
    const bool is_with = node.kind == TemplateNode::Kind::kWith;
    const bool chosen = IsTrue(*value);
    absl::Status status =
        Run(chosen ? node.body : node.otherwise, chosen && is_with ? *value : dot);
    variables_.resize(scope);
    return status;
  }

  absl::StatusOr<Value> Evaluate(const TemplatePipeline& pipeline, const Value& dot) {
    Value value;
    bool first = true;
    for (const TemplateCommand& command : pipeline.commands) {
      absl::StatusOr<Value> next = Evaluate(command, dot, first ? nullptr : &value);
      if (!next.ok()) return next;
      value = *std::move(next);
      first = false;
    }
    if (pipeline.declares) {
      variables_.emplace_back(pipeline.variable, value);
    } else if (!pipeline.variable.empty()) {
      *FindVariable(pipeline.variable) = value;
    }
    return value;
  }

  // `piped` is the value of the command before; null: there is none.
  absl::StatusOr<Value> Evaluate(const TemplateCommand& command, const Value& dot,
                                 const Value* piped) {
    const TemplateOperand& first = command.operands[0];
    if (first.kind == Kind::kAnd || first.kind == Kind::kOr) return Choose(command, dot, piped);
    const bool calls = first.kind == Kind::kFunction || first.kind == Kind::kLine;
    if (!calls && (piped != nullptr || command.operands.size() > 1)) {
      return Error(first.range,
                   fmt::format("can't give argument to non-function {}", Source(first.range)));
    }
    if (!calls) return Evaluate(first, dot);
    std::vector<Value> arguments;
    for (size_t i = 1; i < command.operands.size(); ++i) {
      absl::StatusOr<Value> argument = Evaluate(command.operands[i], dot);
      if (!argument.ok()) return argument;
      arguments.push_back(*std::move(argument));
    }
    if (piped != nullptr) arguments.push_back(*piped);
    return Call(first, command.range, arguments);
  }

  absl::StatusOr<Value> Evaluate(const TemplateOperand& operand, const Value& dot) {
    switch (operand.kind) {
      case Kind::kLiteral:
        return operand.literal;
      case Kind::kFunction:
      case Kind::kLine:
        return Call(operand, operand.range, {});
      case Kind::kAnd:
      case Kind::kOr:
        return WrongNumber(operand, "at least 1", 0);
      case Kind::kPipeline: {
        absl::StatusOr<Value> value = Evaluate(operand.pipeline, dot);
        return value.ok() ? Field(operand, *value) : value;
      }
      case Kind::kVariable:
        return Field(operand,
                     operand.name.empty() ? Value(AllLabels()) : *FindVariable(operand.name));
      case Kind::kDot:
        return Field(operand, dot);
    }
    return Value();
  }

  absl::StatusOr<Value> Field(const TemplateOperand& operand, const Value& value) const {
    if (operand.fields.empty()) return value;
    if (!std::holds_alternative<AllLabels>(value) || operand.fields.size() > 1) {
      const std::string& field = operand.fields.back();
      const bool of_label = std::holds_alternative<AllLabels>(value);
      return Error(operand.range, fmt::format("can't evaluate field {} in type {}", field,
                                              of_label ? "string" : TypeName(value)));
    }
    return Value(std::string(input_.Label(operand.fields[0])));
  }

  // The first value that decides, or the last.
  absl::StatusOr<Value> Choose(const TemplateCommand& command, const Value& dot,
                               const Value* piped) {
    const TemplateOperand& first = command.operands[0];
    const bool stops_at = first.kind == Kind::kOr;
    Value value;
    for (size_t i = 1; i < command.operands.size(); ++i) {
      absl::StatusOr<Value> argument = Evaluate(command.operands[i], dot);
      if (!argument.ok()) return argument;
      value = *std::move(argument);
      if (IsTrue(value) == stops_at) return value;
    }
    if (piped != nullptr) return *piped;
    if (command.operands.size() == 1) return WrongNumber(first, "at least 1", 0);
    return value;
  }

  absl::StatusOr<Value> Call(const TemplateOperand& operand, SourceRange command,
                             const std::vector<Value>& arguments) const {
    const size_t count = arguments.size();
    if (operand.kind == Kind::kLine) {
      if (count > 0) return WrongNumber(operand, "0", count);
      return Value(std::string(input_.line()));
    }
    const TemplateFunction& function = *operand.function;
    if (count < function.least || count > function.most) {
      const bool exact = function.least == function.most;
      return WrongNumber(operand, fmt::format("{}{}", exact ? "" : "at least ", function.least),
                         count);
    }
    absl::StatusOr<Value> result = function.call(arguments);
    if (result.ok()) return result;
    return Error(command, fmt::format("error calling {}: {}", operand.name,
                                      std::string(result.status().message())));
  }

  absl::Status WrongNumber(const TemplateOperand& operand, std::string_view want,
                           size_t got) const {
    return Error(operand.range, fmt::format("wrong number of args for {}: want {} got {}",
                                            operand.name, want, got));
  }

  std::string_view Source(SourceRange range) const {
    return text_.substr(range.begin, range.end - range.begin);
  }

  absl::Status Error(SourceRange range, std::string_view message) const {
    const std::string_view before = text_.substr(0, range.begin);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const size_t column = range.begin - (before.rfind('\n') + 1);
    std::string source(Source(range));
    if (source.size() > 20) source = source.substr(0, 20) + "...";
    return absl::InvalidArgumentError(
        fmt::format("template: {}:{}:{}: executing \"{}\" at <{}>: {}", name_, line, column, name_,
                    source, message));
  }

  std::string Text(const Value& value) const {
    if (!std::holds_alternative<AllLabels>(value)) return Print(value);
    std::string text = "map[";
    for (const auto& [name, label] : input_.Labels()) {
      if (text.back() != '[') text += ' ';
      text.append(name).append(":").append(label);
    }
    return text + "]";
  }

  // The parser lets only variables through that are in scope.
  Value* FindVariable(std::string_view name) {
    const auto found = std::find_if(variables_.rbegin(), variables_.rend(),
                                    [&](const auto& entry) { return entry.first == name; });
    return &found->second;
  }

  const std::string_view name_;
  const std::string_view text_;
  const TemplateInput& input_;
  std::string& out_;
  const size_t limit_;
  std::vector<std::pair<std::string, Value>> variables_;  // Innermost last.
};

}  // namespace

absl::StatusOr<Template> Template::Compile(std::string name, std::string text) {
  absl::StatusOr<std::vector<TemplateNode>> nodes = ParseTemplate(name, text);
  if (!nodes.ok()) return nodes.status();
  return Template(std::move(name), std::move(text), *std::move(nodes));
}

absl::Status Template::Render(const TemplateInput& input, std::string* out) const {
  return Execution(name_, text_, input, out).Run(nodes_, AllLabels());
}

}  // namespace tidegate::logql
