// Runs LogQL behaviour vectors: `logqltest FILE...`. Prints each failure, then one line
// `N passed, M failed`; ends with status 1 if a vector failed, 2 if a file cannot be read. A kind
// of vector that the runner does not know has failed.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

#include "tests/conformance/loki_vectors/door_vectors.h"
#include "tests/conformance/loki_vectors/engine_vectors.h"
#include "tests/conformance/loki_vectors/field_vectors.h"
#include "tests/conformance/loki_vectors/pipeline_vectors.h"
#include "tests/conformance/loki_vectors/syntax_vectors.h"

namespace {

namespace json = boost::json;
namespace conformance = tidegate::conformance;

struct Tally {
  int passed = 0;
  int failed = 0;
};

std::string Member(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

std::optional<std::string> Run(const json::object& vector) {
  const std::string kind = Member(vector, "kind");
  if (conformance::IsDoorKind(kind)) return conformance::RunDoorVector(vector);
  if (conformance::IsSyntaxKind(kind)) return conformance::RunSyntaxVector(vector);
  if (conformance::IsPipelineKind(kind)) return conformance::RunPipelineVector(vector);
  if (conformance::IsFieldKind(kind)) return conformance::RunFieldVector(vector);
  if (kind == "log_query") return conformance::RunLogVector(vector);
  return fmt::format("a vector of kind '{}' is not known", kind);
}

void Count(const std::string& path, const json::object& vector, std::optional<std::string> failure,
           Tally* tally) {
  ++(failure.has_value() ? tally->failed : tally->passed);
  if (!failure.has_value()) return;
  fmt::print("FAIL {} {}: {}\n", path, Member(vector, "id"), *failure);
}

// Members of `list` in `object`, nothing when it has none.
json::array Items(const json::object& object, const char* list) {
  const json::value* const items = object.if_contains(list);
  return items != nullptr && items->is_array() ? items->as_array() : json::array();
}

bool RunFile(const std::string& path, Tally* tally) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  json::error_code error;
  const json::value root = json::parse(text, error);
  if (!file || error || !root.is_object()) {
    fmt::print(stderr, "cannot read {}\n", path);
    return false;
  }
  for (const json::value& vector : Items(root.as_object(), "vectors")) {
    Count(path, vector.as_object(), Run(vector.as_object()), tally);
  }
  for (const json::value& scenario : Items(root.as_object(), "scenarios")) {
    for (const json::value& eval : Items(scenario.as_object(), "evals")) {
      Count(path, eval.as_object(),
            conformance::RunEngineVector(Items(scenario.as_object(), "streams"), eval.as_object()),
            tally);
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: logqltest FILE...\n");
    return 2;
  }
  Tally tally;
  bool read = true;
  for (int i = 1; i < argc; ++i) read &= RunFile(argv[i], &tally);
  fmt::print("{} passed, {} failed\n", tally.passed, tally.failed);
  if (!read) return 2;
  return tally.failed == 0 ? 0 : 1;
}
