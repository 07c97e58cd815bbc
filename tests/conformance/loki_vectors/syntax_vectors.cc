#include "tests/conformance/loki_vectors/syntax_vectors.h"

#include <fmt/format.h>

#include <cstdint>

#include "absl/strings/escaping.h"
#include "query/logql/syntax/literals.h"
#include "query/logql/syntax/parser.h"
#include "query/logql/syntax/prettier.h"
#include "tests/conformance/loki_vectors/vector_values.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;

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

Failure RunFormat(const json::object& vector) {
  const auto expr = logql::ParseExpr(QueryOf(vector));
  if (!expr.ok()) return expr.status().ToString();
  const auto width = vector.at("max_chars_per_line").to_number<size_t>();
  return Differ("text", logql::Prettify(*expr, width), Text(vector.at("expect").at("formatted")));
}

const VectorRunners& Runners() {
  static const auto* const kRunners = new VectorRunners{
      {"parse", RunParse},
      {"duration", RunDuration},
      {"format_query", RunFormat},
  };
  return *kRunners;
}

}  // namespace

bool IsSyntaxKind(std::string_view kind) { return Runners().find(kind) != Runners().end(); }

std::optional<std::string> RunSyntaxVector(const json::object& vector) {
  return RunVector(Runners(), vector);
}

}  // namespace tidegate::conformance
