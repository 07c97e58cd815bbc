#include "query/log_deletion.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/parser.h"

namespace tidegate::query {
namespace {

absl::Status Invalid(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("invalid query expression: ", why));
}

}  // namespace

absl::StatusOr<DeletedEntries> ParseLogDeletion(const std::string& query) {
  const absl::StatusOr<logql::Expr> parsed = logql::ParseExpr(query);
  if (!parsed.ok()) return Invalid(parsed.status().message());
  const auto* const log = std::get_if<logql::LogExpr>(&*parsed);
  if (log == nullptr) return Invalid("a metric query; only log queries select entries");
  const logql::WantedFields everything;
  const auto pipeline = logql::Pipeline::Compile(log->stages, &everything);
  if (!pipeline.ok()) return Invalid(pipeline.status().message());
  if (!pipeline->empty()) {
    return Invalid("only the line filters |=, !=, |~ and !~ can select what is deleted");
  }
  DeletedEntries deleted;
  auto matchers = model::CompileMatchers(log->matchers);
  if (!matchers.ok()) return Invalid(matchers.status().message());
  deleted.matchers = *std::move(matchers);
  deleted.tests = pipeline->line_tests();
  return deleted;
}

}  // namespace tidegate::query
