#include "api/export/series_line.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/escaping.h"
#include "api/json/json_writer.h"
#include "api/json/number_text.h"
#include "fmt/format.h"
#include "model/histogram.h"
#include "model/labels.h"

namespace tidegate::api {
namespace {

std::string MetricText(const model::Labels& labels) {
  StringSink sink;
  JsonWriter json(&sink);
  json.BeginObject();
  for (const model::Label& label : labels) {
    json.Key(label.name);
    json.String(label.value);
  }
  json.EndObject();
  json.Flush();
  return sink.text();
}

void AppendValue(double value, std::string* out) {
  if (model::IsStaleNan(value)) {
    out->append("\"StaleNaN\"");
  } else if (std::isnan(value)) {
    out->append("null");
  } else if (std::isinf(value)) {
    out->append(value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  } else if (value == 0 && std::signbit(value)) {
    out->append("-0.0");  // "-0" is an integer to many parsers, and loses its sign.
  } else {
    char text[kMaxNumberText];
    out->append(text, WriteFloat(value, text));
  }
}

void AppendHistogram(const model::Histogram& histogram, std::string* out) {
  std::string bytes;
  model::EncodeHistogram(histogram, &bytes);
  out->push_back('"');
  out->append(absl::Base64Escape(bytes));
  out->push_back('"');
}

// One line with points [begin, end): append_fn(i, out) writes what they are, time_fn(i) when.
template <typename AppendFn, typename TimeFn>
std::string LineOf(std::string_view metric, std::string_view member, size_t begin, size_t end,
                   AppendFn append_fn, TimeFn time_fn) {
  std::string line = fmt::format(R"({{"metric":{},"{}":[)", metric, member);
  for (size_t i = begin; i < end; ++i) {
    if (i > begin) line.push_back(',');
    append_fn(i, &line);
  }
  line.append(R"(],"timestamps":[)");
  for (size_t i = begin; i < end; ++i) {
    if (i > begin) line.push_back(',');
    line.append(fmt::format_int(time_fn(i)).c_str());
  }
  line.append("]}\n");
  return line;
}

}  // namespace

bool WriteSeriesLines(const storage::SelectedSeries& series, size_t max_rows,
                      const std::function<bool(std::string_view line)>& line_fn) {
  const std::string metric = MetricText(series.labels);
  const storage::SeriesColumns& columns = series.columns;
  for (size_t begin = 0; begin < columns.values.size(); begin += max_rows) {
    const std::string line = LineOf(
        metric, "values", begin, std::min(begin + max_rows, columns.values.size()),
        [&](size_t i, std::string* out) { AppendValue(columns.values[i], out); },
        [&](size_t i) { return (*columns.timestamps)[i]; });
    if (!line_fn(line)) return false;
  }
  for (size_t begin = 0; begin < columns.histograms.size(); begin += max_rows) {
    const std::string line = LineOf(
        metric, "histograms", begin, std::min(begin + max_rows, columns.histograms.size()),
        [&](size_t i, std::string* out) { AppendHistogram(columns.histograms[i].histogram, out); },
        [&](size_t i) { return columns.histograms[i].timestamp; });
    if (!line_fn(line)) return false;
  }
  return true;
}

}  // namespace tidegate::api
