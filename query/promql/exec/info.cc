#include "query/promql/exec/info.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "query/promql/exec/evaluator.h"
#include "query/promql/exec/instant_selector.h"
#include "query/promql/exec/selector_data.h"
#include "query/promql/functions/function.h"
#include "query/promql/syntax/walk.h"

namespace tidegate::promql {
namespace {

using model::CompiledMatcher;
using model::Matcher;
using model::MatchType;

constexpr std::string_view kIdentifyingLabels[] = {"instance", "job"};

// What the second argument asks for.
struct InfoRequest {
  std::vector<CompiledMatcher> names;  // On __name__.
  std::vector<CompiledMatcher> data;   // On data labels.

  bool IsInfoMetric(std::string_view name) const {
    return std::all_of(names.begin(), names.end(),
                       [name](const CompiledMatcher& matcher) { return matcher.Matches(name); });
  }
  bool WantsLabel(std::string_view name) const {
    return data.empty() || std::any_of(data.begin(), data.end(), [name](const CompiledMatcher& m) {
             return m.name() == name;
           });
  }
  // Whether a series may stay without any info.
  bool AllowsNone() const {
    return std::all_of(data.begin(), data.end(),
                       [](const CompiledMatcher& matcher) { return matcher.MatchesEmpty(); });
  }
};

absl::StatusOr<InfoRequest> ReadRequest(const Call& call) {
  std::vector<Matcher> names;
  std::vector<Matcher> data;
  if (call.args.size() > 1) {
    for (const Matcher& matcher : As<VectorSelector>(WithoutParens(*call.args[1])).matchers) {
      (matcher.name == model::kMetricNameLabel ? names : data).push_back(matcher);
    }
  }
  const bool positive = std::any_of(names.begin(), names.end(), [](const Matcher& matcher) {
    return matcher.type == MatchType::kEqual || matcher.type == MatchType::kRegex;
  });
  const std::string name(model::kMetricNameLabel);
  if (names.empty()) {
    names.push_back({MatchType::kEqual, name, "target_info"});
  } else if (!positive) {
    // Only exclusions: of everything that looks like an info metric.
    names.push_back({MatchType::kRegex, name, ".+_info"});
  }
  absl::StatusOr<std::vector<CompiledMatcher>> compiled_names = model::CompileMatchers(names);
  if (!compiled_names.ok()) return compiled_names.status();
  absl::StatusOr<std::vector<CompiledMatcher>> compiled_data = model::CompileMatchers(data);
  if (!compiled_data.ok()) return compiled_data.status();
  return InfoRequest{*std::move(compiled_names), *std::move(compiled_data)};
}

// The matchers that find the info series of the base series; empty when no base series has an
// identifying label.
std::vector<Matcher> InfoMatchers(const InfoRequest& request,
                                  const std::vector<const StepSeries*>& base) {
  std::map<std::string_view, std::set<std::string>> values;
  for (const StepSeries* series : base) {
    for (const std::string_view name : kIdentifyingLabels) {
      const std::string_view value = series->labels.Get(name);
      if (!value.empty()) values[name].emplace(value);
    }
  }
  std::vector<Matcher> matchers;
  for (const auto& [name, alternatives] : values) {
    std::string pattern;
    for (const std::string& value : alternatives) {
      if (!pattern.empty()) pattern += '|';
      pattern += re2::RE2::QuoteMeta(value);
    }
    matchers.push_back({MatchType::kRegex, std::string(name), std::move(pattern)});
  }
  if (matchers.empty()) return matchers;
  for (const CompiledMatcher& matcher : request.names) matchers.push_back(matcher.matcher());
  for (const CompiledMatcher& matcher : request.data) matchers.push_back(matcher.matcher());
  return matchers;
}

// How far the evaluation time of the first selector lies from that of the call.
struct TimeShift {
  int64_t offset_ms = 0;
  std::optional<model::TimestampMs> at;
};

bool FindShift(const Expr& expr, const QueryContext& context, TimeShift* shift) {
  if (const auto* selector = If<VectorSelector>(&expr)) {
    shift->offset_ms += selector->time.offset.ms;
    if (const auto at = context.At(selector->time); at.has_value() && !shift->at.has_value()) {
      shift->at = at;
    }
    return true;
  }
  if (const auto* subquery = If<SubqueryExpr>(&expr)) {
    shift->offset_ms += subquery->time.offset.ms;
    if (const auto at = context.At(subquery->time); at.has_value()) shift->at = at;
  }
  bool found = false;
  ForEachChild(expr, [&](const Expr& child) { found = found || FindShift(child, context, shift); });
  return found;
}

std::string SignatureOf(std::string_view info_name, model::LabelsView labels) {
  std::string signature(info_name);
  for (const std::string_view name : kIdentifyingLabels) {
    signature += '\0';
    signature += labels.Get(name);
  }
  return signature;
}

// Joins base series with info series step by step; results are collected by labels.
class InfoJoin {
 public:
  InfoJoin(const InfoRequest& request, const StepGrid& grid, const StepVector& infos,
           const StepVector& info_times)
      : request_(request), grid_(grid), infos_(infos), info_times_(info_times) {
    for (size_t i = 0; i < infos.size(); ++i) {
      const std::string_view name = infos[i].labels.metric_name();
      names_.emplace(name);
      by_signature_[SignatureOf(name, infos[i].labels)].push_back(i);
    }
  }

  absl::Status Add(const StepSeries& base) {
    std::vector<const std::vector<size_t>*> candidates;
    for (const std::string& name : names_) {
      const auto it = by_signature_.find(SignatureOf(name, base.labels));
      if (it != by_signature_.end()) candidates.push_back(&it->second);
    }
    for (size_t i = 0; i < grid_.size(); ++i) {
      if (!base.has(i)) continue;
      absl::Status status = AddStep(base, candidates, i);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  void Keep(const StepSeries& base) {
    StepSeries& out = ResultFor(base.labels, base.drop_name);
    for (size_t i = 0; i < grid_.size(); ++i) {
      if (base.has(i)) out.CopyStep(base, i);
    }
  }

  StepVector Take() { return std::move(results_); }

 private:
  absl::Status AddStep(const StepSeries& base,
                       const std::vector<const std::vector<size_t>*>& candidates, size_t step) {
    std::map<std::string_view, std::string_view> added;
    bool any = false;
    for (const std::vector<size_t>* series : candidates) {
      absl::StatusOr<const StepSeries*> info = Newest(*series, step);
      if (!info.ok()) return info.status();
      if (*info == nullptr) continue;
      any = true;
      for (const model::Label& label : (*info)->labels) {
        if (label.name == model::kMetricNameLabel || !request_.WantsLabel(label.name)) continue;
        const auto known = added.find(label.name);
        if (known != added.end() && known->second != label.value) {
          return absl::FailedPreconditionError(fmt::format("conflicting label: {}", label.name));
        }
        if (!base.labels.Has(label.name)) added[label.name] = label.value;
      }
    }
    if (!any && !request_.AllowsNone()) return absl::OkStatus();
    model::LabelsBuilder builder(base.labels.view());
    for (const auto& [name, value] : added) builder.Set(name, value);
    ResultFor(builder.Build(), base.drop_name).CopyStep(base, step);
    return absl::OkStatus();
  }

  // Of the info series with one signature the one whose sample is newest.
  absl::StatusOr<const StepSeries*> Newest(const std::vector<size_t>& series, size_t step) const {
    const StepSeries* newest = nullptr;
    double newest_time = 0;
    for (const size_t i : series) {
      if (!infos_[i].has(step)) continue;
      const double time = info_times_[i].values[step];
      if (newest != nullptr && time == newest_time) {
        return absl::FailedPreconditionError(
            fmt::format("found duplicate series for info metric: existing {} @ {}, new {} @ {}",
                        model::ToString(newest->labels), static_cast<int64_t>(time * 1000),
                        model::ToString(infos_[i].labels), static_cast<int64_t>(time * 1000)));
      }
      if (newest == nullptr || time > newest_time) {
        newest = &infos_[i];
        newest_time = time;
      }
    }
    return newest;
  }

  StepSeries& ResultFor(const model::Labels& labels, bool drop_name) {
    const auto [it, inserted] =
        by_labels_.try_emplace(std::string(labels.bytes()), results_.size());
    if (inserted) {
      results_.emplace_back(labels, grid_.size());
      results_.back().drop_name = drop_name;
    }
    return results_[it->second];
  }

  const InfoRequest& request_;
  const StepGrid& grid_;
  const StepVector& infos_;
  const StepVector& info_times_;
  std::set<std::string> names_;
  absl::flat_hash_map<std::string, std::vector<size_t>> by_signature_;
  absl::flat_hash_map<std::string, size_t> by_labels_;
  StepVector results_;
};

absl::Status CheckFloats(const StepVector& infos) {
  for (const StepSeries& series : infos) {
    if (!series.histograms.empty()) {
      return absl::FailedPreconditionError(fmt::format(
          "this should be an info metric, with float samples: {}", model::ToString(series.labels)));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Value> EvaluateInfo(const Call& call, const StepGrid& grid, QueryContext& context) {
  absl::StatusOr<StepVector> base = EvaluateVector(*call.args[0], grid, context);
  if (!base.ok()) return base.status();
  absl::StatusOr<InfoRequest> request = ReadRequest(call);
  if (!request.ok()) return request.status();

  std::vector<const StepSeries*> enriched;
  for (const StepSeries& series : *base) {
    if (!request->IsInfoMetric(series.labels.metric_name())) enriched.push_back(&series);
  }
  LoadedVector loaded;
  TimeShift shift;
  FindShift(*call.args[0], context, &shift);
  const InstantTimes times{.grid = grid,
                           .offset_ms = shift.offset_ms,
                           .at = shift.at,
                           .lookback_ms = context.lookback_ms};
  const std::vector<Matcher> matchers = InfoMatchers(*request, enriched);
  if (!matchers.empty()) {
    const model::TimeRange range{.min = times[0] - context.lookback_ms + 1,
                                 .max = times[grid.size() - 1]};
    absl::StatusOr<LoadedVector> found = LoadSeries(context, matchers, range);
    if (!found.ok()) return found.status();
    loaded = *std::move(found);
  }
  absl::StatusOr<StepVector> infos = SelectInstants(loaded, times, SampleField::kValue, context);
  if (!infos.ok()) return infos.status();
  absl::Status status = CheckFloats(*infos);
  if (!status.ok()) return status;
  absl::StatusOr<StepVector> info_times =
      SelectInstants(loaded, times, SampleField::kTimestamp, context);
  if (!info_times.ok()) return info_times.status();

  InfoJoin join(*request, grid, *infos, *info_times);
  for (const StepSeries& series : *base) {
    if (request->IsInfoMetric(series.labels.metric_name())) {
      join.Keep(series);
      continue;
    }
    status = join.Add(series);
    if (!status.ok()) return status;
  }
  StepVector result = join.Take();
  query::DropEmptySeries(&result);
  return Value(std::move(result));
}

}  // namespace tidegate::promql
