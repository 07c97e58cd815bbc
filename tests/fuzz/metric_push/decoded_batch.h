// What every decoded push of metrics keeps.
#ifndef TIDEGATE_TESTS_FUZZ_METRIC_PUSH_DECODED_BATCH_H_
#define TIDEGATE_TESTS_FUZZ_METRIC_PUSH_DECODED_BATCH_H_

#include <cstdio>
#include <cstdlib>

#include "ingest/decode/decoded_push.h"
#include "model/labels.h"
#include "model/series_id.h"

namespace tidegate::ingest {

#define CHECK_THAT(condition)                                                        \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                  \
    }                                                                                \
  } while (false)

inline void CheckDecodedBatch(const DecodedPush& push) {
  const model::WriteBatch& batch = push.batch;
  CHECK_THAT(batch.timestamps.size() == batch.values.size());
  CHECK_THAT(batch.start_timestamps.empty() ||
             batch.start_timestamps.size() == batch.timestamps.size());
  uint32_t samples = 0, histograms = 0, exemplars = 0;
  for (const model::BatchSeries& series : batch.series) {
    CHECK_THAT(series.id == model::HashLabelBytes(series.label_bytes));
    CHECK_THAT(series.samples_begin == samples && series.samples_end >= samples);
    CHECK_THAT(series.histograms_begin == histograms && series.histograms_end >= histograms);
    CHECK_THAT(series.exemplars_begin == exemplars && series.exemplars_end >= exemplars);
    samples = series.samples_end;
    histograms = series.histograms_end;
    exemplars = series.exemplars_end;
    const absl::StatusOr<model::Labels> labels = model::CanonicalLabels(series.label_bytes);
    if (labels.ok()) CHECK_THAT(labels->bytes() == series.label_bytes);
  }
  CHECK_THAT(samples == batch.timestamps.size());
  CHECK_THAT(histograms == batch.histograms.size());
  CHECK_THAT(exemplars == batch.exemplars.size());
  for (const model::Exemplar& exemplar : batch.exemplars) {
    CHECK_THAT(model::CheckLabelBytes(exemplar.labels.bytes()).ok());
  }
}

}  // namespace tidegate::ingest

#endif  // TIDEGATE_TESTS_FUZZ_METRIC_PUSH_DECODED_BATCH_H_
