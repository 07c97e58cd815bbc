// Arbitrary lines through every parser of lines: whatever is delivered can be read, values of
// parsers that decode are valid UTF-8, a parser gives the same for the same line whatever came
// before, and asking for one field gives what asking for all gave.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/logql/lines/field_path.h"
#include "query/logql/lines/json_fields.h"
#include "query/logql/lines/json_paths.h"
#include "query/logql/lines/line_pattern.h"
#include "query/logql/lines/line_text.h"
#include "query/logql/lines/logfmt_fields.h"
#include "query/logql/lines/logfmt_keys.h"
#include "query/logql/lines/unpack.h"

namespace tidegate::logql {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

using Copy = std::vector<std::pair<std::string, std::string>>;

Copy Fields(const LineFields& fields) {
  Copy copy;
  for (const LineField& field : *fields.fields) copy.emplace_back(field.name, field.value);
  return copy;
}

bool AreClean(const Copy& fields) {
  for (const auto& [name, value] : fields) {
    for (const char c : name) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '_') return false;
    }
    if (!name.empty() && name[0] >= '0' && name[0] <= '9') return false;
    if (HasBadRune(value)) return false;
  }
  return true;
}

std::optional<std::string> First(const Copy& fields, const std::string& name) {
  for (const auto& [found, value] : fields) {
    if (found == name) return value;
  }
  return std::nullopt;
}

// `make` makes a parser of the wanted fields.
template <typename Make>
void CheckParser(std::string_view line, const Make& make) {
  const WantedFields everything;
  auto parser = make(&everything);
  const LineFields result = parser.Parse(line);
  const bool complete = result.complete;
  const Copy all = Fields(result);
  Require(AreClean(all));
  parser.Parse(line.substr(line.size() / 2));
  const LineFields again = parser.Parse(line);
  Require(again.complete == complete && Fields(again) == all);
  if (all.empty()) return;
  const std::string& name = all.back().first;
  const WantedFields one({name});
  auto narrow = make(&one);
  Require(First(Fields(narrow.Parse(line)), name) == First(all, name));
}

void CheckPaths(std::string_view text, std::string_view line) {
  absl::StatusOr<FieldPath> path = ParseJsonPath(text);
  if (path.ok()) {
    Require(!path->empty());
    JsonPathParser parser(std::vector<JsonPathField>{{"x", *std::move(path)}, {"a", {"a"}}});
    Require(AreClean(Fields(parser.Parse(line))) || HasBadRune(line));
  }
  if (absl::StatusOr<std::string> key = ParseLogfmtKey(text); key.ok()) {
    LogfmtKeyParser parser({}, {{"x", *std::move(key)}});
    Require(Fields(parser.Parse(line)).size() == 1);
  }
}

void CheckPattern(std::string_view expression, std::string_view line) {
  if (auto pattern = ParseFieldPattern(expression); pattern.ok()) {
    const WantedFields everything;
    PatternFieldParser parser(*std::move(pattern), &everything);
    for (const LineField& field : *parser.Parse(line).fields) {
      Require(line.find(field.value) != std::string_view::npos);
    }
  }
  if (auto pattern = ParseLineFilterPattern(expression); pattern.ok()) {
    MatchesPattern(*pattern, line);
    std::string literal;
    for (const PatternNode& node : *pattern) literal += node.capture ? "\x01" : node.text;
    Require(MatchesPattern(*pattern, literal) || literal.find('\x01') != std::string::npos);
  }
}

}  // namespace
}  // namespace tidegate::logql

// The first line of the input is a pattern and a path, the rest is the line; the whole is a line
// too.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidegate::logql;
  // Of exactly this size, so that a byte read behind it is found.
  const std::unique_ptr<char[]> copy(new char[size]);
  for (size_t i = 0; i < size; ++i) copy[i] = static_cast<char>(data[i]);
  const std::string_view text(copy.get(), size);
  const size_t end = text.find('\n');
  const std::string_view expression = text.substr(0, end);
  const std::string_view rest =
      end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  for (const std::string_view line : {text, rest}) {
    CheckParser(line, [](const WantedFields* wanted) { return JsonFieldParser(wanted); });
    for (const LogfmtOptions options : {LogfmtOptions{}, LogfmtOptions{true, true}}) {
      CheckParser(line,
                  [&](const WantedFields* wanted) { return LogfmtFieldParser(options, wanted); });
    }
    const WantedFields everything;
    UnpackParser unpack(&everything);
    const UnpackedLine unpacked = unpack.Parse(line);
    Require(AreClean(Fields(unpacked.fields)));
    Require(unpacked.line.data() != nullptr || unpacked.line.empty());
    CheckPaths(expression, line);
    CheckPattern(expression, line);
  }
  return 0;
}
