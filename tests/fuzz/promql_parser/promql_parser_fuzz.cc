// Any text: the parser answers, and what it accepts survives everything that is done with a tree.
//   - the canonical form and the pretty form parse, and print the same again;
//   - copying and resolving durations do not change what is printed otherwise.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "query/promql/syntax/clone.h"
#include "query/promql/syntax/duration_resolver.h"
#include "query/promql/syntax/limits.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/render/json_ast.h"
#include "query/promql/syntax/render/prettier.h"
#include "query/promql/syntax/render/printer.h"

namespace tidegate::promql {
namespace {

void CheckSame(std::string_view what, const std::string& got, const std::string& wanted) {
  if (got == wanted) return;
  std::fprintf(stderr, "%.*s: `%s`, expected `%s`\n", static_cast<int>(what.size()), what.data(),
               got.c_str(), wanted.c_str());
  std::abort();
}

// What the canonical form of `text` is, or the fault.
std::string Canonical(std::string_view text) {
  const auto expr = ParseExpr(text);
  return expr.ok() ? ToString(**expr) : expr.status().ToString();
}

// Prometheus prints infinity with a sign, which is an operator of its own when it is parsed again:
// `Inf ^ 2` becomes `+(Inf ^ 2)`, the same value but another tree. Nothing else binds tighter than
// a sign.
bool HasSignedBase(const std::string& printed) {
  return printed.find("Inf ^") != std::string::npos;
}

void CheckTree(const Expr& expr) {
  const std::string printed = ToString(expr);
  CheckSame("cloned", ToString(*Clone(expr)), printed);
  if (ToJson(expr).empty()) std::abort();
  if (HasSignedBase(printed)) return;
  CheckSame("printed again", Canonical(printed), printed);
  for (const size_t width : {kPrettyWidth, size_t{1}}) {
    // The indentation of a tall tree can make a text that is too long to parse.
    const std::string pretty = Prettify(expr, width);
    if (pretty.size() <= kMaxQueryBytes) CheckSame("prettified", Canonical(pretty), printed);
  }
  const auto resolved =
      ResolveDurations(expr, QueryWindow{.start_ms = 0, .end_ms = 60'000, .step_ms = 1'000});
  if (resolved.ok()) {
    const std::string text = ToString(**resolved);
    CheckSame("resolved and printed again", Canonical(text), text);
  }
}

}  // namespace
}  // namespace tidegate::promql

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  tidegate::promql::ParseError error;
  const auto expr = tidegate::promql::ParseExpression(text, &error);
  if (expr != nullptr) {
    tidegate::promql::CheckTree(*expr);
  } else if (error.message.empty() || FormatParseError(error, text).empty()) {
    std::abort();
  }
  static_cast<void>(tidegate::promql::ParseMetricSelector(text).ok());
  return 0;
}
