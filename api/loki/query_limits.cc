#include "api/loki/query_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "absl/time/time.h"
#include "model/duration_text.h"

namespace tidegate::api {
namespace {

std::string DurationText(absl::Duration duration) {
  return model::DurationText(absl::ToInt64Milliseconds(duration));
}

}  // namespace

bool IsLogQuery(std::string_view query) {
  while (!query.empty()) {
    const char c = query.front();
    if (c == '#') {
      const size_t line = query.find('\n');
      query.remove_prefix(line == query.npos ? query.size() : line);
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(') {
      query.remove_prefix(1);
    } else {
      return c == '{';
    }
  }
  return false;
}

absl::Status LimitRange(const model::LogLimits& limits, model::TimestampNs now,
                        storage::LogRange* range) {
  if (limits.max_query_lookback > absl::ZeroDuration()) {
    const model::TimestampNs oldest = now - absl::ToInt64Nanoseconds(limits.max_query_lookback);
    range->begin = std::max(range->begin, oldest);
    range->end = std::max(range->end, range->begin);
  }
  const absl::Duration length = absl::Nanoseconds(range->end - range->begin);
  if (limits.max_query_length <= absl::ZeroDuration() || length <= limits.max_query_length) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      fmt::format("the query time range exceeds the limit (query length: {}, limit: {})",
                  DurationText(length), DurationText(limits.max_query_length)));
}

absl::Status CheckEntries(const model::LogLimits& limits, const query::LogRangeRequest& request) {
  const uint32_t most = limits.max_entries_limit_per_query;
  if (most == 0 || request.limit <= most || !IsLogQuery(request.query)) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "max entries limit per query exceeded, limit > max_entries_limit_per_query ({} > {})",
      request.limit, most));
}

absl::Status LimitRange(const model::LogLimits& limits, model::TimestampNs now,
                        query::LogRangeRequest* request) {
  storage::LogRange range = {request->start, request->end};
  if (absl::Status status = LimitRange(limits, now, &range); !status.ok()) return status;
  request->start = range.begin;
  request->end = range.end;
  return absl::OkStatus();
}

}  // namespace tidegate::api
