#include "model/exposition/series_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "model/labels.h"
#include "model/quote.h"

namespace tidegate::model {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsNameStart(char c) { return IsLetter(c) || c == ':'; }
bool IsLabelStart(char c) { return IsLetter(c); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// The size of a quoted string with its quotes; kNone when it is left open.
size_t QuotedSize(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return kNone;
}

// Reads one series from left to right. Lives for one call.
class SeriesReader {
 public:
  SeriesReader(std::string_view text, ExpositionFormat format, LabelPairs* labels)
      : rest_(text), format_(format), labels_(*labels) {}

  absl::Status ReadSeries() {
    labels_.clear();
    SkipBlanks();
    if (!rest_.empty() && IsNameStart(rest_.front())) {
      AddName(Take([](char c) { return IsNameStart(c) || IsDigit(c); }));
      SkipBlanks();
    }
    if (!rest_.empty()) {
      if (absl::Status status = ReadBraces(); !status.ok()) return status;
    }
    SkipBlanks();
    if (!rest_.empty()) return Expected("the end of the series");
    if (!has_name_) return absl::InvalidArgumentError("metric name not found");
    return absl::OkStatus();
  }

  absl::Status ReadSet() {
    labels_.clear();
    has_name_ = true;  // A quoted name alone is none here.
    if (absl::Status status = ReadBraces(); !status.ok()) return status;
    return rest_.empty() ? absl::OkStatus() : Expected("the end of the labels");
  }

 private:
  absl::Status ReadBraces() {
    if (rest_.front() != '{') return Expected("{");
    rest_.remove_prefix(1);
    SkipBlanks();
    while (!rest_.empty() && rest_.front() != '}') {
      if (absl::Status status = ReadLabel(); !status.ok()) return status;
      SkipBlanks();
      if (rest_.empty() || rest_.front() == '}') break;
      if (rest_.front() != ',') return Expected(", or }");
      rest_.remove_prefix(1);
      SkipBlanks();
    }
    if (rest_.empty()) return Expected("}");
    rest_.remove_prefix(1);
    return absl::OkStatus();
  }

  absl::Status ReadLabel() {
    std::string name;
    const bool quoted = rest_.front() == '"';
    if (quoted) {
      if (absl::Status status = TakeQuoted(&name); !status.ok()) return status;
    } else if (IsLabelStart(rest_.front())) {
      name = Take([](char c) { return IsLabelStart(c) || IsDigit(c); });
    } else {
      return Expected("a label name");
    }
    SkipBlanks();
    if (quoted && (rest_.empty() || rest_.front() != '=')) return AddQuotedName(std::move(name));
    if (rest_.empty() || rest_.front() != '=') return Expected("=");
    rest_.remove_prefix(1);
    SkipBlanks();
    std::string value;
    if (rest_.empty() || rest_.front() != '"') return Expected("a label value in double quotes");
    if (absl::Status status = TakeQuoted(&value); !status.ok()) return status;
    return AddLabel(std::move(name), std::move(value));
  }

  absl::Status AddQuotedName(std::string name) {
    if (has_name_) return absl::InvalidArgumentError("metric name already set");
    if (name.empty()) return absl::InvalidArgumentError("the metric name is empty");
    AddName(std::move(name));
    return absl::OkStatus();
  }

  absl::Status AddLabel(std::string name, std::string value) {
    if (name.empty()) return absl::InvalidArgumentError("a label name is empty");
    const bool twice = std::any_of(labels_.begin(), labels_.end(),
                                   [&name](const auto& label) { return label.first == name; });
    if (twice) return absl::InvalidArgumentError(fmt::format("label {} is there twice", name));
    labels_.emplace_back(std::move(name), std::move(value));
    return absl::OkStatus();
  }

  void AddName(std::string name) {
    has_name_ = true;
    labels_.emplace_back(kMetricNameLabel, std::move(name));
  }

  template <typename Belongs>
  std::string Take(const Belongs& belongs) {
    size_t size = 0;
    while (size < rest_.size() && belongs(rest_[size])) ++size;
    std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return taken;
  }

  absl::Status TakeQuoted(std::string* out) {
    const size_t size = QuotedSize(rest_);
    if (size == kNone) return absl::InvalidArgumentError("a double quote is left open");
    *out = UnescapeExposition(rest_.substr(1, size - 2));
    if (!IsValidUtf8(*out)) {
      return absl::InvalidArgumentError(fmt::format("invalid UTF-8: {}", Quoted(*out)));
    }
    rest_.remove_prefix(size);
    return absl::OkStatus();
  }

  void SkipBlanks() {
    if (format_ == ExpositionFormat::kOpenMetrics) return;
    while (!rest_.empty() && IsBlank(rest_.front())) rest_.remove_prefix(1);
  }

  absl::Status Expected(std::string_view what) const {
    constexpr size_t kShown = 40;
    return absl::InvalidArgumentError(
        fmt::format("expected {}, got {}", what, Quoted(rest_.substr(0, kShown))));
  }

  std::string_view rest_;
  const ExpositionFormat format_;
  LabelPairs& labels_;
  bool has_name_ = false;
};

}  // namespace

size_t SeriesTextSize(std::string_view line) {
  size_t i = 0;
  while (i < line.size() && line[i] != '{' && !IsBlank(line[i])) ++i;
  size_t brace = i;  // A blank may come between the name and the braces.
  while (brace < line.size() && IsBlank(line[brace])) ++brace;
  if (brace == line.size() || line[brace] != '{') return i;
  for (i = brace + 1; i < line.size();) {
    if (line[i] == '}') return i + 1;
    if (line[i] != '"') {
      ++i;
      continue;
    }
    const size_t quoted = QuotedSize(line.substr(i));
    if (quoted == kNone) return kNone;
    i += quoted;
  }
  return kNone;
}

absl::Status ParseSeriesText(std::string_view text, ExpositionFormat format, LabelPairs* labels) {
  return SeriesReader(text, format, labels).ReadSeries();
}

absl::Status ParseLabelSetText(std::string_view text, ExpositionFormat format, LabelPairs* labels) {
  if (text.empty()) return absl::InvalidArgumentError("expected {, got nothing");
  return SeriesReader(text, format, labels).ReadSet();
}

std::string UnescapeExposition(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '\\' || (next != '\\' && next != '"' && next != 'n')) {
      out.push_back(text[i]);
      continue;
    }
    out.push_back(next == 'n' ? '\n' : next);
    ++i;
  }
  return out;
}

}  // namespace tidegate::model
