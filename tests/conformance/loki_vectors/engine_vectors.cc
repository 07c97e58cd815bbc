#include "tests/conformance/loki_vectors/engine_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "model/labels.h"
#include "query/logql/engine/engine.h"
#include "storage/log_source.h"
#include "storage/logs/line_filter.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;
using Failure = std::optional<std::string>;

std::string Text(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

model::Labels LabelsOf(const json::value& object) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& member : object.as_object()) {
    pairs.emplace_back(std::string(member.key()), Text(member.value()));
  }
  return model::Labels(std::move(pairs));
}

// The streams of a scenario.
class ScenarioSource final : public storage::LogSource {
 public:
  explicit ScenarioSource(const json::array& streams) {
    for (const json::value& stream : streams) {
      Stream& one = streams_.emplace_back();
      one.labels = std::make_shared<model::Labels>(LabelsOf(stream.at("labels")));
      for (const json::value& entry : stream.at("entries").as_array()) {
        const json::array& parts = entry.as_array();
        one.entries.push_back({std::stoll(Text(parts[0])), Text(parts[1]),
                               parts.size() > 2 ? LabelsOf(parts[2]) : model::Labels()});
      }
      std::stable_sort(one.entries.begin(), one.entries.end(),
                       [](const Entry& a, const Entry& b) { return a.time < b.time; });
    }
  }

  absl::Status SelectLogs(const model::RequestContext&, const storage::LogSelection& selection,
                          storage::Sink<storage::LogBatch>& sink) override {
    const auto filter = storage::LineFilter::Compile(selection.tests);
    if (!filter.ok()) return filter.status();
    for (const Stream& stream : streams_) {
      const bool matches = std::all_of(
          selection.matchers.begin(), selection.matchers.end(),
          [&stream](const auto& one) { return one.Matches(stream.labels->Get(one.name())); });
      if (!matches) continue;
      storage::LogBatch batch;
      batch.stream = stream.labels;
      for (const Entry& entry : stream.entries) {
        const bool inside = entry.time >= selection.range.begin && entry.time < selection.range.end;
        if (!inside || !filter->Holds(entry.line)) continue;
        batch.timestamps.push_back(entry.time);
        if (selection.lines == storage::LineColumn::kLines) batch.lines.emplace_back(entry.line);
        batch.metadata.push_back(static_cast<uint32_t>(batch.metadata_sets.size()));
        batch.metadata_sets.push_back(entry.metadata);
      }
      if (absl::Status status = sink.Add(std::move(batch)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<storage::StreamVolume>> StreamVolumes(
      const model::RequestContext&, const storage::StreamQuery&) override {
    return absl::UnimplementedError("no metric query asks for volumes");
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelNames(const model::RequestContext&,
                                                            const storage::StreamQuery&) override {
    return absl::UnimplementedError("no metric query asks for labels");
  }
  absl::StatusOr<std::vector<std::string>> StreamLabelValues(const model::RequestContext&,
                                                             const std::string&,
                                                             const storage::StreamQuery&) override {
    return absl::UnimplementedError("no metric query asks for labels");
  }

 private:
  struct Entry {
    int64_t time;
    std::string line;
    model::Labels metadata;
  };
  struct Stream {
    std::shared_ptr<const model::Labels> labels;
    std::vector<Entry> entries;
  };
  std::vector<Stream> streams_;
};

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

int64_t Member(const json::value& eval, const char* name) {
  return std::stoll(Text(eval.at(name)));
}

absl::StatusOr<query::LogQueryResult> Answer(storage::LogSource& source, const std::string& query,
                                             const json::value& eval) {
  if (eval.at("type").as_string() == "instant") {
    query::LogInstantRequest request;
    request.query = query;
    request.time = Member(eval, "time_ns");
    return logql::RunInstantQuery({}, request, source, {});
  }
  query::LogRangeRequest request;
  request.query = query;
  request.start = Member(eval, "start_ns");
  request.end = Member(eval, "end_ns");
  request.step_ns = Member(eval, "step_ns");
  return logql::RunRangeQuery({}, request, source, {});
}

// Values by time in milliseconds, as the vector wants them.
std::map<int64_t, double> WantedPoints(const json::object& series, const json::value& eval) {
  constexpr int64_t kNsPerMs = 1'000'000;
  std::map<int64_t, double> points;
  if (const json::value* value = series.if_contains("value")) {
    points[Member(eval, "time_ns") / kNsPerMs] = NumberOf(*value);
    return points;
  }
  int64_t time = Member(eval, "start_ns");
  for (const json::value& value : series.at("values").as_array()) {
    if (!value.is_null()) points[time / kNsPerMs] = NumberOf(value);
    time += Member(eval, "step_ns");
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

Failure Run(const json::array& streams, const json::object& vector) {
  ScenarioSource source(streams);
  const json::value& eval = vector.at("eval");
  const json::object& expect = vector.at("expect").as_object();
  const auto result = Answer(source, Text(vector.at("query")), eval);
  if (expect.contains("fail"))
    return result.ok() ? Failure("answered, want an error") : std::nullopt;
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

}  // namespace

Failure RunEngineVector(const json::array& streams, const json::object& eval) {
  try {
    return Run(streams, eval);
  } catch (const std::exception& error) {  // Boost.JSON's way to say that a member is missing.
    return fmt::format("the vector is not as expected: {}", error.what());
  }
}

}  // namespace tidegate::conformance
