// The text of a template to its tree.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_PARSER_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_PARSER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "query/logql/template/tree.h"

namespace tidegate::logql {

// Blocks and parentheses nested deeper are an error.
inline constexpr int kMaxTemplateDepth = 100;

// What templates may name.
struct TemplateLanguage {
  const TemplateFunction* (*find_function)(std::string_view name) = FindTemplateFunction;
  bool has_entry = true;  // __line__, __timestamp__ and now, of an entry.
};

// All of Go's text/template. InvalidArgument as Go words it:
// `template: NAME:LINE: function "f" not defined`.
absl::StatusOr<TemplateTree> ParseTemplate(std::string_view name, std::string_view text,
                                           const TemplateLanguage& language = {});

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_PARSER_H_
