#include "query/logql/template/template.h"

#include <algorithm>
#include <utility>

#include "query/logql/template/execution.h"

namespace tidegate::logql {
namespace {

// What a template reads of an entry's labels. Fields of a dot that {{with}} or {{range}} has moved
// are taken for labels too: a name more does no harm.
class LabelNameCollector {
 public:
  void Visit(const std::vector<TemplateNode>& nodes) {
    for (const TemplateNode& node : nodes) {
      Visit(node.pipeline);
      Visit(node.body);
      Visit(node.otherwise);
    }
  }

  std::optional<std::vector<std::string>> Take() {
    if (reads_all_) return std::nullopt;
    return std::move(names_);
  }

 private:
  void Visit(const TemplatePipeline& pipeline) {
    for (const TemplateCommand& command : pipeline.commands) {
      for (const TemplateOperand& operand : command.operands) Visit(operand);
    }
  }

  void Visit(const TemplateOperand& operand) {
    using Kind = TemplateOperand::Kind;
    Visit(operand.pipeline);
    const bool is_dot = operand.kind == Kind::kDot;
    const bool is_root = operand.kind == Kind::kVariable && operand.name.empty();
    if (operand.fields.empty()) {
      reads_all_ |= is_dot || is_root;
    } else {
      names_.push_back(operand.fields.front());
    }
  }

  bool reads_all_ = false;
  std::vector<std::string> names_;
};

}  // namespace

absl::StatusOr<Template> Template::Compile(std::string name, std::string text,
                                           const TemplateLanguage& language) {
  absl::StatusOr<TemplateTree> tree = ParseTemplate(name, text, language);
  if (!tree.ok()) return tree.status();
  return Template(std::move(name), std::move(text), *std::move(tree));
}

absl::Status Template::Render(const TemplateInput& input, std::string* out) const {
  return Execution(name_, text_, &tree_, &input, out).Run();
}

std::optional<std::vector<std::string>> Template::LabelNames() const {
  LabelNameCollector collector;
  collector.Visit(tree_.nodes);
  for (const auto& [name, nodes] : tree_.definitions) collector.Visit(nodes);
  return collector.Take();
}

}  // namespace tidegate::logql
