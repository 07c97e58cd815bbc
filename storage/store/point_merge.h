// Joins what several segments hold of one series: pure functions.
//
// Where segments disagree at a timestamp, the one that was stored first (lower rank) is right, for
// reading and for merging alike.
#ifndef TIDEGATE_STORAGE_STORE_POINT_MERGE_H_
#define TIDEGATE_STORAGE_STORE_POINT_MERGE_H_

#include <cstdint>
#include <vector>

#include "model/exemplar.h"
#include "model/histogram.h"
#include "storage/page/segment_reader.h"
#include "storage/page/time_column_pool.h"
#include "storage/series_source.h"

namespace tidegate::storage {

// The samples of one series in one segment; both ascending by time.
struct SegmentPoints {
  std::vector<FloatPart> floats;
  std::vector<model::HistogramSample> histograms;
};

// `segments` ascend by rank. Adds the number of points that lost against another value to
// `conflicts`; equal points are dropped silently. Histograms decoded per kind never share a
// timestamp with a float sample in the result.
SeriesColumns MergePoints(std::vector<SegmentPoints> segments, TimeColumnPool* pool,
                          uint64_t* conflicts);

// Ascending by timestamp; exemplars with equal content are kept once.
std::vector<model::Exemplar> MergeExemplars(std::vector<std::vector<model::Exemplar>> segments);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_POINT_MERGE_H_
