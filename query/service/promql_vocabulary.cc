#include "query/promql_vocabulary.h"

#include <algorithm>

#include "query/promql/syntax/function_signatures.h"
#include "query/promql/syntax/operators.h"

namespace tidegate::query {

std::vector<std::string_view> PromqlFunctions() {
  std::vector<std::string_view> names;
  for (const promql::FunctionSignature& function : promql::AllFunctions()) {
    names.push_back(function.name);
  }
  return names;
}

std::vector<std::string_view> PromqlOperators() {
  std::vector<std::string_view> texts = {"=~", "!~", "@"};
  for (int op = 0; op <= static_cast<int>(promql::BinaryOp::kUnless); ++op) {
    texts.push_back(promql::OperatorText(static_cast<promql::BinaryOp>(op)));
  }
  for (int op = 0; op <= static_cast<int>(promql::AggregateOp::kTopK); ++op) {
    texts.push_back(promql::OperatorText(static_cast<promql::AggregateOp>(op)));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace tidegate::query
