#include "tests/conformance/loki_vectors/vector_file.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "tests/conformance/loki_vectors/door_vectors.h"
#include "tests/conformance/loki_vectors/engine_vectors.h"
#include "tests/conformance/loki_vectors/field_vectors.h"
#include "tests/conformance/loki_vectors/pipeline_vectors.h"
#include "tests/conformance/loki_vectors/syntax_vectors.h"
#include "tests/conformance/loki_vectors/vector_values.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;

std::optional<std::string> Run(const json::object& vector) {
  const std::string kind = Member(vector, "kind");
  if (IsDoorKind(kind)) return RunDoorVector(vector);
  if (IsSyntaxKind(kind)) return RunSyntaxVector(vector);
  if (IsPipelineKind(kind)) return RunPipelineVector(vector);
  if (IsFieldKind(kind)) return RunFieldVector(vector);
  if (kind == "log_query") return RunLogVector(vector);
  return fmt::format("a vector of kind '{}' is not known", kind);
}

// Members of `list` in `object`, nothing when it has none.
json::array Items(const json::object& object, const char* list) {
  const json::value* const items = object.if_contains(list);
  return items != nullptr && items->is_array() ? items->as_array() : json::array();
}

void Count(const json::object& vector, std::optional<std::string> difference,
           VectorReport* report) {
  if (!difference.has_value()) {
    ++report->passed;
  } else {
    report->failures.push_back({Member(vector, "id"), *std::move(difference)});
  }
}

}  // namespace

std::optional<VectorReport> RunVectorFile(std::string_view text) {
  json::error_code error;
  const json::value root = json::parse({text.data(), text.size()}, error);
  if (error || !root.is_object()) return std::nullopt;
  VectorReport report;
  for (const json::value& vector : Items(root.as_object(), "vectors")) {
    Count(vector.as_object(), Run(vector.as_object()), &report);
  }
  for (const json::value& scenario : Items(root.as_object(), "scenarios")) {
    const json::array streams = Items(scenario.as_object(), "streams");
    for (const json::value& eval : Items(scenario.as_object(), "evals")) {
      Count(eval.as_object(), RunEngineVector(streams, eval.as_object()), &report);
    }
  }
  return report;
}

}  // namespace tidegate::conformance
