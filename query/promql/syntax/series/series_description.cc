#include "query/promql/syntax/series/series_description.h"

#include <algorithm>
#include <map>

#include "fmt/format.h"
#include "model/quote.h"
#include "query/promql/syntax/lex/quoting.h"
#include "query/promql/syntax/series/series_limits.h"
#include "query/promql/syntax/series/series_numbers.h"
#include "query/promql/syntax/series/start_offsets.h"

namespace tidegate::promql {
namespace {

constexpr std::string_view kMetricNameLabel = "__name__";
constexpr std::string_view kStartMarker = "@st";

// Reads one line. Every Parse returns false after a fault.
class SeriesParser {
 public:
  explicit SeriesParser(std::string_view line)
      : reader_(line, Lexer::Language::kSeriesDescription) {}

  bool ParseLabels();
  bool ParseValues();
  bool ParseEnd() { return reader_.Expect(TokenType::kEndOfInput).has_value(); }

  std::vector<LabelPair> TakeLabels();
  std::vector<SeriesValue> TakeValues() { return std::move(values_); }
  const ParseError& error() const { return reader_.error(); }

 private:
  bool ParseLabelSet();
  bool ParseLabel();
  bool ParseLabelValue(std::string name);
  bool ParseItem();
  bool ParseGap();
  bool ParseWord();
  bool ParseNumbers();
  bool ParseHistograms();
  std::optional<std::string> UnquoteToken(const Token& token);

  // `value`, then `times` more.
  bool Repeat(const SeriesValue& value, uint64_t times);
  // Whether one value and `times` more fit.
  bool HasRoomFor(uint64_t times);

  TokenReader reader_;
  std::map<std::string, std::string> labels_;
  std::vector<SeriesValue> values_;
};

std::vector<LabelPair> SeriesParser::TakeLabels() {
  return std::vector<LabelPair>(labels_.begin(), labels_.end());
}

bool SeriesParser::ParseLabels() {
  std::optional<Token> name;
  if (CanBeMetricName(reader_.Peek().type)) name = reader_.Take();
  if (reader_.NextIs(TokenType::kLeftBrace) && !ParseLabelSet()) return false;
  if (name.has_value()) labels_[std::string(kMetricNameLabel)] = name->text;
  return !reader_.failed();
}

bool SeriesParser::ParseLabelSet() {
  constexpr std::string_view kPlace = "label set";
  TokenReader::InContext context(&reader_, {.place = kPlace, .expected = "identifier or \"}\""});
  reader_.Take();
  while (!reader_.TakeIf(TokenType::kRightBrace)) {
    if (!ParseLabel()) return false;
    context.Set({.place = kPlace, .expected = "\",\" or \"}\""});
    if (reader_.TakeIf(TokenType::kRightBrace)) return true;
    if (!reader_.Expect(TokenType::kComma).has_value()) return false;
    context.Set({.place = kPlace, .expected = "identifier or \"}\""});
  }
  return true;
}

bool SeriesParser::ParseLabel() {
  if (reader_.NextIs(TokenType::kString)) {
    std::optional<std::string> name = UnquoteToken(reader_.Take());
    if (!name.has_value()) return false;
    if (reader_.TakeIf(TokenType::kEqual)) return ParseLabelValue(*std::move(name));
    labels_[std::string(kMetricNameLabel)] = *std::move(name);
    return !reader_.failed();
  }
  const std::optional<Token> name = reader_.Expect(TokenType::kIdentifier);
  if (!name.has_value()) return false;
  const TokenReader::InContext context(&reader_, {.place = "label set", .expected = "\"=\""});
  return reader_.Expect(TokenType::kEqual).has_value() && ParseLabelValue(std::string(name->text));
}

bool SeriesParser::ParseLabelValue(std::string name) {
  const TokenReader::InContext context(&reader_, {.place = "label set", .expected = "string"});
  const std::optional<Token> token = reader_.Expect(TokenType::kString);
  if (!token.has_value()) return false;
  std::optional<std::string> value = UnquoteToken(*token);
  if (!value.has_value()) return false;
  labels_[std::move(name)] = *std::move(value);
  return true;
}

std::optional<std::string> SeriesParser::UnquoteToken(const Token& token) {
  std::optional<std::string> value = Unquote(token.text);
  if (!value.has_value()) {
    reader_.Fail(PositionOf(token), fmt::format("error unquoting string {}: invalid syntax",
                                                model::Quoted(token.text)));
  }
  return value;
}

bool SeriesParser::ParseValues() {
  while (reader_.TakeIf(TokenType::kSpace)) {
    if (reader_.NextIs(TokenType::kEndOfInput)) return true;
    if (!ParseItem()) return false;
  }
  return !reader_.failed();
}

bool SeriesParser::ParseItem() {
  const TokenReader::InContext context(&reader_, {.place = "series values", .expected = ""});
  switch (reader_.Peek().type) {
    case TokenType::kBlank:
      return ParseGap();
    case TokenType::kIdentifier:
      return ParseWord();
    case TokenType::kOpenHistogram:
      return ParseHistograms();
    default:
      return ParseNumbers();
  }
}

// _ or _xN.
bool SeriesParser::ParseGap() {
  reader_.Take();
  std::optional<uint64_t> count = 1;
  if (reader_.TakeIf(TokenType::kTimes)) count = ParseRepetition(&reader_);
  if (!count.has_value() || !HasRoomFor(*count)) return false;
  values_.resize(values_.size() + *count);
  return true;
}

// stale, perhaps repeated.
bool SeriesParser::ParseWord() {
  const TokenReader::InContext context(
      &reader_, {.place = "series values", .expected = "number or \"stale\""});
  if (reader_.Peek().text != "stale") return reader_.Unexpected();
  reader_.Take();
  std::optional<uint64_t> times = 0;
  if (reader_.TakeIf(TokenType::kTimes)) times = ParseRepetition(&reader_);
  SeriesValue value;
  value.kind = SeriesValue::Kind::kStale;
  return times.has_value() && Repeat(value, *times);
}

// a, axN, a+bxN, a-bxN.
bool SeriesParser::ParseNumbers() {
  const std::optional<double> first = ParseSignedNumber(&reader_);
  if (!first.has_value()) return false;
  SeriesValue value;
  value.kind = SeriesValue::Kind::kFloat;
  value.number = *first;
  if (reader_.TakeIf(TokenType::kTimes)) {
    const std::optional<uint64_t> times = ParseRepetition(&reader_);
    return times.has_value() && Repeat(value, *times);
  }
  if (!reader_.NextIs(TokenType::kAdd) && !reader_.NextIs(TokenType::kSub)) {
    return Repeat(value, 0);
  }
  const std::optional<double> step = ParseSignedNumber(&reader_);
  if (!step.has_value() || !reader_.Expect(TokenType::kTimes).has_value()) return false;
  const std::optional<uint64_t> times = ParseRepetition(&reader_);
  if (!times.has_value() || !HasRoomFor(*times)) return false;
  // Added up one by one: the rounding is part of what scripts expect.
  for (uint64_t i = 0; i <= *times; ++i, value.number += *step) values_.push_back(value);
  return true;
}

// {{..}}, {{..}}xN, {{..}}+{{..}}xN, {{..}}-{{..}}xN.
bool SeriesParser::ParseHistograms() {
  SeriesValue value;
  value.kind = SeriesValue::Kind::kHistogram;
  value.base = ParseHistogramLiteral(&reader_);
  if (value.base == nullptr) return false;
  if (reader_.TakeIf(TokenType::kTimes)) {
    const std::optional<uint64_t> times = ParseRepetition(&reader_);
    return times.has_value() && Repeat(value, *times);
  }
  if (!reader_.NextIs(TokenType::kAdd) && !reader_.NextIs(TokenType::kSub)) {
    return Repeat(value, 0);
  }
  value.subtract = reader_.Take().type == TokenType::kSub;
  value.increment = ParseHistogramLiteral(&reader_);
  if (value.increment == nullptr || !reader_.Expect(TokenType::kTimes).has_value()) return false;
  const std::optional<uint64_t> times = ParseRepetition(&reader_);
  if (!times.has_value() || !HasRoomFor(*times)) return false;
  if (*times > 0 && value.base->schema > value.increment->schema) {
    return reader_.Fail(PositionOf(reader_.Peek()),
                        fmt::format("error combining histograms: cannot merge from schema {} to {}",
                                    value.increment->schema, value.base->schema));
  }
  for (; value.times <= *times; ++value.times) values_.push_back(value);
  return true;
}

bool SeriesParser::Repeat(const SeriesValue& value, uint64_t times) {
  if (!HasRoomFor(times)) return false;
  values_.insert(values_.end(), times + 1, value);
  return true;
}

bool SeriesParser::HasRoomFor(uint64_t times) {
  if (values_.size() <= kMaxSeriesValues && times < kMaxSeriesValues - values_.size()) return true;
  return reader_.Fail(PositionOf(reader_.Peek()),
                      fmt::format("more than {} series values", kMaxSeriesValues));
}

absl::Status ErrorOf(const ParseError& error, std::string_view text) {
  return absl::InvalidArgumentError(FormatParseError(error, text));
}

// Where `@st` stands, outside quotes and braces; npos if it does not.
size_t FindStartMarker(std::string_view line) {
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\' && quote != '`') {
        ++i;
      } else if (c == quote) {
        quote = 0;
      }
    } else if (c == '"' || c == '\'' || c == '`') {
      quote = c;
    } else if (c == '@') {
      return line.substr(i, kStartMarker.size()) == kStartMarker ? i : std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

absl::StatusOr<SeriesDescription> ParseStartTimestamps(std::string_view line, size_t marker) {
  absl::StatusOr<std::vector<LabelPair>> labels = ParseSeriesLabels(line.substr(0, marker));
  if (!labels.ok()) return labels.status();
  absl::StatusOr<std::vector<std::optional<int64_t>>> offsets =
      ParseStartOffsets(line.substr(marker + kStartMarker.size()));
  if (!offsets.ok()) return offsets.status();
  SeriesDescription series;
  series.labels = *std::move(labels);
  series.is_start_timestamps = true;
  series.start_offsets_ms = *std::move(offsets);
  return series;
}

}  // namespace

absl::StatusOr<SeriesDescription> ParseSeriesDescription(std::string_view line) {
  if (const size_t marker = FindStartMarker(line); marker != std::string_view::npos) {
    return ParseStartTimestamps(line, marker);
  }
  SeriesParser parser(line);
  if (!parser.ParseLabels() || !parser.ParseValues() || !parser.ParseEnd()) {
    return ErrorOf(parser.error(), line);
  }
  SeriesDescription series;
  series.labels = parser.TakeLabels();
  series.values = parser.TakeValues();
  return series;
}

absl::StatusOr<std::vector<LabelPair>> ParseSeriesLabels(std::string_view text) {
  SeriesParser parser(text);
  if (!parser.ParseLabels() || !parser.ParseEnd()) return ErrorOf(parser.error(), text);
  return parser.TakeLabels();
}

}  // namespace tidegate::promql
