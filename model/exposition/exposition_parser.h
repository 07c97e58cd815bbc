// Reads what a target exposes, line by line: Prometheus text 0.0.4 and OpenMetrics 1.0.
//
// Accepts what Prometheus' own parsers accept (prometheus/model/textparse/promlex.l,
// openmetricslex.l); sources of the rules: the Prometheus exposition format, OpenMetrics 1.0.
#ifndef TIDEGATE_MODEL_EXPOSITION_EXPOSITION_PARSER_H_
#define TIDEGATE_MODEL_EXPOSITION_EXPOSITION_PARSER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/exposition/series_text.h"
#include "model/metadata.h"
#include "model/sample.h"

namespace tidegate::model {

// One line with a value. The views lie in the text.
struct ExposedSample {
  // name{labels} as written: the same bytes mean the same series, so a reader that knows them need
  // not parse them again. Otherwise ParseSeriesText does, and finds the mistakes.
  std::string_view series;
  double value = 0;  // Never a stale marker.
  std::optional<TimestampMs> timestamp;
  std::string_view exemplar;  // What follows "# ", for ParseExemplar; empty without one.
};

// Pull parser: Next until kEnd or an error. Not thread safe; the text must outlive it.
class ExpositionParser {
 public:
  enum class Entry : uint8_t { kEnd, kSample, kType, kHelp, kUnit };

  ExpositionParser(std::string_view text, ExpositionFormat format)
      : text_(text), rest_(text), format_(format) {}

  // InvalidArgument names the line (from 1) and what was expected. After an error nothing more is
  // read: as in Prometheus the whole exposition counts as failed.
  absl::StatusOr<Entry> Next();

  const ExposedSample& sample() const { return sample_; }  // After kSample.
  // After kType, kHelp, kUnit: the family, and the one thing that was said about it.
  const std::string& family() const { return family_; }
  MetricType type() const { return type_; }
  const std::string& text() const { return said_; }  // Help or unit.

 private:
  absl::StatusOr<Entry> ReadLine(std::string_view line);
  absl::StatusOr<Entry> ReadComment(std::string_view line);
  absl::StatusOr<Entry> ReadMetadata(std::string_view keyword, std::string_view rest);
  absl::StatusOr<Entry> ReadSample(std::string_view line);
  absl::Status ReadTimestamp(std::string_view text);
  absl::Status ReadType(std::string_view text);
  absl::Status AtLine(const absl::Status& status) const;

  const std::string_view text_;
  std::string_view rest_;
  const ExpositionFormat format_;
  bool ended_ = false;  // "# EOF" was seen.
  ExposedSample sample_;
  std::string family_;
  MetricType type_ = MetricType::kUnknown;
  std::string said_;
};

// Reads the exemplar of a sample; without a timestamp of its own it has the default one.
absl::StatusOr<Exemplar> ParseExemplar(std::string_view text, TimestampMs default_timestamp);

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_EXPOSITION_EXPOSITION_PARSER_H_
