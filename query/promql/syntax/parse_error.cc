#include "query/promql/syntax/parse_error.h"

#include <algorithm>

#include "fmt/format.h"

namespace tidegate::promql {
namespace {

std::string FormatPosition(int32_t start, std::string_view text) {
  if (text.empty()) return "unknown position";
  if (start < 0 || static_cast<size_t>(start) > text.size()) return "invalid position";
  const std::string_view before = text.substr(0, static_cast<size_t>(start));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t line_break = before.rfind('\n');
  const size_t line_start = line_break == std::string_view::npos ? 0 : line_break + 1;
  return fmt::format("{}:{}", line, before.size() - line_start + 1);
}

}  // namespace

std::string FormatParseError(const ParseError& error, std::string_view text) {
  return fmt::format("{}: parse error: {}", FormatPosition(error.position.start, text),
                     error.message);
}

}  // namespace tidegate::promql
