// Arbitrary queries: whatever parses prints as what parses to the same again, on one line and on
// several; a log query compiles or says why not, and its stages run.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/parser.h"
#include "query/logql/syntax/prettier.h"
#include "query/logql/syntax/printer.h"

namespace {

void CheckPrinted(const tidegate::logql::Expr& expr) {
  using namespace tidegate::logql;
  const std::string line = ToString(expr);
  // What folding made of numbers cannot be written.
  if (line.find("NaN") != line.npos || line.find("Inf") != line.npos) return;
  for (const std::string& text : {line, Prettify(expr, 20)}) {
    const absl::StatusOr<Expr> again = ParseExpr(text);
    if (!again.ok() || ToString(*again) != line) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;
  if (size > 4096) return 0;
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<logql::Expr> expr = logql::ParseExpr(query);
  if (!expr.ok()) return 0;
  CheckPrinted(*expr);
  const auto* const log = std::get_if<logql::LogExpr>(&*expr);
  if (log == nullptr) return 0;
  const logql::WantedFields everything;
  auto pipeline = logql::Pipeline::Compile(log->stages, &everything);
  if (!pipeline.ok()) return 0;
  const model::Labels stream{{"app", "shop"}};
  const model::Labels metadata{{"app", "other"}, {"trace", "10.0.0.1"}};
  logql::EntryLabels labels;
  labels.SetStream(stream);
  labels.SetMetadata(metadata);
  for (const char* line : {R"({"a":{"b":1},"app":"x"})", "level=warn took=5ms size=1KB", ""}) {
    labels.Begin();
    logql::StageEntry entry{1, line, &labels};
    if (pipeline->Run(&entry)) labels.All();
  }
  return 0;
}
