#include "tests/conformance/loki_vectors/syntax_vectors.h"

#include <fmt/format.h>

#include <cstdint>

#include "absl/strings/escaping.h"
#include "query/logql/syntax/literals.h"
#include "query/logql/syntax/parser.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;
using Failure = std::optional<std::string>;

std::string Text(const json::value& value) { return std::string(value.as_string()); }

// `query`, or `query_b64` when it is not UTF-8.
std::string QueryOf(const json::object& vector) {
  if (const json::value* const query = vector.if_contains("query")) return Text(*query);
  std::string query;
  const std::string encoded = Text(vector.at("query_b64"));
  return absl::Base64Unescape(encoded, &query) ? query : "";
}

Failure RunParse(const json::object& vector) {
  const bool accept = vector.at("expect").at("accept").as_bool();
  const auto expr = logql::ParseExpr(QueryOf(vector));
  if (expr.ok() == accept) return std::nullopt;
  return accept ? fmt::format("refused: {}", expr.status().ToString()) : "accepted";
}

Failure RunDuration(const json::object& vector) {
  const json::value& expect = vector.at("expect");
  const std::string want = Text(expect.is_object() ? expect.at("ns") : expect);
  const std::optional<int64_t> ns = logql::ParseDurationLiteral(Text(vector.at("input")));
  const std::string got = ns.has_value() ? std::to_string(*ns) : "no duration";
  return got == want ? std::nullopt : Failure(fmt::format("got {}, want {}", got, want));
}

}  // namespace

bool IsSyntaxKind(std::string_view kind) { return kind == "parse" || kind == "duration"; }

std::optional<std::string> RunSyntaxVector(const json::object& vector) {
  try {
    return vector.at("kind").as_string() == "parse" ? RunParse(vector) : RunDuration(vector);
  } catch (const std::exception& error) {  // Boost.JSON's way to say that a member is missing.
    return fmt::format("the vector is not as expected: {}", error.what());
  }
}

}  // namespace tidegate::conformance
