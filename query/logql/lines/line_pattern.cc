#include "query/logql/lines/line_pattern.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "fmt/format.h"

namespace tidegate::logql {
namespace {

// The name of the capture that `text` begins with; empty: it begins with none.
std::string_view CaptureName(std::string_view text) {
  if (text.empty() || text[0] != '<') return {};
  size_t end = 1;
  while (end < text.size() &&
         (absl::ascii_isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) {
    ++end;
  }
  if (end == 1 || end == text.size() || text[end] != '>') return {};
  if (absl::ascii_isdigit(static_cast<unsigned char>(text[1]))) return {};
  return text.substr(1, end - 1);
}

bool IsNamed(const PatternNode& node) { return node.capture && node.text != "_"; }

absl::Status CheckNoNeighbours(const std::vector<PatternNode>& pattern) {
  for (size_t i = 1; i < pattern.size(); ++i) {
    if (pattern[i - 1].capture && pattern[i].capture) {
      return absl::InvalidArgumentError(
          fmt::format("found consecutive capture '<{}><{}>': invalid expression",
                      pattern[i - 1].text, pattern[i].text));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<PatternNode> ReadPattern(std::string_view expression) {
  std::vector<PatternNode> pattern;
  while (!expression.empty()) {
    const std::string_view name = CaptureName(expression);
    if (!name.empty()) {
      pattern.push_back({true, std::string(name)});
      expression.remove_prefix(name.size() + 2);
      continue;
    }
    const size_t end = std::min(expression.find('<', 1), expression.size());
    if (pattern.empty() || pattern.back().capture) pattern.push_back({false, {}});
    pattern.back().text.append(expression.substr(0, end));
    expression.remove_prefix(end);
  }
  return pattern;
}

absl::StatusOr<std::vector<PatternNode>> ParseFieldPattern(std::string_view expression) {
  std::vector<PatternNode> pattern = ReadPattern(expression);
  if (absl::Status status = CheckNoNeighbours(pattern); !status.ok()) return status;
  std::set<std::string_view> names;
  for (const PatternNode& node : pattern) {
    if (IsNamed(node) && !names.insert(node.text).second) {
      return absl::InvalidArgumentError(
          fmt::format("duplicate capture name ({}): invalid expression", node.text));
    }
  }
  if (names.empty()) return absl::InvalidArgumentError("at least one capture is required");
  return pattern;
}

absl::StatusOr<std::vector<PatternNode>> ParseLineFilterPattern(std::string_view expression) {
  std::vector<PatternNode> pattern = ReadPattern(expression);
  for (const PatternNode& node : pattern) {
    if (IsNamed(node)) {
      return absl::InvalidArgumentError(
          fmt::format("named captures are not allowed: found '<{}>'", node.text));
    }
  }
  if (absl::Status status = CheckNoNeighbours(pattern); !status.ok()) return status;
  return pattern;
}

bool MatchesPattern(const std::vector<PatternNode>& pattern, std::string_view line) {
  if (pattern.empty() || line.empty()) return pattern.empty() && line.empty();
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i].capture) continue;
    const size_t at = line.find(pattern[i].text);
    // What lies before is the capture's, which is not empty; before the first node lies nothing.
    if (at == std::string_view::npos || (at == 0) != (i == 0)) return false;
    line.remove_prefix(at + pattern[i].text.size());
  }
  return pattern.back().capture != line.empty();
}

PatternFieldParser::PatternFieldParser(std::vector<PatternNode> pattern, const WantedFields* wanted)
    : pattern_(std::move(pattern)) {
  for (const PatternNode& node : pattern_) {
    deliver_.push_back(IsNamed(node) && wanted->Wants(node.text));
  }
}

LineFields PatternFieldParser::Parse(std::string_view line) {
  fields_.clear();
  const LineFields result = {&fields_, true, {}};
  size_t i = 0;
  if (!pattern_.empty() && !pattern_[0].capture) {
    const std::string& literal = pattern_[0].text;
    if (line.substr(0, literal.size()) != literal) return result;
    line.remove_prefix(literal.size());
    i = 1;
  }
  // From here on: a capture, and the literal that ends it unless it is the last.
  for (; i < pattern_.size(); i += 2) {
    const bool last = i + 1 == pattern_.size();
    const size_t at = last ? std::string_view::npos : line.find(pattern_[i + 1].text);
    if (deliver_[i]) fields_.push_back({pattern_[i].text, line.substr(0, at)});
    if (at == std::string_view::npos) break;
    line.remove_prefix(at + pattern_[i + 1].text.size());
  }
  return result;
}

}  // namespace tidegate::logql
