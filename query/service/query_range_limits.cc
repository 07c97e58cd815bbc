#include "query/service/query_range_limits.h"

#include <fmt/format.h>

#include <string>

#include "query/vector/refused_by.h"

namespace tidegate::query {
namespace {

// "721h0m0s", as Go prints a duration of whole seconds.
std::string DurationText(absl::Duration duration) {
  const int64_t seconds = absl::ToInt64Seconds(duration);
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m{}s", seconds / 60, seconds % 60);
  return fmt::format("{}h{}m{}s", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

absl::Status CheckQueryLength(const model::TenantLimits& limits, model::TimestampMs start,
                              model::TimestampMs end) {
  const absl::Duration limit = limits.logs.max_query_length;
  const absl::Duration length = absl::Milliseconds(end - start);
  if (limit <= absl::ZeroDuration() || length <= limit) return absl::OkStatus();
  return RefusedBy("max_query_length",
                   absl::OutOfRangeError(fmt::format(
                       "the total query time range exceeds the limit (query length: {}, limit: {})",
                       DurationText(length), DurationText(limit))));
}

absl::Status CheckExpressionSize(const model::TenantLimits& limits, std::string_view query) {
  const uint64_t limit = limits.max_query_expression_size_bytes;
  if (limit == 0 || query.size() <= limit) return absl::OkStatus();
  return RefusedBy("max_query_expression_size_bytes",
                   absl::OutOfRangeError(fmt::format(
                       "the raw query size in bytes exceeds the limit (query size: {}, limit: {})",
                       query.size(), limit)));
}

model::TimestampMs OldestQueryTime(const model::TenantLimits& limits, absl::Time now) {
  const absl::Duration lookback = limits.logs.max_query_lookback;
  if (lookback <= absl::ZeroDuration()) return model::kMinTimestamp;
  return absl::ToUnixMillis(now - lookback);
}

model::TimestampMs FirstStepFrom(model::TimestampMs oldest, model::TimestampMs start,
                                 int64_t step_ms) {
  if (start >= oldest) return start;
  return start + (oldest - start + step_ms - 1) / step_ms * step_ms;
}

}  // namespace tidegate::query
