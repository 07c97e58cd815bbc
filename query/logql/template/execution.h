// One rendering of a template.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_EXECUTION_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_EXECUTION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "query/logql/template/template.h"
#include "query/logql/template/tree.h"

namespace tidegate::logql {

// Lives for one rendering. Everything it refers to must outlive it.
class Execution {
 public:
  // `name` and `text` are for errors.
  Execution(std::string_view name, std::string_view text, const TemplateTree* tree,
            const TemplateInput* input, std::string* out);

  // The tree's own nodes. Errors: Template::Render.
  absl::Status Run();

 private:
  enum class Flow : uint8_t { kNext, kBreak, kContinue };

  absl::Status RunNodes(const std::vector<TemplateNode>& nodes, const Value& dot);
  absl::Status RunNode(const TemplateNode& node, const Value& dot);
  absl::Status RunChoice(const TemplateNode& node, const Value& dot);
  absl::Status RunRange(const TemplateNode& node, const Value& dot);
  // One turn of a range; sets `done` when a {{break}} ends it.
  absl::Status RunTurn(const TemplateNode& node, const Value& key, const Value& item, bool* done);
  absl::Status RunTemplate(const TemplateNode& node, const Value& dot);

  absl::StatusOr<Value> Evaluate(const TemplatePipeline& pipeline, const Value& dot);
  // `piped` is the value of the command before; null: there is none.
  absl::StatusOr<Value> Evaluate(const TemplateCommand& command, const Value& dot,
                                 const Value* piped);
  absl::StatusOr<Value> Evaluate(const TemplateOperand& operand, const Value& dot);
  absl::StatusOr<Value> Field(const TemplateOperand& operand, Value value) const;
  absl::StatusOr<Value> Choose(const TemplateCommand& command, const Value& dot,
                               const Value* piped);
  absl::StatusOr<Value> Call(const TemplateCommand& command, std::vector<Value> arguments);
  absl::StatusOr<Value> Apply(const TemplateOperand& operand,
                              const std::vector<Value>& arguments) const;
  absl::Status CheckArguments(const TemplateCommand& command,
                              const std::vector<Value>& arguments) const;
  // __line__ and its like, which take no argument.
  absl::StatusOr<Value> Read(const TemplateOperand& operand, size_t arguments) const;

  void SetVariables(const TemplatePipeline& pipeline, const Value& value);
  Value* FindVariable(std::string_view name);
  // The labels as a map, where they are more than the dot of a field.
  Value Materialized(const Value& value) const;
  absl::Status Spend(size_t steps);

  std::string_view Source(SourceRange range) const;
  absl::Status WrongNumber(const TemplateOperand& operand, std::string_view want, size_t got) const;
  absl::Status Error(SourceRange range, std::string_view message) const;

  const std::string_view name_, text_;
  const TemplateTree& tree_;
  const TemplateInput& input_;
  std::string& out_;
  const size_t limit_;  // Of out_.
  Flow flow_ = Flow::kNext;
  int calls_ = 0;  // Of templates, around the current node.
  size_t steps_ = 0;
  std::vector<std::pair<std::string, Value>> variables_;  // Innermost last.
  size_t scope_ = 0;                                      // Where those of this template begin.
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_EXECUTION_H_
