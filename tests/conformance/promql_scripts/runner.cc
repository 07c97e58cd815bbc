#include "tests/conformance/promql_scripts/runner.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "model/request_context.h"
#include "model/tenant.h"
#include "query/promql/engine.h"
#include "tests/conformance/promql_scripts/comparison.h"
#include "tests/conformance/promql_scripts/fixed_time.h"
#include "tests/conformance/promql_scripts/loader.h"
#include "storage/memory_source.h"
#include "tests/conformance/promql_scripts/script.h"
#include "tests/conformance/promql_scripts/temporary_head.h"

namespace tidegate::conformance {
namespace {

constexpr int64_t kMinuteMs = 60 * 1000;

model::RequestContext DefaultTenant() {
  model::RequestContext context;
  context.tenant = model::kDefaultTenant;
  return context;
}

class Runner {
 public:
  explicit Runner(const RunOptions& options) : options_(options) {}

  absl::Status Execute(const Command& command) {
    if (const auto* load = std::get_if<LoadCommand>(&command)) {
      head_ = nullptr;
      return Load(*load, &loaded_);
    }
    if (std::holds_alternative<ClearCommand>(command)) {
      head_ = nullptr;
      loaded_.Clear();
      return absl::OkStatus();
    }
    absl::Status status = FillHead();
    if (status.ok()) Evaluate(std::get<EvalCommand>(command));
    return status;
  }

  RunResult Take() { return std::move(result_); }

 private:
  // Once for all evaluations between two loads.
  absl::Status FillHead() {
    if (head_ != nullptr) return absl::OkStatus();
    absl::StatusOr<std::unique_ptr<TemporaryHead>> filled = TemporaryHead::Fill(request_, loaded_);
    if (!filled.ok()) return filled.status();
    head_ = *std::move(filled);
    return absl::OkStatus();
  }

  void Evaluate(const EvalCommand& eval) {
    std::string difference = Compare(eval, Run(eval));
    if (difference.empty() && options_.repeat && eval.instant) difference = Repeat(eval);
    if (difference.empty()) {
      ++result_.passed;
    } else {
      result_.failures.push_back({eval.line, eval.query, std::move(difference)});
    }
  }

  absl::StatusOr<query::QueryResult> Run(const EvalCommand& eval) {
    return eval.instant ? RunInstant(eval.query, eval.grid.start_ms)
                        : RunRange(eval.query, eval.grid);
  }

  absl::StatusOr<query::QueryResult> RunInstant(std::string_view query, int64_t time) {
    return promql::RunInstantQuery(query, time, request_, head_->source(), promql::QueryOptions());
  }

  absl::StatusOr<query::QueryResult> RunRange(std::string_view query, const EvalGrid& grid) {
    return promql::RunRangeQuery(query,
                                 {.start = grid.start_ms, .end = grid.end_ms, .step = grid.step_ms},
                                 request_, head_->source(), promql::QueryOptions());
  }

  // The two implicit evaluations of every instant query.
  std::string Repeat(const EvalCommand& eval) {
    std::string difference = RepeatFixed(eval);
    if (!difference.empty()) return "with @: " + difference;
    difference = RepeatAsRange(eval);
    return difference.empty() ? "" : "as a range: " + difference;
  }

  std::string RepeatFixed(const EvalCommand& eval) {
    const int64_t time = eval.grid.start_ms;
    const std::optional<std::string> fixed = FixTime(eval.query, time);
    if (!fixed.has_value() || eval.range_vector.has_value()) return "";
    for (const int64_t other : {time - kMinuteMs, time + 2 * kMinuteMs, -10 * kMinuteMs, int64_t{0},
                                time + 600 * kMinuteMs}) {
      absl::StatusOr<query::QueryResult> result = RunInstant(*fixed, other);
      // Annotations point into the text that was written, not into this one.
      if (result.ok()) {
        result->warnings.clear();
        result->infos.clear();
      }
      EvalCommand values = eval;
      values.grid = {other, other, 1};
      values.warnings = {};
      values.infos = {};
      std::string difference = Compare(values, result);
      if (!difference.empty()) return fmt::format("at {} ms: {}", other, difference);
    }
    return "";
  }

  std::string RepeatAsRange(const EvalCommand& eval) {
    if (eval.ordered || eval.fails || DependsOnWindow(eval.query)) return "";
    const int64_t time = eval.grid.start_ms;
    absl::StatusOr<query::QueryResult> result =
        RunRange(eval.query, {time - kMinuteMs, time + kMinuteMs, kMinuteMs});
    if (!result.ok()) {
      // Strings and range vectors have no range query; other steps may fail where this one did not.
      return "";
    }
    return CompareInstant(eval, *result, time);
  }

  const RunOptions options_;
  const model::RequestContext request_ = DefaultTenant();
  MemorySource loaded_;
  std::unique_ptr<TemporaryHead> head_;  // Holds what is loaded; null after a change.
  RunResult result_;
};

}  // namespace

absl::StatusOr<RunResult> RunScript(std::string_view text, const RunOptions& options) {
  absl::StatusOr<std::vector<Command>> commands = ParseScript(text);
  if (!commands.ok()) return commands.status();
  Runner runner(options);
  for (const Command& command : *commands) {
    absl::Status status = runner.Execute(command);
    if (!status.ok()) return status;
  }
  return runner.Take();
}

}  // namespace tidegate::conformance
