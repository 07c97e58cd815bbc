// A compiled template of line_format or label_format.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_TEMPLATE_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_TEMPLATE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "query/logql/template/tree.h"

namespace tidegate::logql {

// What a template sees of an entry.
class TemplateInput {
 public:
  virtual ~TemplateInput() = default;
  virtual std::string_view line() const = 0;
  // The label's value; empty if there is none.
  virtual std::string_view Label(std::string_view name) const = 0;
  // All of them, sorted by name.
  virtual std::vector<std::pair<std::string_view, std::string_view>> Labels() const = 0;
};

// Immutable: threads may share it.
class Template {
 public:
  // `name` is what errors call it: "line" or "label". InvalidArgument: see parser.h.
  static absl::StatusOr<Template> Compile(std::string name, std::string text);

  // Appends to `out`; on an error (InvalidArgument, text as Go words it) `out` holds what was
  // printed so far. More than kMaxTemplateText is an error.
  absl::Status Render(const TemplateInput& input, std::string* out) const;

 private:
  Template(std::string name, std::string text, std::vector<TemplateNode> nodes)
      : name_(std::move(name)), text_(std::move(text)), nodes_(std::move(nodes)) {}

  std::string name_;
  std::string text_;
  std::vector<TemplateNode> nodes_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_TEMPLATE_H_
