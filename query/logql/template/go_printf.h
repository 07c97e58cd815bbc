// Go's fmt.Sprintf over template values.
#ifndef TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_PRINTF_H_
#define TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_PRINTF_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/types/span.h"
#include "query/logql/template/value.h"

namespace tidegate::logql {

// Verbs v s q x X d b o O c U e E f F g G t T %, flags + - # 0 and blank, widths and precisions
// (also *). What does not fit prints as Go has it: %!d(string=x), %!d(MISSING),
// %!(EXTRA int=1). Widths and precisions are at most `limit`; the text may become longer than
// `limit`, but stops growing behind it. Not here: argument indexes (%[1]d).
std::string GoPrintf(std::string_view format, absl::Span<const Value> arguments, size_t limit);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_TEMPLATE_GO_PRINTF_H_
