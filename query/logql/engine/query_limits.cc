#include "query/logql/engine/query_limits.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>

#include "model/duration_text.h"
#include "query/vector/refused_by.h"

namespace tidegate::logql {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

absl::Status Refuse(std::string_view limit, const std::string& text) {
  return query::RefusedBy(limit, absl::InvalidArgumentError(text));
}

// "1.5GB": as go-humanize prints sizes, without the blank.
std::string SizeText(uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  constexpr double kBase = 1000;
  if (bytes < 10) return fmt::format("{}B", bytes);
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= kBase) {
    value /= kBase;
    ++unit;
  }
  value = std::floor(value * 10 + 0.5) / 10;
  return value < 10 ? fmt::format("{:.1f}{}", value, kUnits[unit])
                    : fmt::format("{:.0f}{}", value, kUnits[unit]);
}

absl::Status CheckMatchers(const QueryLimits& limits, const LogExpr& log) {
  const uint64_t count = log.matchers.size();
  if (limits.max_matchers == 0 || count <= limits.max_matchers) return absl::OkStatus();
  return Refuse("max_streams_matchers_per_query",
                fmt::format("max streams matchers per query exceeded, matchers-count > limit ({} > "
                            "{})",
                            count, limits.max_matchers));
}

absl::Status CheckRange(const QueryLimits& limits, const LogRange& range) {
  if (limits.max_range_ns == 0 || range.range_ns <= limits.max_range_ns) return absl::OkStatus();
  return Refuse("max_query_range",
                fmt::format("[interval] value exceeds limit: [{}] > [{}]",
                            model::DurationText(range.range_ns / kNsPerMs),
                            model::DurationText(limits.max_range_ns / kNsPerMs)));
}

}  // namespace

void ForEachRange(const SampleExpr& expr, const std::function<void(const LogRange&)>& visit) {
  if (const auto* range = std::get_if<RangeAggregation>(&expr.node)) {
    visit(range->range);
  } else if (const auto* vector = std::get_if<VectorAggregation>(&expr.node)) {
    ForEachRange(*vector->inner, visit);
  } else if (const auto* binary = std::get_if<BinaryExpr>(&expr.node)) {
    ForEachRange(*binary->left, visit);
    ForEachRange(*binary->right, visit);
  } else if (const auto* replace = std::get_if<LabelReplaceExpr>(&expr.node)) {
    ForEachRange(*replace->inner, visit);
  }
}

absl::Status CheckQuery(const QueryLimits& limits, const Expr& expr) {
  if (const auto* log = std::get_if<LogExpr>(&expr)) return CheckMatchers(limits, *log);
  absl::Status status;
  ForEachRange(*std::get<SampleExprPtr>(expr), [&](const LogRange& range) {
    if (status.ok()) status = CheckMatchers(limits, range.log);
    if (status.ok()) status = CheckRange(limits, range);
  });
  return status;
}

absl::Status LimitSeries(const QueryLimits& limits, std::vector<query::ResultSeries>* series,
                         std::vector<std::string>* warnings) {
  if (limits.max_series == 0 || series->size() <= limits.max_series) return absl::OkStatus();
  if (limits.partial_series) {
    series->resize(limits.max_series);
    warnings->push_back(
        fmt::format("maximum number of series ({}) reached for a single query; returning partial "
                    "results",
                    limits.max_series));
    return absl::OkStatus();
  }
  return Refuse("max_log_query_series",
                fmt::format("maximum number of series ({}) reached for a single query; consider "
                            "reducing query cardinality by adding more specific stream selectors, "
                            "reducing the time range, or aggregating results with functions like "
                            "sum(), count() or topk()",
                            limits.max_series));
}

absl::Status CheckBytesRead(const QueryLimits& limits, uint64_t bytes) {
  if (limits.max_bytes_read == 0 || bytes <= limits.max_bytes_read) return absl::OkStatus();
  return Refuse("max_query_bytes_read",
                fmt::format("the query would read too many bytes (query: {}, limit: {}); consider "
                            "adding more specific stream selectors or reduce the time range of the "
                            "query",
                            SizeText(bytes), SizeText(limits.max_bytes_read)));
}

}  // namespace tidegate::logql
