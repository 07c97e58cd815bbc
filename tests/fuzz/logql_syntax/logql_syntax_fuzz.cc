// Arbitrary queries: whatever parses as a log query compiles or says why not, and its stages run.
#include <cstdint>
#include <string_view>
#include <variant>

#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate;
  if (size > 4096) return 0;
  const std::string_view query(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<logql::Expr> expr = logql::ParseExpr(query);
  if (!expr.ok()) return 0;
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
