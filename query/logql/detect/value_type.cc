#include "query/logql/detect/value_type.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>

#include "query/logql/syntax/literals.h"
#include "query/vector/go_float.h"

namespace tidegate::logql {
namespace {

bool IsInteger(std::string_view value) {
  if (value.size() > 1 && value.front() == '+') value.remove_prefix(1);
  int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

// Go's strconv.ParseBool.
bool IsBoolean(std::string_view value) {
  constexpr std::string_view kWords[] = {"1", "t", "T", "TRUE",  "true",  "True",
                                         "0", "f", "F", "FALSE", "false", "False"};
  return std::find(std::begin(kWords), std::end(kWords), value) != std::end(kWords);
}

// 8-4-4-4-12 hexadecimal digits.
bool IsUuid(std::string_view value) {
  constexpr size_t kSize = 36;
  if (value.size() != kSize) return false;
  for (size_t i = 0; i < kSize; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? value[i] != '-' : std::isxdigit(static_cast<unsigned char>(value[i])) == 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

const char* DetectedType(std::string_view value) {
  if (IsInteger(value)) return "int";
  if (query::ParseFloat(value).has_value()) return "float";
  if (IsBoolean(value)) return "boolean";
  if (ParseGoDuration(value).has_value()) return "duration";
  if (ParseByteSize(value).has_value()) return "bytes";
  return "string";
}

bool IsIdentifier(std::string_view value) {
  if (value == "0" || value == "1") return false;
  return query::ParseFloat(value).has_value() || IsUuid(value);
}

}  // namespace tidegate::logql
