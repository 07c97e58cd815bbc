#include "query/promql/syntax/series/histogram_literal.h"

#include <set>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "query/promql/syntax/lex/characters.h"
#include "query/promql/syntax/series/series_numbers.h"

namespace tidegate::promql {
namespace {

using CounterReset = HistogramLiteral::CounterReset;

// Reads `key:value` pairs into a literal. Every Parse returns false after a fault.
class HistogramParser {
 public:
  explicit HistogramParser(TokenReader* reader) : reader_(*reader) {}

  std::shared_ptr<const HistogramLiteral> Parse();

 private:
  bool ParseItems();
  bool ParseItem();
  bool ParseValue(std::string_view key);
  bool ParseBuckets(std::vector<double>* buckets);
  bool ParseDouble(double* value);
  bool ParseInteger(int32_t* value);
  bool ParseCounterReset();

  TokenReader& reader_;
  std::shared_ptr<HistogramLiteral> literal_ = std::make_shared<HistogramLiteral>();
  std::set<std::string> keys_seen_;
};

std::shared_ptr<const HistogramLiteral> HistogramParser::Parse() {
  if (!reader_.Expect(TokenType::kOpenHistogram).has_value()) return nullptr;
  // Only an empty literal may begin with a space.
  const bool spaced = reader_.TakeIf(TokenType::kSpace);
  if (!spaced && !reader_.NextIs(TokenType::kCloseHistogram) && !ParseItems()) return nullptr;
  if (!reader_.Expect(TokenType::kCloseHistogram).has_value()) return nullptr;
  return literal_;
}

bool HistogramParser::ParseItems() {
  if (!ParseItem()) return false;
  const TokenReader::InContext context(
      &reader_, {.place = "histogram description",
                 .expected = "histogram description key, e.g. buckets:[5 10 7]"});
  while (!reader_.NextIs(TokenType::kCloseHistogram)) {
    if (!reader_.Expect(TokenType::kSpace).has_value()) return false;
    if (reader_.NextIs(TokenType::kCloseHistogram)) return true;
    if (!ParseItem()) return false;
  }
  return true;
}

bool HistogramParser::ParseItem() {
  const std::optional<Token> token = reader_.Expect(TokenType::kHistogramKey);
  if (!token.has_value()) return false;
  const std::string key = AsciiLower(token->text);
  if (!reader_.Expect(TokenType::kColon).has_value() || !ParseValue(key)) return false;
  if (keys_seen_.insert(key).second) return true;
  return reader_.Fail(PositionRange{}, fmt::format("duplicate key \"{}\" in histogram", key));
}

bool HistogramParser::ParseValue(std::string_view key) {
  if (key == "schema") return ParseInteger(&literal_->schema);
  if (key == "offset") return ParseInteger(&literal_->offset);
  if (key == "n_offset") return ParseInteger(&literal_->negative_offset);
  if (key == "sum") return ParseDouble(&literal_->sum);
  if (key == "count") return ParseDouble(&literal_->count);
  if (key == "z_bucket") return ParseDouble(&literal_->zero_count);
  if (key == "buckets") return ParseBuckets(&literal_->buckets);
  if (key == "n_buckets") return ParseBuckets(&literal_->negative_buckets);
  if (key == "custom_values") return ParseBuckets(&literal_->custom_values);
  if (key == "counter_reset_hint") return ParseCounterReset();
  // z_bucket_w, the last one: a width has no sign.
  return !reader_.NextIs(TokenType::kSub) ? ParseDouble(&literal_->zero_threshold)
                                          : reader_.Unexpected();
}

bool HistogramParser::ParseDouble(double* value) {
  const std::optional<double> number = ParseSignedNumber(&reader_);
  if (number.has_value()) *value = *number;
  return number.has_value();
}

bool HistogramParser::ParseInteger(int32_t* value) {
  const bool negative = reader_.TakeIf(TokenType::kSub);
  const std::optional<uint64_t> count = ParseRepetition(&reader_);
  if (!count.has_value()) return false;
  if (*count > INT32_MAX) {
    return reader_.Fail(PositionOf(reader_.Peek()), "integer out of range in histogram");
  }
  const auto magnitude = static_cast<int32_t>(*count);
  *value = negative ? -magnitude : magnitude;
  return true;
}

bool HistogramParser::ParseBuckets(std::vector<double>* buckets) {
  if (!reader_.Expect(TokenType::kLeftBracket).has_value()) return false;
  while (true) {
    double count = 0;
    if (!ParseDouble(&count)) return false;
    buckets->push_back(count);
    if (reader_.TakeIf(TokenType::kRightBracket)) return true;
    if (!reader_.Expect(TokenType::kSpace).has_value()) return false;
    if (reader_.TakeIf(TokenType::kRightBracket)) return true;
  }
}

bool HistogramParser::ParseCounterReset() {
  const std::optional<Token> token = reader_.Expect(TokenType::kCounterResetHint);
  if (!token.has_value()) return false;
  const std::string hint = AsciiLower(token->text);
  if (hint == "reset") {
    literal_->counter_reset = CounterReset::kReset;
  } else if (hint == "not_reset") {
    literal_->counter_reset = CounterReset::kNotReset;
  } else if (hint == "gauge") {
    literal_->counter_reset = CounterReset::kGauge;
  } else {
    literal_->counter_reset = CounterReset::kUnknown;
  }
  return true;
}

}  // namespace

std::shared_ptr<const HistogramLiteral> ParseHistogramLiteral(TokenReader* reader) {
  return HistogramParser(reader).Parse();
}

}  // namespace tidegate::promql
