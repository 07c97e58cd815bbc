// Any line of a test script: it parses into at most the allowed number of values, or fails.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "query/promql/syntax/series/series_description.h"
#include "query/promql/syntax/series/series_limits.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto series = tidegate::promql::ParseSeriesDescription(line);
  if (!series.ok()) {
    if (series.status().message().empty()) std::abort();
    return 0;
  }
  if (series->values.size() > tidegate::promql::kMaxSeriesValues) std::abort();
  if (series->start_offsets_ms.size() > tidegate::promql::kMaxSeriesValues) std::abort();
  for (const auto& value : series->values) {
    const bool is_histogram = value.kind == tidegate::promql::SeriesValue::Kind::kHistogram;
    if (is_histogram != (value.base != nullptr)) std::abort();
  }
  return 0;
}
