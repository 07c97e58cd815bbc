#include "query/logql/pipeline/value_conversion.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "query/logql/syntax/literals.h"
#include "query/vector/go_float.h"

namespace tidegate::logql {
namespace {

std::string NotANumber(std::string_view text) {
  return fmt::format("strconv.ParseFloat: parsing \"{}\": invalid syntax", text);
}

// The number in front decides first, then the unit behind it.
std::string NotASize(std::string_view text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789.,"), text.size());
  std::string number(text.substr(0, digits));
  std::erase(number, ',');
  if (!query::ParseFloat(number).has_value()) return NotANumber(number);
  std::string unit(text.substr(digits));
  absl::StripAsciiWhitespace(&unit);
  absl::AsciiStrToLower(&unit);
  return "unhandled size name: " + unit;
}

}  // namespace

std::optional<double> ConvertValue(ValueKind kind, std::string_view text) {
  switch (kind) {
    case ValueKind::kNumber:
      return query::ParseFloat(text);
    case ValueKind::kDuration: {
      const std::optional<int64_t> ns = ParseGoDuration(text);
      return ns.has_value() ? std::optional(static_cast<double>(*ns)) : std::nullopt;
    }
    case ValueKind::kBytes: {
      const std::optional<uint64_t> bytes = ParseByteSize(text);
      return bytes.has_value() ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string ConversionError(ValueKind kind, std::string_view text) {
  switch (kind) {
    case ValueKind::kNumber:
      return NotANumber(text);
    case ValueKind::kDuration:
      return GoDurationError(text);
    case ValueKind::kBytes:
      return NotASize(text);
  }
  return {};
}

}  // namespace tidegate::logql
