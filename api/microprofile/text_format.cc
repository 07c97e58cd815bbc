#include "api/microprofile/text_format.h"

#include <utility>

#include "api/json/number_text.h"
#include "api/microprofile/text_name.h"

namespace tidegate::api {
namespace {

void AppendEscaped(std::string_view text, bool quotes, std::string* out) {
  for (char c : text) {
    if (c == '\\') {
      out->append("\\\\");
    } else if (c == '\n') {
      out->append("\\n");
    } else if (c == '"' && quotes) {
      out->append("\\\"");
    } else {
      out->push_back(c);
    }
  }
}

// A tag of the metric hides one of the process with its name.
Tags Merged(const Tags& global, const Tags& own) {
  Tags merged;
  for (const auto& tag : global) {
    bool hidden = false;
    for (const auto& other : own) hidden = hidden || LabelName(other.first) == LabelName(tag.first);
    if (!hidden) merged.push_back(tag);
  }
  merged.insert(merged.end(), own.begin(), own.end());
  return merged;
}

}  // namespace

// The lines of one metric.
class TextFormat::Lines {
 public:
  Lines(TextFormat* format, Scope scope, std::string_view name, const Metric& metric)
      : format_(*format), metric_(metric), unit_(ToTextUnit(metric.unit)) {
    name_.append(kScopeNames[static_cast<size_t>(scope)]).append(":").append(TextName(name));
    for (const auto& [tag, value] : Merged(format->global_tags_, metric.tags)) {
      labels_.append(labels_.empty() ? "" : ",").append(LabelName(tag)).append("=\"");
      AppendEscaped(value, true, &labels_);
      labels_.push_back('"');
    }
  }

  void operator()(const Gauge& gauge) { Single(unit_.suffix, "gauge", gauge.value * unit_.factor); }
  void operator()(const Counter& counter) { Single("", "counter", counter.value); }

  void operator()(const MeterFigures& meter) {
    Single("_count", "counter", static_cast<double>(meter.rates.count));
    Rates(meter.rates);
  }

  void operator()(const HistogramFigures& histogram) { Summary(histogram.values, unit_); }

  void operator()(const TimerFigures& timer) {
    Rates(timer.rates);
    Summary(timer.seconds, {"_seconds"});
  }

 private:
  void Declare(const std::string& family, std::string_view type, bool help) {
    if (!format_.declared_.insert(family).second) return;
    std::string& text = format_.text_;
    text.append("# TYPE ").append(family).append(" ").append(type).append("\n");
    if (!help || metric_.description.empty()) return;
    text.append("# HELP ").append(family).append(" ");
    AppendEscaped(metric_.description, false, &text);
    text.append("\n");
  }

  void Sample(const std::string& name, std::string_view quantile, double value) {
    std::string& text = format_.text_;
    text.append(name);
    if (!labels_.empty() || !quantile.empty()) {
      text.append("{").append(labels_);
      if (!quantile.empty()) {
        text.append(labels_.empty() ? "" : ",").append("quantile=\"").append(quantile).append("\"");
      }
      text.append("}");
    }
    text.append(" ").append(FloatText(value)).append("\n");
  }

  void Single(const std::string& suffix, std::string_view type, double value, bool help = true) {
    const std::string family = name_ + suffix;
    Declare(family, type, help);
    Sample(family, "", value);
  }

  void Rates(const model::RateFigures& rates) {
    Single("_rate_per_second", "gauge", rates.mean, false);
    Single("_one_min_rate_per_second", "gauge", rates.one_minute, false);
    Single("_five_min_rate_per_second", "gauge", rates.five_minutes, false);
    Single("_fifteen_min_rate_per_second", "gauge", rates.fifteen_minutes, false);
  }

  void Summary(const model::ValueFigures& values, const TextUnit& unit) {
    Single("_mean" + unit.suffix, "gauge", values.mean * unit.factor, false);
    Single("_max" + unit.suffix, "gauge", values.max * unit.factor, false);
    Single("_min" + unit.suffix, "gauge", values.min * unit.factor, false);
    Single("_stddev" + unit.suffix, "gauge", values.stddev * unit.factor, false);
    const std::string family = name_ + unit.suffix;
    Declare(family, "summary", true);
    Sample(family + "_count", "", static_cast<double>(values.count));
    Sample(family, "0.5", values.p50 * unit.factor);
    Sample(family, "0.75", values.p75 * unit.factor);
    Sample(family, "0.95", values.p95 * unit.factor);
    Sample(family, "0.98", values.p98 * unit.factor);
    Sample(family, "0.99", values.p99 * unit.factor);
    Sample(family, "0.999", values.p999 * unit.factor);
  }

  TextFormat& format_;
  const Metric& metric_;
  const TextUnit unit_;
  std::string name_;
  std::string labels_;
};

void TextFormat::Write(Scope scope, std::string_view name, const Metric& metric) {
  std::visit(Lines(this, scope, name, metric), metric.value);
}

}  // namespace tidegate::api
