#include "query/logql/template/execution.h"

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace tidegate::logql {
namespace {

using Kind = TemplateOperand::Kind;

constexpr size_t kBytesPerStep = 16;

size_t StepsOf(const Value& value) {
  const auto* const text = std::get_if<std::string>(&value);
  return text == nullptr ? 1 : 1 + text->size() / kBytesPerStep;
}

absl::Status TooLong() { return absl::InvalidArgumentError("the text would become too long"); }

bool IsRead(Kind kind) {
  return kind == Kind::kLine || kind == Kind::kTimestamp || kind == Kind::kNow;
}

}  // namespace

Execution::Execution(std::string_view name, std::string_view text, const TemplateTree* tree,
                     const TemplateInput* input, std::string* out)
    : name_(name),
      text_(text),
      tree_(*tree),
      input_(*input),
      out_(*out),
      limit_(out->size() + kMaxTemplateText) {}

absl::Status Execution::Run() {
  const Value root = input_.Root();
  variables_.emplace_back("", root);
  return RunNodes(tree_.nodes, root);
}

absl::Status Execution::Spend(size_t steps) {
  steps_ += steps;
  if (steps_ <= kMaxTemplateSteps) return absl::OkStatus();
  return absl::InvalidArgumentError("the template takes too many steps");
}

absl::Status Execution::RunNodes(const std::vector<TemplateNode>& nodes, const Value& dot) {
  for (const TemplateNode& node : nodes) {
    absl::Status status = Spend(1);
    if (status.ok()) status = RunNode(node, dot);
    if (!status.ok()) return status;
    if (out_.size() > limit_) return TooLong();
    if (flow_ != Flow::kNext) break;
  }
  return absl::OkStatus();
}

absl::Status Execution::RunNode(const TemplateNode& node, const Value& dot) {
  switch (node.kind) {
    case TemplateNode::Kind::kText:
      out_ += node.text;
      return absl::OkStatus();
    case TemplateNode::Kind::kBreak:
      flow_ = Flow::kBreak;
      return absl::OkStatus();
    case TemplateNode::Kind::kContinue:
      flow_ = Flow::kContinue;
      return absl::OkStatus();
    case TemplateNode::Kind::kRange:
      return RunRange(node, dot);
    case TemplateNode::Kind::kTemplate:
      return RunTemplate(node, dot);
    case TemplateNode::Kind::kIf:
    case TemplateNode::Kind::kWith:
      return RunChoice(node, dot);
    case TemplateNode::Kind::kAction:
      break;
  }
  absl::StatusOr<Value> value = Evaluate(node.pipeline, dot);
  if (!value.ok()) return value.status();
  if (node.pipeline.variables.empty()) out_ += Print(Materialized(*value));
  return absl::OkStatus();
}

absl::Status Execution::RunChoice(const TemplateNode& node, const Value& dot) {
  const size_t scope = variables_.size();
  absl::StatusOr<Value> value = Evaluate(node.pipeline, dot);
  if (!value.ok()) return value.status();
  const bool chosen = IsTrue(*value);
  const bool moves_dot = chosen && node.kind == TemplateNode::Kind::kWith;
  absl::Status status = RunNodes(chosen ? node.body : node.otherwise, moves_dot ? *value : dot);
  variables_.resize(scope);
  return status;
}

absl::Status Execution::RunRange(const TemplateNode& node, const Value& dot) {
  const size_t scope = variables_.size();
  TemplatePipeline pipeline;  // Variables are set turn by turn.
  pipeline.commands = node.pipeline.commands;
  const absl::StatusOr<Value> evaluated = Evaluate(pipeline, dot);
  if (!evaluated.ok()) return evaluated.status();
  const Value subject = Materialized(*evaluated);
  bool done = false;
  absl::Status status;
  const auto turn = [&](const Value& key, const Value& item) {
    status = RunTurn(node, key, item, &done);
    return status.ok() && !done;
  };
  if (const auto* list = std::get_if<ListPtr>(&subject)) {
    int64_t index = 0;
    for (const Value& item : (*list)->items) {
      if (!turn(Value(index++), item)) break;
    }
  } else if (const auto* map = std::get_if<MapPtr>(&subject)) {
    for (const auto& [name, item] : (*map)->members) {
      if (!turn(Value(name), item)) break;
    }
  } else if (const auto* count = std::get_if<int64_t>(&subject)) {
    for (int64_t i = 0; i < *count && turn(Value(i), Value(i)); ++i) {
    }
  } else if (!std::holds_alternative<std::monostate>(subject)) {
    return Error(node.range, fmt::format("range can't iterate over {}", Print(subject)));
  }
  variables_.resize(scope);
  const auto* const number = std::get_if<int64_t>(&subject);
  const bool none = number != nullptr ? *number <= 0 : !IsTrue(subject);
  if (!status.ok() || !none) return status;
  // Without a turn they are all what was to be walked, as in Go.
  SetVariables(node.pipeline, subject);
  status = RunNodes(node.otherwise, dot);
  variables_.resize(scope);
  return status;
}

absl::Status Execution::RunTurn(const TemplateNode& node, const Value& key, const Value& item,
                                bool* done) {
  const size_t scope = variables_.size();
  const std::vector<std::string>& names = node.pipeline.variables;
  TemplatePipeline one;
  one.declares = node.pipeline.declares;
  for (size_t i = 0; i < names.size(); ++i) {
    one.variables = {names[i]};
    SetVariables(one, i == 0 && names.size() == 2 ? key : item);
  }
  absl::Status status = Spend(1);
  if (status.ok()) status = RunNodes(node.body, item);
  variables_.resize(scope);
  *done = flow_ == Flow::kBreak;
  flow_ = Flow::kNext;
  return status;
}

absl::Status Execution::RunTemplate(const TemplateNode& node, const Value& dot) {
  const auto found = tree_.definitions.find(node.text);
  if (found == tree_.definitions.end()) {
    return Error(node.range, fmt::format("template \"{}\" not defined", node.text));
  }
  if (calls_ >= kMaxTemplateCalls) {
    return Error(node.range,
                 fmt::format("exceeded maximum template depth ({})", kMaxTemplateCalls));
  }
  Value value;
  if (!node.pipeline.commands.empty()) {
    absl::StatusOr<Value> evaluated = Evaluate(node.pipeline, dot);
    if (!evaluated.ok()) return evaluated.status();
    value = *std::move(evaluated);
  }
  // It sees none of the caller's variables, and "$" is its own dot.
  const size_t outer = std::exchange(scope_, variables_.size());
  variables_.emplace_back("", value);
  ++calls_;
  absl::Status status = RunNodes(found->second, value);
  --calls_;
  variables_.resize(scope_);
  scope_ = outer;
  return status;
}

absl::StatusOr<Value> Execution::Evaluate(const TemplatePipeline& pipeline, const Value& dot) {
  Value value;
  bool first = true;
  for (const TemplateCommand& command : pipeline.commands) {
    absl::StatusOr<Value> next = Evaluate(command, dot, first ? nullptr : &value);
    if (!next.ok()) return next;
    value = *std::move(next);
    first = false;
  }
  SetVariables(pipeline, value);
  return value;
}

void Execution::SetVariables(const TemplatePipeline& pipeline, const Value& value) {
  for (const std::string& name : pipeline.variables) {
    if (pipeline.declares) {
      variables_.emplace_back(name, value);
    } else {
      *FindVariable(name) = value;
    }
  }
}

absl::StatusOr<Value> Execution::Evaluate(const TemplateCommand& command, const Value& dot,
                                          const Value* piped) {
  const TemplateOperand& first = command.operands[0];
  if (first.kind == Kind::kAnd || first.kind == Kind::kOr) return Choose(command, dot, piped);
  const bool reads = IsRead(first.kind);
  const size_t given = command.operands.size() - 1 + (piped != nullptr ? 1 : 0);
  if (reads) return Read(first, given);
  if (first.kind != Kind::kFunction) {
    if (given == 0) return Evaluate(first, dot);
    return Error(first.range,
                 fmt::format("can't give argument to non-function {}", Source(first.range)));
  }
  std::vector<Value> arguments;
  for (size_t i = 1; i < command.operands.size(); ++i) {
    absl::StatusOr<Value> argument = Evaluate(command.operands[i], dot);
    if (!argument.ok()) return argument;
    arguments.push_back(*std::move(argument));
  }
  if (piped != nullptr) arguments.push_back(*piped);
  return Call(command, std::move(arguments));
}

absl::StatusOr<Value> Execution::Evaluate(const TemplateOperand& operand, const Value& dot) {
  switch (operand.kind) {
    case Kind::kLiteral:
      return operand.literal;
    case Kind::kFunction: {
      const TemplateCommand alone{operand.range, {operand}};
      return Call(alone, {});
    }
    case Kind::kLine:
    case Kind::kTimestamp:
    case Kind::kNow:
      return Read(operand, 0);
    case Kind::kAnd:
    case Kind::kOr:
      return WrongNumber(operand, "at least 1", 0);
    case Kind::kPipeline: {
      absl::StatusOr<Value> value = Evaluate(operand.pipeline, dot);
      return value.ok() ? Field(operand, *std::move(value)) : value;
    }
    case Kind::kVariable:
      return Field(operand, *FindVariable(operand.name));
    case Kind::kDot:
      return Field(operand, dot);
  }
  return Value();
}

// A name that a map does not have is nil there, and a label that is not there an empty text.
absl::StatusOr<Value> Execution::Field(const TemplateOperand& operand, Value value) const {
  for (const std::string& field : operand.fields) {
    if (std::holds_alternative<AllLabels>(value)) {
      value = std::string(input_.Label(field));
      continue;
    }
    if (const auto* map = std::get_if<MapPtr>(&value)) {
      const bool known =
          (*map)->absent != ValueMap::Absent::kError || (*map)->members.contains(field);
      Value member = Member(**map, field);
      if (known) {
        value = std::move(member);
        continue;
      }
    }
    if (std::holds_alternative<std::monostate>(value)) {
      return Error(operand.range, fmt::format("nil pointer evaluating interface {{}}.{}", field));
    }
    return Error(operand.range,
                 fmt::format("can't evaluate field {} in type {}", field, TypeName(value)));
  }
  return value;
}

// The first value that decides, or the last.
absl::StatusOr<Value> Execution::Choose(const TemplateCommand& command, const Value& dot,
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

absl::StatusOr<Value> Execution::Call(const TemplateCommand& command,
                                      std::vector<Value> arguments) {
  const TemplateOperand& operand = command.operands[0];
  const TemplateFunction& function = *operand.function;
  const size_t count = arguments.size();
  if (count < function.least || count > function.most) {
    const bool exact = function.least == function.most;
    return WrongNumber(operand, fmt::format("{}{}", exact ? "" : "at least ", function.least),
                       count);
  }
  size_t steps = 1;
  for (Value& argument : arguments) {
    argument = Materialized(argument);
    steps += StepsOf(argument);
  }
  absl::Status status = CheckArguments(command, arguments);
  if (status.ok()) status = Spend(steps);
  if (!status.ok()) return status;
  absl::StatusOr<Value> result = Apply(operand, arguments);
  if (!result.ok()) {
    return Error(command.range, fmt::format("error calling {}: {}", operand.name,
                                            std::string(result.status().message())));
  }
  if (status = Spend(StepsOf(*result)); !status.ok()) return status;
  return result;
}

absl::StatusOr<Value> Execution::Apply(const TemplateOperand& operand,
                                       const std::vector<Value>& arguments) const {
  const TemplateFunction& function = *operand.function;
  if (operand.regex != nullptr) return function.with_regex(*operand.regex, arguments);
  if (function.with_input != nullptr) return function.with_input(input_, arguments);
  return function.call(arguments);
}

absl::Status Execution::CheckArguments(const TemplateCommand& command,
                                       const std::vector<Value>& arguments) const {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const absl::Status status = CheckArgument(*command.operands[0].function, i, arguments[i]);
    if (status.ok()) continue;
    const bool written = i + 1 < command.operands.size();
    return Error(written ? command.operands[i + 1].range : command.operands[0].range,
                 std::string(status.message()));
  }
  return absl::OkStatus();
}

absl::StatusOr<Value> Execution::Read(const TemplateOperand& operand, size_t arguments) const {
  if (arguments > 0) return WrongNumber(operand, "0", arguments);
  if (operand.kind == Kind::kLine) return Value(std::string(input_.line()));
  const bool now = operand.kind == Kind::kNow;
  return Value(TimeValue{now ? input_.now() : input_.timestamp(), absl::UTCTimeZone()});
}

Value Execution::Materialized(const Value& value) const {
  if (!std::holds_alternative<AllLabels>(value)) return value;
  auto map = std::make_shared<ValueMap>();
  for (const auto& [name, label] : input_.Labels()) {
    map->members.emplace(std::string(name), std::string(label));
  }
  return MapPtr(std::move(map));
}

// The parser lets only variables through that are in scope.
Value* Execution::FindVariable(std::string_view name) {
  const auto end = variables_.rend() - static_cast<std::ptrdiff_t>(scope_);
  const auto found = std::find_if(variables_.rbegin(), end,
                                  [&](const auto& entry) { return entry.first == name; });
  return &found->second;
}

absl::Status Execution::WrongNumber(const TemplateOperand& operand, std::string_view want,
                                    size_t got) const {
  return Error(operand.range,
               fmt::format("wrong number of args for {}: want {} got {}", operand.name, want, got));
}

std::string_view Execution::Source(SourceRange range) const {
  return text_.substr(range.begin, range.end - range.begin);
}

absl::Status Execution::Error(SourceRange range, std::string_view message) const {
  const std::string_view before = text_.substr(0, range.begin);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t column = range.begin - (before.rfind('\n') + 1);
  std::string source(Source(range));
  if (source.size() > 20) source = source.substr(0, 20) + "...";
  return absl::InvalidArgumentError(fmt::format("template: {}:{}:{}: executing \"{}\" at <{}>: {}",
                                                name_, line, column, name_, source, message));
}

}  // namespace tidegate::logql
