#include "tests/conformance/loki_vectors/engine_vectors.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "model/labels.h"
#include "query/logql/engine/engine.h"
#include "tests/conformance/loki_vectors/scenario_source.h"
#include "tests/conformance/loki_vectors/vector_values.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;
double NumberOf(const json::value& value) {
  if (!value.is_string()) return value.to_number<double>();
  const std::string text = Text(value);
  if (text == "NaN") return NAN;
  return text == "-Inf" ? -INFINITY : INFINITY;
}

bool IsClose(double a, double b) {
  constexpr double kTolerance = 1e-6;
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(a - b) <= kTolerance * std::max(std::abs(a), std::abs(b));
}

int64_t Number(const json::value& eval, const char* name) {
  return std::stoll(Text(eval.at(name)));
}

absl::StatusOr<query::LogQueryResult> Answer(storage::LogSource& source, const std::string& query,
                                             const json::value& eval) {
  if (eval.at("type").as_string() == "instant") {
    query::LogInstantRequest request;
    request.query = query;
    request.time = Number(eval, "time_ns");
    return logql::RunInstantQuery({}, request, source, {});
  }
  query::LogRangeRequest request;
  request.query = query;
  request.start = Number(eval, "start_ns");
  request.end = Number(eval, "end_ns");
  request.step_ns = Number(eval, "step_ns");
  return logql::RunRangeQuery({}, request, source, {});
}

// Values by time in milliseconds, as the vector wants them.
std::map<int64_t, double> WantedPoints(const json::object& series, const json::value& eval) {
  constexpr int64_t kNsPerMs = 1'000'000;
  std::map<int64_t, double> points;
  if (const json::value* value = series.if_contains("value")) {
    points[Number(eval, "time_ns") / kNsPerMs] = NumberOf(*value);
    return points;
  }
  int64_t time = Number(eval, "start_ns");
  for (const json::value& value : series.at("values").as_array()) {
    if (!value.is_null()) points[time / kNsPerMs] = NumberOf(value);
    time += Number(eval, "step_ns");
  }
  return points;
}

Failure CompareSeries(const query::ResultSeries& got, const std::map<int64_t, double>& want) {
  if (got.floats.size() != want.size()) {
    return fmt::format("{} has {} points, want {}", model::ToString(got.labels), got.floats.size(),
                       want.size());
  }
  for (const query::FloatPoint& point : got.floats) {
    const auto known = want.find(point.timestamp);
    if (known != want.end() && IsClose(point.value, known->second)) continue;
    return fmt::format("{} at {}: got {}", model::ToString(got.labels), point.timestamp,
                       point.value);
  }
  return std::nullopt;
}

Failure Compare(const std::vector<query::ResultSeries>& got, const json::object& expect,
                const json::value& eval) {
  const json::array& want = expect.at("series").as_array();
  if (got.size() != want.size()) {
    return fmt::format("got {} series, want {}", got.size(), want.size());
  }
  const json::value* const ordered = expect.if_contains("ordered");
  for (size_t i = 0; i < want.size(); ++i) {
    const model::Labels labels = LabelsOf(want[i].at("labels"));
    const auto found =
        std::find_if(got.begin(), got.end(), [&](const auto& one) { return one.labels == labels; });
    if (found == got.end()) return fmt::format("{} is missing", model::ToString(labels));
    if (ordered != nullptr && ordered->as_bool() &&
        found != got.begin() + static_cast<ptrdiff_t>(i)) {
      return fmt::format("{} is not number {}", model::ToString(labels), i);
    }
    const Failure failure = CompareSeries(*found, WantedPoints(want[i].as_object(), eval));
    if (failure.has_value()) return failure;
  }
  return std::nullopt;
}

Failure CheckFailure(const absl::Status& status, const json::object& expect) {
  if (status.ok()) return "answered, want an error";
  const std::string error(status.message());
  if (error.find(Member(expect, "error_contains")) == error.npos) return "error: " + error;
  if (!expect.contains("error_regex")) return std::nullopt;
  const std::string pattern = Member(expect, "error_regex");
  return re2::RE2::PartialMatch(error, pattern) ? std::nullopt : Failure("error: " + error);
}

Failure Run(const json::array& streams, const json::object& vector) {
  ScenarioSource source(streams);
  const json::value& eval = vector.at("eval");
  const json::object& expect = vector.at("expect").as_object();
  const auto result = Answer(source, Text(vector.at("query")), eval);
  if (expect.contains("fail")) return CheckFailure(result.status(), expect);
  if (!result.ok()) return result.status().ToString();
  if (const json::value* scalar = expect.if_contains("scalar")) {
    const auto* const got = std::get_if<query::ScalarResult>(&result->value);
    if (got == nullptr) return "no scalar";
    return IsClose(got->point.value, NumberOf(*scalar))
               ? std::nullopt
               : Failure(fmt::format("got {}", got->point.value));
  }
  if (const auto* got = std::get_if<query::VectorResult>(&result->value)) {
    return Compare(got->series, expect, eval);
  }
  if (const auto* got = std::get_if<query::MatrixResult>(&result->value)) {
    return Compare(got->series, expect, eval);
  }
  return "no series";
}

std::string Printed(const query::StreamsResult& result) {
  std::string text;
  for (const query::LogStream& stream : result.streams) {
    text += model::ToString(stream.labels) + "\n";
    for (const query::LogResultEntry& entry : stream.entries) {
      text += fmt::format("  {} {}\n", entry.timestamp, entry.line);
    }
  }
  return text;
}

std::string PrintedStreams(const json::array& streams) {
  std::string text;
  for (const json::value& stream : streams) {
    text += model::ToString(LabelsOf(stream.at("labels"))) + "\n";
    for (const json::value& entry : stream.at("entries").as_array()) {
      text += fmt::format("  {} {}\n", Text(entry.as_array().at(0)), Text(entry.as_array().at(1)));
    }
  }
  return text;
}

Failure RunLog(const json::object& vector) {
  ScenarioSource source(vector.at("streams").as_array());
  const json::object& params = vector.at("params").as_object();
  query::LogRangeRequest request;
  request.query = Text(vector.at("query"));
  request.start = Number(params, "start_ns");
  request.end = Number(params, "end_ns");
  if (params.contains("interval_ns")) request.interval_ns = Number(params, "interval_ns");
  if (params.contains("limit")) request.limit = params.at("limit").to_number<size_t>();
  if (Member(params, "direction") == "forward") {
    request.direction = query::LogDirection::kForward;
  }
  const auto result = logql::RunRangeQuery({}, request, source, {});
  if (!result.ok()) return result.status().ToString();
  const auto* const streams = std::get_if<query::StreamsResult>(&result->value);
  if (streams == nullptr) return "no streams";
  return Differ("streams", Printed(*streams),
                PrintedStreams(vector.at("expect").at("streams").as_array()));
}

}  // namespace

Failure RunEngineVector(const json::array& streams, const json::object& eval) {
  try {
    return Run(streams, eval);
  } catch (const std::exception& error) {  // Boost.JSON's way to say that a member is missing.
    return fmt::format("the vector is not as expected: {}", error.what());
  }
}

Failure RunLogVector(const json::object& vector) {
  static const auto* const kRunners = new VectorRunners{{"log_query", RunLog}};
  return RunVector(*kRunners, vector);
}

}  // namespace tidegate::conformance
