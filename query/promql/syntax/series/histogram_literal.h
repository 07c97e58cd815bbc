// Native histograms as test scripts write them: `{{schema:1 count:12 sum:3 buckets:[5 7]}}`.
#ifndef TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_HISTOGRAM_LITERAL_H_
#define TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_HISTOGRAM_LITERAL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "query/promql/syntax/parse/token_reader.h"

namespace tidegate::promql {

// A plain description, one field a key; keys that are not written have the value 0 or empty.
// Nothing is checked against anything else: counts may be negative, and need not add up.
struct HistogramLiteral {
  enum class CounterReset { kUnknown, kReset, kNotReset, kGauge };

  int32_t schema = 0;                    // schema; -53 has custom buckets
  double sum = 0;                        // sum
  double count = 0;                      // count
  double zero_count = 0;                 // z_bucket
  double zero_threshold = 0;             // z_bucket_w
  int32_t offset = 0;                    // offset: index of the first positive bucket
  int32_t negative_offset = 0;           // n_offset
  std::vector<double> buckets;           // buckets: absolute counts of consecutive buckets
  std::vector<double> negative_buckets;  // n_buckets
  std::vector<double> custom_values;     // custom_values: upper bounds
  // counter_reset_hint; a script compares hints only where one is written.
  std::optional<CounterReset> counter_reset;
};

// Reads one literal, of which the reader has `{{` next. nullptr after a fault.
std::shared_ptr<const HistogramLiteral> ParseHistogramLiteral(TokenReader* reader);

}  // namespace tidegate::promql

#endif  // TIDEGATE_QUERY_PROMQL_SYNTAX_SERIES_HISTOGRAM_LITERAL_H_
