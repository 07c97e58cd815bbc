// What a target exposes as text, in both formats: the first byte chooses. Nothing may crash; what
// is reported lies in the body; a series that is accepted is a canonical label set.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "model/exposition/exposition_parser.h"
#include "model/exposition/series_text.h"
#include "model/labels.h"

namespace tidegate::model {
namespace {

#define CHECK_THAT(condition)                                                        \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                  \
    }                                                                                \
  } while (false)

bool LiesIn(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (whole.data() <= part.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void CheckSample(const ExposedSample& sample, std::string_view body, ExpositionFormat format) {
  CHECK_THAT(!sample.series.empty());
  CHECK_THAT(LiesIn(sample.series, body));
  CHECK_THAT(LiesIn(sample.exemplar, body));
  CHECK_THAT(!IsStaleNan(sample.value));
  CHECK_THAT(!sample.timestamp.has_value() ||
             (kMinTimestamp <= *sample.timestamp && *sample.timestamp <= kMaxTimestamp));
  LabelPairs pairs;
  if (ParseSeriesText(sample.series, format, &pairs).ok()) {
    CHECK_THAT(!pairs.empty());
    const Labels labels(std::move(pairs));
    CHECK_THAT(CheckLabelBytes(labels.bytes()).ok());
    CHECK_THAT(!labels.metric_name().empty());
  }
  if (sample.exemplar.empty()) return;
  const auto exemplar = ParseExemplar(sample.exemplar, 1);
  if (exemplar.ok()) CHECK_THAT(CheckLabelBytes(exemplar->labels.bytes()).ok());
}

void ParseAll(std::string_view body, ExpositionFormat format) {
  ExpositionParser parser(body, format);
  for (size_t entries = 0;; ++entries) {
    CHECK_THAT(entries <= body.size());
    const auto entry = parser.Next();
    if (!entry.ok() || *entry == ExpositionParser::Entry::kEnd) return;
    if (*entry == ExpositionParser::Entry::kSample) CheckSample(parser.sample(), body, format);
  }
}

}  // namespace
}  // namespace tidegate::model

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using tidegate::model::ExpositionFormat;
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  tidegate::model::ParseAll(
      body, data[0] == 'o' ? ExpositionFormat::kOpenMetrics : ExpositionFormat::kPrometheusText);
  return 0;
}
