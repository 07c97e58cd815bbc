// Dense buckets of OTLP as spans and deltas of native histograms.
#ifndef TIDEGATE_INGEST_DECODE_OTLP_METRICS_NATIVE_BUCKETS_H_
#define TIDEGATE_INGEST_DECODE_OTLP_METRICS_NATIVE_BUCKETS_H_

#include <cstdint>
#include <vector>

#include "ingest/decode/otlp_metrics/otlp_metric.h"
#include "model/histogram.h"

namespace tidegate::ingest {

// Appends the spans and deltas of `buckets` with 2^scale_down of them merged into one. `shift` is
// added to the index then: 1 for exponential buckets, whose bucket 0 is (1, base] in OTLP and
// bucket 1 in Prometheus. Empty buckets at both ends are left out, gaps of at most two are filled.
void AppendNativeBuckets(const OtlpBuckets& buckets, int32_t scale_down, int32_t shift,
                         std::vector<model::HistogramSpan>* spans, std::vector<int64_t>* deltas);

}  // namespace tidegate::ingest

#endif  // TIDEGATE_INGEST_DECODE_OTLP_METRICS_NATIVE_BUCKETS_H_
