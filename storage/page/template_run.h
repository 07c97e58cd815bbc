// Runs an expression over the lines of a template without building them.
#ifndef TIDEGATE_STORAGE_PAGE_TEMPLATE_RUN_H_
#define TIDEGATE_STORAGE_PAGE_TEMPLATE_RUN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/log_page/log_page.h"
#include "storage/log_page/log_page_lines.h"
#include "storage/logs/expression_automaton.h"
#include "storage/logs/template_filter.h"

namespace tidegate::storage {

// What the expression says about all lines of the template: by every state that some value could
// lead to.
Verdict JudgeByShape(const LineTemplate& lines, ExpressionAutomaton* automaton);

// The verdict for each of these rows, which are of the template; kMaybe where the automaton does
// not know. What is the same in all lines is run once for each state, and columns whose values make
// no difference are not decoded. TemplateNumbers was asked. DataLoss.
absl::StatusOr<std::vector<Verdict>> JudgeByValues(LogPage* page, LogPageLines* lines,
                                                   const LogPage::Template& one,
                                                   std::span<const uint32_t> rows,
                                                   ExpressionAutomaton* automaton);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_TEMPLATE_RUN_H_
