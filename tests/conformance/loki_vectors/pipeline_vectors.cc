#include "tests/conformance/loki_vectors/pipeline_vectors.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "model/labels.h"
#include "query/logql/lines/wanted_fields.h"
#include "query/logql/metric/sample_extractor.h"
#include "query/logql/pipeline/entry_labels.h"
#include "query/logql/pipeline/pipeline.h"
#include "query/logql/syntax/parser.h"
#include "storage/logs/line_filter.h"
#include "tests/conformance/loki_vectors/vector_values.h"

namespace tidegate::conformance {
namespace {

namespace json = boost::json;

constexpr std::string_view kSelector = R"({vector="v"} )";

// Stages of a pipeline's text. `| keep` and `| drop` without labels cannot be written in LogQL; a
// vector that ends with one means a stage that was built by hand.
absl::StatusOr<std::vector<logql::Stage>> StagesOf(std::string_view pipeline) {
  while (pipeline.ends_with(' ')) pipeline.remove_suffix(1);
  const bool keeps = pipeline.ends_with("| keep");
  const bool drops = pipeline.ends_with("| drop");
  if (keeps || drops) pipeline.remove_suffix(std::string_view("| keep").size());
  absl::StatusOr<logql::Expr> expr = logql::ParseExpr(fmt::format("{}{}", kSelector, pipeline));
  if (!expr.ok()) return expr.status();
  std::vector<logql::Stage> stages = std::get<logql::LogExpr>(*std::move(expr)).stages;
  if (keeps) stages.emplace_back(logql::KeepLabels());
  if (drops) stages.emplace_back(logql::DropLabels());
  return stages;
}

// An entry of a vector on its way through compiled stages.
class Passage {
 public:
  explicit Passage(const json::object& vector)
      : stream_(LabelsOf(vector, "stream_labels")),
        metadata_(LabelsOf(vector, "structured_metadata")),
        time_(vector.contains("ts_ns") ? std::stoll(Member(vector, "ts_ns")) : 0) {
    labels_.SetStream(stream_);
    labels_.SetMetadata(metadata_);
    const model::Labels initial = LabelsOf(vector, "initial_error");
    error_ = initial.Get(logql::kErrorLabel);
    details_ = initial.Get(logql::kErrorDetailsLabel);
  }

  // Whether the source's tests and the stages keep the line.
  absl::StatusOr<bool> Run(logql::Pipeline* pipeline, std::string_view line) {
    const auto filter = storage::LineFilter::Compile(pipeline->line_tests());
    if (!filter.ok()) return filter.status();
    entry_ = Begin(line);
    return filter->Holds(line) && pipeline->Run(&entry_);
  }

  // At its beginning, for whoever runs the stages.
  logql::StageEntry Begin(std::string_view line) {
    labels_.Begin();
    if (!error_.empty() || !details_.empty()) labels_.SetError(error_, details_);
    return {time_, line, &labels_};
  }

  std::string_view line() const { return entry_.line; }
  const logql::EntryLabels& labels() const { return labels_; }

 private:
  const model::Labels stream_, metadata_;
  const int64_t time_;
  std::string error_, details_;
  logql::EntryLabels labels_;
  logql::StageEntry entry_;
};

Failure RunPipeline(const json::object& vector) {
  const auto stages = StagesOf(Member(vector, "pipeline"));
  if (!stages.ok()) return stages.status().ToString();
  const logql::WantedFields everything;
  auto pipeline = logql::Pipeline::Compile(*stages, &everything);
  if (!pipeline.ok()) return pipeline.status().ToString();
  Passage passage(vector);
  const std::string line = Member(vector, "line");
  const absl::StatusOr<bool> kept = passage.Run(&*pipeline, line);
  if (!kept.ok()) return kept.status().ToString();
  const json::object& expect = vector.at("expect").as_object();
  if (*kept != expect.at("kept").as_bool()) return fmt::format("kept: {}", *kept);
  if (!*kept) return std::nullopt;
  if (expect.contains("labels")) {
    Failure failure = Differ("labels", model::ToString(passage.labels().All()),
                             model::ToString(LabelsOf(expect, "labels")));
    if (failure.has_value()) return failure;
  }
  return expect.contains("line") ? Differ("line", passage.line(), Member(expect, "line"))
                                 : std::nullopt;
}

Failure RunFilterLines(const json::object& vector) {
  const auto expr = logql::ParseExpr(Member(vector, "query"));
  if (!expr.ok()) return expr.status().ToString();
  const auto* const log = std::get_if<logql::LogExpr>(&*expr);
  if (log == nullptr) return "no log query";
  const logql::WantedFields everything;
  auto pipeline = logql::Pipeline::Compile(log->stages, &everything);
  if (!pipeline.ok()) return pipeline.status().ToString();
  Passage passage(vector);
  for (const json::value& one : vector.at("lines").as_array()) {
    const std::string line = Text(one.at("line"));
    const absl::StatusOr<bool> kept = passage.Run(&*pipeline, line);
    if (!kept.ok()) return kept.status().ToString();
    if (*kept != one.at("kept").as_bool()) return fmt::format("kept: {} for {}", *kept, line);
  }
  return std::nullopt;
}

Failure RunPipelineError(const json::object& vector) {
  const auto stages = StagesOf(Member(vector, "pipeline"));
  absl::Status status = stages.status();
  const logql::WantedFields everything;
  if (status.ok()) status = logql::Pipeline::Compile(*stages, &everything).status();
  if (status.ok()) return "accepted";
  const std::string part = Member(vector.at("expect").as_object(), "error_contains");
  const std::string error(status.message());
  return error.find(part) != error.npos ? std::nullopt : Failure("error: " + error);
}

std::optional<logql::Grouping> GroupingOf(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  logql::Grouping grouping;
  const json::object& object = value.as_object();
  grouping.without = object.contains("without");
  for (const char* list : {"by", "without"}) {
    const json::value* const names = object.if_contains(list);
    if (names == nullptr) continue;
    for (const json::value& name : names->as_array()) grouping.labels.push_back(Text(name));
  }
  return grouping;
}

Failure RunExtract(const json::object& vector) {
  const auto expr = logql::ParseExpr(
      fmt::format("sum_over_time({}{} [1m])", kSelector, Member(vector, "pipeline")));
  if (!expr.ok()) return expr.status().ToString();
  const auto& sample = *std::get<logql::SampleExprPtr>(*expr);
  auto extractor = logql::SampleExtractor::Compile(std::get<logql::RangeAggregation>(sample.node),
                                                   GroupingOf(vector.at("grouping")));
  if (!extractor.ok()) return extractor.status().ToString();
  Passage passage(vector);
  const std::string line = Member(vector, "line");
  logql::StageEntry entry = passage.Begin(line);
  const std::optional<double> value = extractor->Extract(&entry);
  const json::object& expect = vector.at("expect").as_object();
  if (value.has_value() != expect.at("sample").as_bool()) {
    return fmt::format("sample: {}", value.has_value());
  }
  if (!value.has_value()) return std::nullopt;
  constexpr double kTolerance = 1e-6;
  const double want = expect.at("value").to_number<double>();
  if (std::abs(*value - want) > kTolerance * std::abs(want))
    return fmt::format("value: {}", *value);
  return Differ("labels", model::ToString(extractor->LabelsOf(passage.labels())),
                model::ToString(LabelsOf(expect, "labels")));
}

const VectorRunners& Runners() {
  static const auto* const kRunners = new VectorRunners{
      {"pipeline", RunPipeline},
      {"filter_lines", RunFilterLines},
      {"pipeline_error", RunPipelineError},
      {"extract", RunExtract},
  };
  return *kRunners;
}

}  // namespace

bool IsPipelineKind(std::string_view kind) { return Runners().find(kind) != Runners().end(); }

std::optional<std::string> RunPipelineVector(const json::object& vector) {
  return RunVector(Runners(), vector);
}

}  // namespace tidegate::conformance
