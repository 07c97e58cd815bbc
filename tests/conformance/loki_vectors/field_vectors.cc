#include "tests/conformance/loki_vectors/field_vectors.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "query/logql/lines/field_path.h"
#include "query/logql/lines/label_name.h"
#include "query/logql/lines/line_pattern.h"
#include "query/logql/lines/wanted_fields.h"
#include "tests/conformance/loki_vectors/vector_values.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;

const json::object& Expect(const json::object& vector) { return vector.at("expect").as_object(); }

// Whether a status is as `expect` says: an error with this text in it, or none.
Failure CheckStatus(const absl::Status& status, const json::object& expect) {
  if (!expect.contains("error")) {
    return status.ok() ? std::nullopt : Failure(std::string(status.message()));
  }
  if (status.ok()) return "accepted";
  const std::string error(status.message());
  return error.find(Member(expect, "error")) != error.npos ? std::nullopt : Failure(error);
}

Failure RunPatternParse(const json::object& vector) {
  return CheckStatus(logql::ParseFieldPattern(Member(vector, "expression")).status(),
                     Expect(vector));
}

Failure RunLineFilterParse(const json::object& vector) {
  return CheckStatus(logql::ParseLineFilterPattern(Member(vector, "expression")).status(),
                     Expect(vector));
}

Failure RunPatternNodes(const json::object& vector) {
  json::array nodes;
  for (const logql::PatternNode& node : logql::ReadPattern(Member(vector, "expression"))) {
    nodes.push_back(json::object{{node.capture ? "capture" : "literal", node.text}});
  }
  return Differ("nodes", json::serialize(nodes), json::serialize(Expect(vector).at("nodes")));
}

Failure RunPatternLiterals(const json::object& vector) {
  json::array literals;
  for (const logql::PatternNode& node : logql::ReadPattern(Member(vector, "expression"))) {
    if (!node.capture) literals.emplace_back(node.text);
  }
  return Differ("literals", json::serialize(literals),
                json::serialize(Expect(vector).at("literals")));
}

// Captures of `| pattern`, and whether `|>` matches with every capture unnamed.
Failure RunPatternMatch(const json::object& vector) {
  const std::string line = Member(vector, "line");
  const json::object& expect = Expect(vector);
  std::vector<logql::PatternNode> nodes = logql::ReadPattern(Member(vector, "expression"));
  const logql::WantedFields everything;
  logql::PatternFieldParser parser(nodes, &everything);
  json::array captures;
  for (const logql::LineField& field : *parser.Parse(line).fields) {
    captures.emplace_back(json::string(field.value.data(), field.value.size()));
  }
  if (expect.contains("captures")) {
    Failure failure =
        Differ("captures", json::serialize(captures), json::serialize(expect.at("captures")));
    if (failure.has_value()) return failure;
  }
  if (!expect.contains("full_match")) return std::nullopt;
  for (logql::PatternNode& node : nodes) {
    if (node.capture) node.text = "_";
  }
  const bool matches = logql::MatchesPattern(nodes, line);
  return matches == expect.at("full_match").as_bool() ? std::nullopt
                                                      : Failure(fmt::format("match: {}", matches));
}

json::value StepOf(const logql::PathStep& step) {
  if (const auto* key = std::get_if<std::string>(&step)) return json::value(*key);
  return json::value(static_cast<int64_t>(std::get<uint64_t>(step)));
}

Failure RunJsonPath(const json::object& vector) {
  const auto path = logql::ParseJsonPath(Member(vector, "expression"));
  const json::object& expect = Expect(vector);
  if (Failure failure = CheckStatus(path.status(), expect); failure || !path.ok()) return failure;
  json::array steps;
  for (const logql::PathStep& step : *path) steps.push_back(StepOf(step));
  return Differ("path", json::serialize(steps), json::serialize(expect.at("path")));
}

Failure RunLogfmtPath(const json::object& vector) {
  const auto key = logql::ParseLogfmtKey(Member(vector, "expression"));
  const json::object& expect = Expect(vector);
  if (Failure failure = CheckStatus(key.status(), expect); failure || !key.ok()) return failure;
  const json::value path = key->empty() ? json::value(nullptr) : json::value(json::array{*key});
  return Differ("path", json::serialize(path), json::serialize(expect.at("path")));
}

Failure RunSanitize(const json::object& vector) {
  std::string name;
  logql::AppendLabelName(Member(vector, "key"), &name);
  return Differ("name", name, Member(vector, "want"));
}

const VectorRunners& Runners() {
  static const auto* const kRunners = new VectorRunners{
      {"pattern_match", RunPatternMatch},
      {"pattern_parse", RunPatternParse},
      {"pattern_line_filter_parse", RunLineFilterParse},
      {"pattern_literals", RunPatternLiterals},
      {"pattern_nodes", RunPatternNodes},
      {"json_path", RunJsonPath},
      {"logfmt_path", RunLogfmtPath},
      {"sanitize_label", RunSanitize},
  };
  return *kRunners;
}

}  // namespace

bool IsFieldKind(std::string_view kind) { return Runners().find(kind) != Runners().end(); }

std::optional<std::string> RunFieldVector(const json::object& vector) {
  return RunVector(Runners(), vector);
}

}  // namespace tidegate::conformance
