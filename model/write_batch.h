// A decoded push, before anything was looked up: columns of points that refer to series by the
// bytes that arrived.
#ifndef TIDEGATE_MODEL_WRITE_BATCH_H_
#define TIDEGATE_MODEL_WRITE_BATCH_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/log_entry.h"
#include "model/metadata.h"
#include "model/sample.h"
#include "model/series_id.h"

namespace tidegate::model {

// One series (or log stream) of a batch. The ranges are half open and index the batch's columns; an
// entry owns consecutive ranges, in the order of the entries.
struct BatchSeries {
  // Label bytes as they arrived: canonical (labels.h) when the sender keeps the rules, anything
  // otherwise. They point into the request's buffer.
  std::string_view label_bytes;
  SeriesId id;  // Hash of label_bytes: finds a known series, proves nothing about an unknown one.
  uint32_t samples_begin = 0, samples_end = 0;
  uint32_t histograms_begin = 0, histograms_end = 0;
  uint32_t exemplars_begin = 0, exemplars_end = 0;
  uint32_t entries_begin = 0, entries_end = 0;
};

// Owned by one thread, reused between requests (Clear keeps capacity). The request's buffer must
// outlive it.
struct WriteBatch {
  std::vector<BatchSeries> series;
  // Float samples, column by column; `start_timestamps` is empty or as long as `timestamps`.
  std::vector<TimestampMs> timestamps;
  std::vector<double> values;
  std::vector<TimestampMs> start_timestamps;
  std::vector<HistogramSample> histograms;
  std::vector<Exemplar> exemplars;
  std::vector<LogEntryView> entries;
  std::vector<MetricMetadata> metadata;

  void Clear() {
    series.clear();
    timestamps.clear();
    values.clear();
    start_timestamps.clear();
    histograms.clear();
    exemplars.clear();
    entries.clear();
    metadata.clear();
  }
};

}  // namespace tidegate::model

#endif  // TIDEGATE_MODEL_WRITE_BATCH_H_
