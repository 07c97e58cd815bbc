#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "query/logql/syntax/literals.h"
#include "query/logql/template/functions.h"

namespace tidegate::logql {
namespace {

// "3 kB": 3000.
absl::StatusOr<Value> Bytes(Arguments args) {
  const std::string text = Print(args[0]);
  const std::optional<uint64_t> size = ParseByteSize(text);
  if (!size) return absl::InvalidArgumentError("not a size: \"" + text + "\"");
  return Value(static_cast<double>(*size));
}

// "3m10s": 190.
absl::StatusOr<Value> DurationSeconds(Arguments args) {
  const std::string text = Print(args[0]);
  const std::optional<int64_t> nanoseconds = ParseGoDuration(text);
  if (!nanoseconds) {
    return absl::InvalidArgumentError(GoDurationError(text));
  }
  return Value(static_cast<double>(*nanoseconds) / 1e9);
}

}  // namespace

absl::Span<const TemplateFunction> UnitFunctions() {
  static constexpr TemplateFunction kFunctions[] = {
      {"bytes", 1, 1, Bytes, "s"},
      {"duration", 1, 1, DurationSeconds, "s"},
      {"duration_seconds", 1, 1, DurationSeconds, "s"},
  };
  return kFunctions;
}

}  // namespace tidegate::logql
