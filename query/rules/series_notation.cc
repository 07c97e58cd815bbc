#include "query/series_notation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/sample.h"
#include "query/histogram/arithmetic.h"
#include "query/promql/syntax/series/series_description.h"
#include "query/rules/histogram_notation.h"
#include "query/vector/go_float.h"

namespace tidegate::query {
namespace {

using Kind = promql::SeriesValue::Kind;

std::optional<NotatedValue> ToValue(const promql::SeriesValue& value, HistogramHints* hints) {
  if (value.kind == Kind::kGap) return std::nullopt;
  NotatedValue result;
  if (value.kind == Kind::kHistogram) {
    model::FloatHistogram histogram = HistogramOf(value);
    hints->Assign(&histogram);
    result.histogram = std::make_shared<const model::FloatHistogram>(std::move(histogram));
    return result;
  }
  result.number = value.kind == Kind::kStale ? model::StaleNan() : value.number;
  hints->SawFloat(result.number);
  return result;
}

std::string ListOf(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(FormatG(value));
  return fmt::format("[{}]", fmt::join(texts, " "));
}

// One span from the first bucket to the last, gaps filled.
void AppendBuckets(std::string_view key, std::string_view offset_key,
                   const std::vector<model::HistogramSpan>& spans,
                   const std::vector<double>& buckets, std::vector<std::string>* fields) {
  if (spans.empty()) return;
  std::vector<double> filled;
  auto next = buckets.begin();
  for (size_t i = 0; i < spans.size(); ++i) {
    if (i > 0) filled.insert(filled.end(), static_cast<size_t>(spans[i].offset), 0);
    filled.insert(filled.end(), next, next + spans[i].length);
    next += spans[i].length;
  }
  if (spans[0].offset != 0) fields->push_back(fmt::format("{}:{}", offset_key, spans[0].offset));
  fields->push_back(fmt::format("{}:{}", key, ListOf(filled)));
}

std::string_view HintText(model::CounterResetHint hint) {
  switch (hint) {
    case model::CounterResetHint::kUnknown:
      break;
    case model::CounterResetHint::kReset:
      return "counter_reset_hint:reset";
    case model::CounterResetHint::kNotReset:
      return "counter_reset_hint:not_reset";
    case model::CounterResetHint::kGauge:
      return "counter_reset_hint:gauge";
  }
  return "";
}

}  // namespace

absl::StatusOr<NotatedSeries> ParseNotatedSeries(std::string_view series, std::string_view values) {
  auto parsed = promql::ParseSeriesDescription(fmt::format("{} {}", series, values));
  if (!parsed.ok()) return parsed.status();
  NotatedSeries result;
  result.labels = model::Labels(std::move(parsed->labels));
  HistogramHints hints;
  for (const promql::SeriesValue& value : parsed->values) {
    result.values.push_back(ToValue(value, &hints));
  }
  return result;
}

absl::StatusOr<model::Labels> ParseNotatedLabels(std::string_view series) {
  auto labels = promql::ParseSeriesLabels(series);
  if (!labels.ok()) return labels.status();
  return model::Labels(*std::move(labels));
}

absl::StatusOr<model::FloatHistogram> ParseNotatedHistogram(std::string_view histogram) {
  const auto parsed = promql::ParseSeriesDescription(fmt::format("{{}} {}", histogram));
  if (!parsed.ok()) return parsed.status();
  if (parsed->values.size() != 1 || parsed->values[0].kind != Kind::kHistogram) {
    return absl::InvalidArgumentError(
        fmt::format("expected one histogram like {{{{count:1 sum:2}}}}, got {}", histogram));
  }
  return HistogramOf(parsed->values[0]);
}

std::string NotationOf(const model::FloatHistogram& histogram) {
  model::FloatHistogram compact = histogram;
  Compact(&compact);
  std::vector<std::string> fields;
  const auto add = [&](std::string_view key, double value) {
    if (value != 0) fields.push_back(fmt::format("{}:{}", key, FormatG(value)));
  };
  if (compact.schema != 0) fields.push_back(fmt::format("schema:{}", compact.schema));
  add("count", compact.count);
  add("sum", compact.sum);
  add("z_bucket", compact.zero_count);
  add("z_bucket_w", compact.zero_threshold);
  if (compact.uses_custom_buckets()) {
    fields.push_back("custom_values:" + ListOf(compact.custom_values));
  }
  if (const std::string_view hint = HintText(compact.counter_reset_hint); !hint.empty()) {
    fields.emplace_back(hint);
  }
  AppendBuckets("buckets", "offset", compact.positive_spans, compact.positive_buckets, &fields);
  AppendBuckets("n_buckets", "n_offset", compact.negative_spans, compact.negative_buckets, &fields);
  return fmt::format("{{{{{}}}}}", fmt::join(fields, " "));
}

}  // namespace tidegate::query
