// Test scripts: `load`, `eval` and what is expected (Prometheus' promqltest format).
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_SCRIPT_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_SCRIPT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "query/promql/syntax/series/series_description.h"

namespace tidegate::conformance {

// `load 5m` or `load_with_nhcb 5m` and the series below it.
struct LoadCommand {
  int64_t step_ms = 0;
  bool with_custom_bucket_histograms = false;
  std::vector<promql::SeriesDescription> series;
};

struct ClearCommand {};

// A text that must appear: any, exactly this, or one that matches.
struct TextExpectation {
  std::optional<std::string> text;
  std::optional<std::string> pattern;
};

// What must be true of the annotations of one kind.
struct AnnotationExpectation {
  bool none = false;
  std::vector<TextExpectation> some;
};

struct EvalGrid {
  int64_t start_ms = 0;
  int64_t end_ms = 0;
  int64_t step_ms = 1;
};

struct EvalCommand {
  int line = 0;
  std::string query;
  bool instant = true;
  EvalGrid grid;  // start == end for an instant.

  bool fails = false;
  TextExpectation failure;
  bool ordered = false;
  AnnotationExpectation warnings;
  AnnotationExpectation infos;
  std::optional<EvalGrid> range_vector;  // `expect range vector ...`.
  std::optional<std::string> text;       // `expect string ...`.
  std::optional<double> scalar;
  std::vector<promql::SeriesDescription> series;
};

using Command = std::variant<LoadCommand, ClearCommand, EvalCommand>;

// InvalidArgument names line and reason.
absl::StatusOr<std::vector<Command>> ParseScript(std::string_view text);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_SCRIPT_H_
