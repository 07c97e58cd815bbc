// Any query over a small set of series: the engine answers within its budget and its deadline, and
// what it answers for a range is what it answers for every step of it by itself.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "query/promql/engine.h"
#include "query/promql/syntax/parser.h"
#include "query/promql/syntax/walk.h"
#include "query/vector/step_grid.h"
#include "query/vector/step_series.h"
#include "tests/conformance/promql_scripts/loader.h"
#include "storage/memory_source.h"
#include "tests/conformance/promql_scripts/script.h"

namespace tidegate::promql {
namespace {

constexpr std::string_view kSeries = R"(load 1m
  a{k="1"} 0 1 2 _ 4 5 stale 7 8 9
  a{k="2"} 5 NaN 3 Inf 1 -Inf 0 -0 1 2
  b{k="1"} 3x9
  c_total{k="1", z="x"} 0 10 20 5 15 25 0 1 2 3
  c_total{k="1", z="y"}@st -1m -1m -2m -3m -1s -1m
  c_total{k="1", z="y"} 1 2 3 4 5 6
  d_bucket{le="1"} 0+1x9
  d_bucket{le="2"} 0+3x9
  d_bucket{le="+Inf"} 0+4x9
  h{k="1"} {{schema:0 count:8 sum:12 buckets:[2 4 2]}}+{{schema:0 count:8 sum:12 buckets:[2 4 2]}}x9
  h{k="2"} {{schema:1 z_bucket:1 z_bucket_w:0.5 count:4 sum:2 buckets:[1 2] n_buckets:[1]}}x3 1 stale {{count:1 sum:1 buckets:[1]}}
  h{k="3"} {{schema:-53 count:6 sum:9 custom_values:[1 2] buckets:[1 2 3]}}x9
  h{k="4"} {{schema:-53 count:5 sum:9 custom_values:[1 3] buckets:[2 2 1]}}x9
  target_info{k="1", version="3"} 1x9
)";

storage::MemorySource& Source() {
  static storage::MemorySource& source = *[] {
    auto* loaded = new storage::MemorySource();
    const auto commands = conformance::ParseScript(kSeries);
    if (!commands.ok() ||
        !conformance::Load(std::get<conformance::LoadCommand>(commands->front()), loaded).ok()) {
      std::abort();
    }
    return loaded;
  }();
  return source;
}

// Samples at one step by labels, names left out: whether a name stays is decided once per series.
// Which group comes first depends on which series exist, and sums depend on the order of what is
// summed: the last digits are not compared.
using Samples = std::map<model::Labels, std::multiset<std::string>>;

std::string FloatText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::abs(value) < 1e-9) return "0";
  char text[32];
  std::snprintf(text, sizeof(text), "%.9g", value);
  return text;
}

std::string HistogramText(const model::FloatHistogram& histogram) {
  std::string text = FloatText(histogram.count) + " " + FloatText(histogram.sum) + " " +
                     std::to_string(histogram.schema);
  for (const double bucket : histogram.positive_buckets) text += " " + FloatText(bucket);
  for (const double bucket : histogram.negative_buckets) text += " -" + FloatText(bucket);
  return text;
}

template <typename SeriesList>
Samples SamplesAt(const SeriesList& list, model::TimestampMs time) {
  Samples samples;
  for (const query::ResultSeries& series : list) {
    const model::Labels labels = query::WithoutMetadata(series.labels);
    for (const query::FloatPoint& point : series.floats) {
      if (point.timestamp == time) samples[labels].insert(FloatText(point.value));
    }
    for (const query::HistogramPoint& point : series.histograms) {
      if (point.timestamp == time) {
        samples[labels].insert(HistogramText(*point.histogram));
      }
    }
  }
  return samples;
}

Samples SamplesAt(const query::QueryResult& result, model::TimestampMs time) {
  if (const auto* vector = std::get_if<query::VectorResult>(&result.value)) {
    return SamplesAt(vector->series, time);
  }
  if (const auto* matrix = std::get_if<query::MatrixResult>(&result.value)) {
    return SamplesAt(matrix->series, time);
  }
  if (const auto* scalar = std::get_if<query::ScalarResult>(&result.value)) {
    return {{model::Labels(), {FloatText(scalar->point.value)}}};
  }
  return {};
}

// Whether the answer at a step may depend on the whole range: `@ start()`, `step()` and the like,
// and the choice among equals.
bool LooksAtRange(const Expr& expr) {
  bool looks = expr.kind() == NodeKind::kDuration;
  if (const auto* aggregate = If<AggregateExpr>(&expr)) {
    looks |= aggregate->op == AggregateOp::kTopK || aggregate->op == AggregateOp::kBottomK ||
             aggregate->op == AggregateOp::kLimitK;
  }
  if (const auto* call = If<Call>(&expr)) {
    const std::string_view name = call->function->name;
    looks |= name == "start" || name == "end" || name == "range" || name == "step";
  }
  const auto of_time = [&](const TimeModifiers& time) {
    looks |= time.anchor != AtAnchor::kNone || time.offset.expr != nullptr;
  };
  if (const auto* selector = If<VectorSelector>(&expr)) of_time(selector->time);
  if (const auto* matrix = If<MatrixSelector>(&expr)) looks |= matrix->range.expr != nullptr;
  if (const auto* subquery = If<SubqueryExpr>(&expr)) {
    of_time(subquery->time);
    looks |= subquery->range.expr != nullptr || subquery->step.expr != nullptr;
  }
  ForEachChild(expr, [&](const Expr& child) { looks = looks || LooksAtRange(child); });
  return looks;
}

void Print(const char* title, const Samples& samples) {
  std::fprintf(stderr, "%s:\n", title);
  for (const auto& [labels, texts] : samples) {
    for (const std::string& text : texts) {
      std::fprintf(stderr, "  %s %s\n", model::ToMetricString(labels).c_str(), text.c_str());
    }
  }
}

void CheckQuery(std::string_view text, const Expr& expr) {
  const QueryOptions options{.limits = {.max_samples = 100'000, .max_bytes = 16 << 20}};
  model::RequestContext context;
  context.deadline = absl::Now() + absl::Milliseconds(500);
  const query::StepGrid grid{.start = 90'000, .end = 450'000, .step = 120'000};
  const auto range = RunRangeQuery(text, grid, context, Source(), options);
  if (!range.ok()) {
    (void)RunInstantQuery(text, grid.end, context, Source(), options);
    return;
  }
  if (LooksAtRange(expr)) return;
  for (size_t i = 0; i < grid.size(); ++i) {
    const auto instant = RunInstantQuery(text, grid.at(i), context, Source(), options);
    if (!instant.ok() && !context.Check().ok()) return;
    const Samples expected = instant.ok() ? SamplesAt(*instant, grid.at(i)) : Samples();
    const Samples got = SamplesAt(*range, grid.at(i));
    if (instant.ok() && expected == got) continue;
    std::fprintf(stderr, "`%.*s` differs at step %zu: %s\n", static_cast<int>(text.size()),
                 text.data(), i, instant.status().ToString().c_str());
    Print("alone", expected);
    Print("in the range", got);
    std::abort();
  }
}

}  // namespace
}  // namespace tidegate::promql

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expr = tidegate::promql::ParseExpr(text);
  if (expr.ok()) tidegate::promql::CheckQuery(text, **expr);
  return 0;
}
