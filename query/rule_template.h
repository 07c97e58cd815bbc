// Templates of rules: what labels and annotations of an alert are printed with.
#ifndef TIDEGATE_QUERY_RULE_TEMPLATE_H_
#define TIDEGATE_QUERY_RULE_TEMPLATE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/labels.h"
#include "model/sample.h"

namespace tidegate::query {

// A sample as templates see it.
struct TemplateSample {
  model::Labels labels;
  double value = 0;
};

// What a template may look at. Valid while it is rendered.
struct RuleTemplateData {
  const model::Labels* labels = nullptr;           // Of the sample, its name included.
  const model::Labels* external_labels = nullptr;  // Null: none.
  std::string_view external_url;
  double value = 0;
  model::TimestampMs timestamp = 0;  // Of the evaluation.
  // Answers {{ query "..." }} with an instant vector.
  std::function<absl::StatusOr<std::vector<TemplateSample>>(const std::string& query)> query;
};

// A compiled template in Prometheus' language: Go's text/template with Prometheus' functions, and
// $labels, $value, $externalLabels and $externalURL in scope. Immutable and thread safe. Renderings
// are bounded in text, steps and nesting.
class RuleTemplate {
 public:
  // `name` is what errors call it: "__alert_NAME". InvalidArgument with Go's text.
  static absl::StatusOr<RuleTemplate> Compile(const std::string& name, std::string_view text);
  ~RuleTemplate();
  RuleTemplate(RuleTemplate&&) noexcept;
  RuleTemplate& operator=(RuleTemplate&&) noexcept;

  // InvalidArgument with Prometheus' text: "error executing template ...".
  absl::StatusOr<std::string> Render(const RuleTemplateData& data) const;

 private:
  struct Compiled;
  RuleTemplate();

  std::string name_;
  std::string plain_;  // Without any action there is nothing to do.
  std::unique_ptr<const Compiled> compiled_;
};

// /graph?g0.expr=...&g0.tab=1: where Prometheus' user interface shows an expression.
std::string TableLink(std::string_view expression);

}  // namespace tidegate::query

#endif  // TIDEGATE_QUERY_RULE_TEMPLATE_H_
