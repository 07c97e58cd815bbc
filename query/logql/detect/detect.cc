#include "query/logql/detect/detect.h"

#include <utility>
#include <variant>

#include "model/matcher.h"
#include "query/logql/detect/pattern_collector.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/parser.h"

namespace tidegate::logql {
namespace {

absl::StatusOr<LogExpr> ParseLog(const std::string& query) {
  absl::StatusOr<Expr> expr = ParseExpr(query);
  if (!expr.ok()) return expr.status();
  auto* const log = std::get_if<LogExpr>(&*expr);
  if (log == nullptr) return absl::InvalidArgumentError("only log selector is supported");
  return std::move(*log);
}

std::vector<std::string> ParsersOf(const LogExpr& log) {
  std::vector<std::string> parsers;
  for (const Stage& stage : log.stages) {
    if (std::holds_alternative<JsonParser>(stage)) parsers.emplace_back("json");
    if (std::holds_alternative<LogfmtParser>(stage)) parsers.emplace_back("logfmt");
    if (std::holds_alternative<RegexpParser>(stage)) parsers.emplace_back("regexp");
    if (std::holds_alternative<PatternParser>(stage)) parsers.emplace_back("pattern");
    if (std::holds_alternative<Unpack>(stage)) parsers.emplace_back("unpack");
  }
  return parsers;
}

}  // namespace

absl::StatusOr<FieldDetector> DetectFields(const model::RequestContext& context,
                                           const query::DetectedFieldsRequest& request,
                                           storage::LogSource& source,
                                           const EngineOptions& options) {
  const absl::StatusOr<LogExpr> log = ParseLog(request.query);
  if (!log.ok()) return log.status();
  query::LogRangeRequest range;
  range.query = request.query;
  range.start = request.range.begin;
  range.end = request.range.end;
  range.limit = request.line_limit;
  const auto result = RunRangeQuery(context, range, source, options);
  if (!result.ok()) return result.status();
  FieldDetector detector(ParsersOf(*log));
  for (const query::LogStream& stream : std::get<query::StreamsResult>(result->value).streams) {
    for (const query::LogResultEntry& entry : stream.entries) {
      detector.Add(stream.stream_labels, entry);
    }
  }
  return detector;
}

absl::StatusOr<std::vector<query::LogPattern>> FindPatterns(
    const model::RequestContext& context, const std::string& query, storage::LogRange range,
    int64_t step_ns, storage::LogSource& source, const EngineOptions& options) {
  const absl::StatusOr<LogExpr> log = ParseLog(query);
  if (!log.ok()) return log.status();
  const WantedFields everything;
  absl::StatusOr<Pipeline> pipeline = Pipeline::Compile(log->stages, &everything);
  if (!pipeline.ok()) return pipeline.status();
  auto matchers = model::CompileMatchers(log->matchers);
  if (!matchers.ok()) return matchers.status();
  storage::LogSelection selection;
  selection.matchers = *std::move(matchers);
  selection.range = range;
  selection.tests = pipeline->line_tests();
  query::Budget budget(options.limits, options.memory);
  PatternCollector collector(step_ns, &*pipeline, &budget);
  absl::Status status = source.SelectLogs(context, selection, collector);
  if (!status.ok()) return status;
  return collector.Take();
}

}  // namespace tidegate::logql
