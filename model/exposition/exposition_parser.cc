#include "model/exposition/exposition_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "model/exposition/exposition_number.h"
#include "model/labels.h"
#include "model/quote.h"

namespace tidegate::model {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr size_t kShown = 40;
// Seconds, so that milliseconds stay within the bounds of a timestamp.
constexpr double kMaxSeconds = static_cast<double>(kMaxTimestamp) / 1000;

struct TypeName {
  std::string_view name;
  MetricType type;
  bool text;         // Known to the Prometheus text format.
  bool openmetrics;  // Known to OpenMetrics.
};

constexpr TypeName kTypes[] = {
    {"counter", MetricType::kCounter, true, true},
    {"gauge", MetricType::kGauge, true, true},
    {"histogram", MetricType::kHistogram, true, true},
    {"gaugehistogram", MetricType::kGaugeHistogram, false, true},
    {"summary", MetricType::kSummary, true, true},
    {"info", MetricType::kInfo, false, true},
    {"stateset", MetricType::kStateset, false, true},
    {"unknown", MetricType::kUnknown, false, true},
    {"untyped", MetricType::kUnknown, true, false},
};

std::string_view TrimFront(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  return begin == text.npos ? std::string_view() : text.substr(begin);
}

std::string_view TrimBack(std::string_view text) {
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Takes the word in front, and the blanks behind it.
std::string_view TakeWord(std::string_view* text) {
  const size_t end = std::min(text->find_first_of(kBlanks), text->size());
  const std::string_view word = text->substr(0, end);
  *text = TrimFront(text->substr(end));
  return word;
}

absl::Status Expected(std::string_view what, std::string_view got) {
  return absl::InvalidArgumentError(
      fmt::format("expected {}, got {}", what, Quoted(got.substr(0, kShown))));
}

// Seconds as OpenMetrics writes times.
std::optional<TimestampMs> ParseSeconds(std::string_view text) {
  const std::optional<double> seconds = ParseExpositionFloat(text);
  if (!seconds.has_value() || !(std::abs(*seconds) <= kMaxSeconds)) return std::nullopt;
  return static_cast<TimestampMs>(*seconds * 1000);
}

// The name in front of a metadata line, quoted or not.
absl::StatusOr<std::string> TakeFamily(std::string_view* text) {
  if (!text->starts_with('"')) {
    std::string family(TakeWord(text));
    if (family.empty()) return Expected("a metric name", family);
    return family;
  }
  size_t end = 1;
  while (end < text->size() && (*text)[end] != '"') end += (*text)[end] == '\\' ? 2 : 1;
  if (end >= text->size()) return Expected("a metric name in double quotes", *text);
  std::string family = UnescapeExposition(text->substr(1, end - 1));
  *text = TrimFront(text->substr(end + 1));
  return family;
}

}  // namespace

absl::StatusOr<ExpositionParser::Entry> ExpositionParser::Next() {
  while (!rest_.empty()) {
    const size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    const absl::StatusOr<Entry> entry = ReadLine(line);
    if (!entry.ok()) return AtLine(entry.status());
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (*entry != Entry::kEnd) return entry;
    if (ended_ && !rest_.empty()) {
      return AtLine(absl::InvalidArgumentError("unexpected data after # EOF"));
    }
  }
  if (format_ == ExpositionFormat::kOpenMetrics && !ended_) {
    return absl::InvalidArgumentError("data does not end with # EOF");
  }
  return Entry::kEnd;
}

absl::Status ExpositionParser::AtLine(const absl::Status& status) const {
  const std::string_view before = text_.substr(0, text_.size() - rest_.size());
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  return absl::InvalidArgumentError(
      fmt::format("line {}: {}", line, std::string(status.message())));
}

// kEnd: the line says nothing.
absl::StatusOr<ExpositionParser::Entry> ExpositionParser::ReadLine(std::string_view line) {
  if (format_ == ExpositionFormat::kPrometheusText) {
    line = TrimFront(line);
    if (line.empty()) return Entry::kEnd;
  }
  if (line.empty()) return Expected("a metric or a comment", line);
  return line.front() == '#' ? ReadComment(line) : ReadSample(line);
}

absl::StatusOr<ExpositionParser::Entry> ExpositionParser::ReadComment(std::string_view line) {
  if (format_ == ExpositionFormat::kOpenMetrics) {
    if (line == "# EOF") {
      ended_ = true;
      return Entry::kEnd;
    }
    if (!line.starts_with("# ")) return Expected("# HELP, # TYPE, # UNIT or # EOF", line);
  }
  std::string_view rest = line.substr(1);
  if (rest.empty() || kBlanks.find(rest.front()) == kBlanks.npos) return Entry::kEnd;
  rest = TrimFront(rest);
  const std::string_view keyword = TakeWord(&rest);
  const bool unit = keyword == "UNIT" && format_ == ExpositionFormat::kOpenMetrics;
  if (keyword == "HELP" || keyword == "TYPE" || unit) return ReadMetadata(keyword, rest);
  if (format_ == ExpositionFormat::kOpenMetrics) {
    return Expected("# HELP, # TYPE, # UNIT or # EOF", line);
  }
  return Entry::kEnd;
}

absl::StatusOr<ExpositionParser::Entry> ExpositionParser::ReadMetadata(std::string_view keyword,
                                                                       std::string_view rest) {
  absl::StatusOr<std::string> family = TakeFamily(&rest);
  if (!family.ok()) return family.status();
  family_ = *std::move(family);
  if (keyword == "HELP") {
    said_ = UnescapeExposition(rest);
    return Entry::kHelp;
  }
  rest = TrimBack(rest);
  if (keyword == "TYPE") {
    if (absl::Status status = ReadType(rest); !status.ok()) return status;
    return Entry::kType;
  }
  if (!rest.empty() && !family_.ends_with(fmt::format("_{}", rest))) {
    return absl::InvalidArgumentError(
        fmt::format("unit {} not a suffix of metric {}", Quoted(rest), Quoted(family_)));
  }
  said_ = rest;
  return Entry::kUnit;
}

absl::Status ExpositionParser::ReadType(std::string_view text) {
  for (const TypeName& known : kTypes) {
    const bool here = format_ == ExpositionFormat::kOpenMetrics ? known.openmetrics : known.text;
    if (!here || known.name != text) continue;
    type_ = known.type;
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(fmt::format("invalid metric type {}", Quoted(text)));
}

absl::StatusOr<ExpositionParser::Entry> ExpositionParser::ReadSample(std::string_view line) {
  const size_t size = SeriesTextSize(line);
  if (size == line.npos) return Expected("a closed label set", line);
  if (size == 0) return Expected("a metric name", line);
  sample_ = {};
  sample_.series = line.substr(0, size);
  std::string_view rest = line.substr(size);
  if (format_ == ExpositionFormat::kOpenMetrics) {
    const size_t hash = rest.find(" # ");
    if (hash != rest.npos) {
      sample_.exemplar = rest.substr(hash + 3);
      rest = rest.substr(0, hash);
    }
    const auto blank_twice = rest.find("  ") != rest.npos || rest.find('\t') != rest.npos;
    if (!rest.starts_with(' ') || rest.ends_with(' ') || blank_twice) {
      return Expected("a blank and a value", rest);
    }
  }
  rest = TrimFront(rest);
  const std::string_view word = TakeWord(&rest);
  const std::optional<double> value = ParseExpositionFloat(word);
  if (!value.has_value()) return Expected("a value", word);
  sample_.value = *value;
  if (rest.empty()) return Entry::kSample;
  if (absl::Status status = ReadTimestamp(TrimBack(rest)); !status.ok()) return status;
  return Entry::kSample;
}

absl::Status ExpositionParser::ReadTimestamp(std::string_view text) {
  sample_.timestamp =
      format_ == ExpositionFormat::kOpenMetrics ? ParseSeconds(text) : ParseExpositionInteger(text);
  const bool valid = sample_.timestamp.has_value() && kMinTimestamp <= *sample_.timestamp &&
                     *sample_.timestamp <= kMaxTimestamp;
  return valid ? absl::OkStatus() : Expected("a timestamp and the end of the line", text);
}

absl::StatusOr<Exemplar> ParseExemplar(std::string_view text, TimestampMs default_timestamp) {
  const size_t size = SeriesTextSize(text);
  if (size == text.npos || !text.starts_with('{')) return Expected("{", text);
  LabelPairs pairs;
  absl::Status status =
      ParseLabelSetText(text.substr(0, size), ExpositionFormat::kOpenMetrics, &pairs);
  if (!status.ok()) return status;
  std::string_view rest = TrimFront(text.substr(size));
  const std::optional<double> value = ParseExpositionFloat(TakeWord(&rest));
  if (!value.has_value()) return Expected("the exemplar's value", text);
  Exemplar exemplar{Labels(std::move(pairs)), *value, default_timestamp};
  if (rest.empty()) return exemplar;
  const std::optional<TimestampMs> timestamp = ParseSeconds(rest);
  if (!timestamp.has_value()) return Expected("the exemplar's timestamp", rest);
  exemplar.timestamp = *timestamp;
  return exemplar;
}

}  // namespace tidegate::model
