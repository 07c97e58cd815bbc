// Durations, sizes and quoted texts as LogQL and its values write them.
#ifndef TIDEGATE_QUERY_LOGQL_SYNTAX_LITERALS_H_
#define TIDEGATE_QUERY_LOGQL_SYNTAX_LITERALS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidegate::logql {

// Nanoseconds. "1y2w3d4h5m6s7ms": whole numbers, longest unit first (Prometheus).
std::optional<int64_t> ParsePrometheusDuration(std::string_view text);
// Nanoseconds. "1h15m30.918s", "-1.5us": any order, fractions, a sign (Go's time.ParseDuration).
std::optional<int64_t> ParseGoDuration(std::string_view text);
// Why ParseGoDuration gave nothing, as Go says it: `time: missing unit in duration "90"`.
std::string GoDurationError(std::string_view text);
// Either; what a duration literal is.
std::optional<int64_t> ParseDurationLiteral(std::string_view text);

// "1m30s", "1.5ms", "0s": as Go prints durations.
std::string GoDurationText(int64_t ns);

// "2.5KiB", "10 MB", "5": a number and a unit of 1000 (kB) or 1024 (KiB), in any case
// (go-humanize's ParseBytes).
std::optional<uint64_t> ParseByteSize(std::string_view text);

// A string in double quotes with Go's escapes, or in backquotes. Nothing when it is not well
// formed.
std::optional<std::string> Unquote(std::string_view text);

}  // namespace tidegate::logql

#endif  // TIDEGATE_QUERY_LOGQL_SYNTAX_LITERALS_H_
