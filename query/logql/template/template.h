// A compiled template: of line_format and label_format, or of another language in Go's templates.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_TEMPLATE_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_TEMPLATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "query/logql/template/parser.h"
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
  virtual absl::Time timestamp() const = 0;  // Of the entry.
  virtual absl::Time now() const = 0;
  // What the dot is at the beginning.
  virtual Value Root() const { return AllLabels(); }
};

// What one rendering may do: a step is a node or a piece of text of 16 bytes that a function takes
// or gives.
inline constexpr size_t kMaxTemplateSteps = 1 << 18;
// Templates that call templates.
inline constexpr int kMaxTemplateCalls = 100;

// Immutable: threads may share it.
class Template {
 public:
  // `name` is what errors call it: "line" or "label". InvalidArgument: see parser.h.
  static absl::StatusOr<Template> Compile(std::string name, std::string text,
                                          const TemplateLanguage& language = {});

  // Appends to `out`; on an error (InvalidArgument, text as Go words it) `out` holds what was
  // printed so far. More than kMaxTemplateText and more than kMaxTemplateSteps are errors.
  absl::Status Render(const TemplateInput& input, std::string* out) const;

  // The labels that it reads; nothing when it may read any.
  std::optional<std::vector<std::string>> LabelNames() const;

 private:
  Template(std::string name, std::string text, TemplateTree tree)
      : name_(std::move(name)), text_(std::move(text)), tree_(std::move(tree)) {}

  std::string name_;
  std::string text_;
  TemplateTree tree_;
};

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_TEMPLATE_H_
