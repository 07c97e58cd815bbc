#include "bench/capture.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "fmt/format.h"

namespace tidegate::bench {
namespace {

using LabelPairs = std::vector<std::pair<std::string, std::string>>;

struct Lines {
  std::vector<std::string> keys;  // In the order of their first line.
  std::unordered_map<std::string, std::vector<double>> values;
  size_t scrapes = 0;  // With at least one sample: a scrape that failed has none.
};

absl::Status NotASample(const std::string& line) {
  return absl::InvalidArgumentError(fmt::format("not a sample: {}", line));
}

absl::StatusOr<Lines> ReadLines(std::istream& in) {
  Lines lines;
  std::string line;
  bool is_first = true;
  while (std::getline(in, line)) {
    is_first = is_first || line.starts_with("#TS ");
    if (line.empty() || line[0] == '#') continue;
    lines.scrapes += is_first;
    is_first = false;
    const size_t space = line.rfind(' ');
    if (space == std::string::npos) return NotASample(line);
    char* end = nullptr;
    const double value = std::strtod(line.c_str() + space + 1, &end);
    if (end == line.c_str() + space + 1 || *end != '\0') return NotASample(line);
    const auto [slot, is_new] = lines.values.try_emplace(line.substr(0, space));
    if (is_new) lines.keys.push_back(slot->first);
    slot->second.push_back(value);
  }
  if (lines.scrapes < 2)
    return absl::InvalidArgumentError("a capture needs two scrapes with samples");
  return lines;
}

// Splits name{a="x",b="y"}; the values keep their escapes, which makes them other values but keeps
// them apart. nullopt if it does not look like that.
std::optional<LabelPairs> ParseKey(std::string_view key) {
  const size_t brace = key.find('{');
  LabelPairs labels = {{"__name__", std::string(key.substr(0, brace))}};
  if (brace == std::string_view::npos) return labels;
  key.remove_prefix(brace + 1);
  while (!key.empty() && key[0] != '}') {
    const size_t equals = key.find("=\"");
    if (equals == std::string_view::npos) return std::nullopt;
    size_t quote = equals + 2;
    while (quote < key.size() && key[quote] != '"') quote += key[quote] == '\\' ? 2 : 1;
    if (quote >= key.size()) return std::nullopt;
    const std::string_view value = key.substr(equals + 2, quote - equals - 2);
    if (!value.empty()) labels.emplace_back(key.substr(0, equals), value);  // Empty is no label.
    key.remove_prefix(quote + 1);
    if (key.starts_with(',')) key.remove_prefix(1);
  }
  return labels;
}

// The coarsest scale in which all values are whole ticks, if they have at most nine decimals.
std::optional<Scale> FindScale(const std::vector<double>& values) {
  double divisor = 1;
  for (int decimals = 0; decimals <= 9; ++decimals, divisor *= 10) {
    int64_t common = 0;
    const bool whole = std::all_of(values.begin(), values.end(), [&](double value) {
      const double ticks = std::round(value * divisor);
      if (!(std::abs(ticks) < 9007199254740992.0) || ticks / divisor != value) return false;
      common = std::gcd(common, static_cast<int64_t>(ticks));
      return true;
    });
    if (whole) return Scale{static_cast<double>(std::max<int64_t>(common, 1)), divisor};
  }
  return std::nullopt;
}

SeriesTemplate MakeTemplate(LabelPairs labels, std::vector<double> values) {
  SeriesTemplate series;
  series.labels = std::move(labels);
  const auto differs = [&](double value) { return value != values[0]; };
  if (std::none_of(values.begin(), values.end(), differs)) {
    series.first = values[0];
    return series;
  }
  const bool grows = std::is_sorted(values.begin(), values.end());
  series.motion = grows ? Motion::kRecordedCounter : Motion::kRecordedGauge;
  auto recording = std::make_shared<Recording>();
  const std::optional<Scale> scale = FindScale(values);
  recording->has_scale = scale.has_value();
  recording->scale = scale.value_or(Scale{});
  recording->values = std::move(values);
  series.recording = std::move(recording);
  return series;
}

}  // namespace

absl::StatusOr<std::vector<SeriesTemplate>> ReadCapture(std::istream& in) {
  absl::StatusOr<Lines> lines = ReadLines(in);
  if (!lines.ok()) return lines.status();
  std::vector<SeriesTemplate> all;
  for (const std::string& key : lines->keys) {
    std::vector<double>& values = lines->values[key];
    if (values.size() + 1 < lines->scrapes) continue;
    std::optional<LabelPairs> labels = ParseKey(key);
    if (!labels.has_value()) return NotASample(key);
    all.push_back(MakeTemplate(std::move(*labels), std::move(values)));
  }
  return all;
}

}  // namespace tidegate::bench
