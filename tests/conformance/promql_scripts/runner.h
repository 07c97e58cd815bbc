// Runs one script against the engine.
#ifndef TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_RUNNER_H_
#define TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_RUNNER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tidegate::conformance {

struct RunOptions {
  // Evaluate every instant query twice more: fixed by `@` at other times, and as the middle step of
  // a range query.
  bool repeat = false;
};

struct EvalFailure {
  int line = 0;
  std::string query;
  std::string difference;
};

struct RunResult {
  int passed = 0;  // Eval statements.
  std::vector<EvalFailure> failures;
};

// InvalidArgument when the script does not parse.
absl::StatusOr<RunResult> RunScript(std::string_view text, const RunOptions& options);

}  // namespace tidegate::conformance

#endif  // TIDEGATE_TESTS_CONFORMANCE_PROMQL_SCRIPTS_RUNNER_H_
