// Builds a sealed segment: pages of encoded chunks and the index over them.
#ifndef TIDEGATE_STORAGE_PAGE_SEGMENT_BUILDER_H_
#define TIDEGATE_STORAGE_PAGE_SEGMENT_BUILDER_H_

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "model/labels.h"
#include "model/log_entry.h"
#include "model/sample.h"
#include "storage/page/segment_id.h"
#include "storage/store.h"

namespace tidegate::storage {

// The points of one metric series inside one partition. Views, read before AddSeries returns.
struct SeriesInput {
  // Float samples, columns of equal length, strictly ascending by timestamp.
  std::span<const model::TimestampMs> timestamps;
  std::span<const double> values;
  std::span<const model::TimestampMs> start_timestamps;  // Empty (none known) or parallel.
  // Strictly ascending by timestamp; no timestamp occurs in both kinds.
  std::span<const model::HistogramSample> histograms;
  std::span<const model::Exemplar> exemplars;  // Ascending by timestamp.

  bool empty() const { return timestamps.empty() && histograms.empty() && exemplars.empty(); }
};

// Receives pages in ascending key order as soon as they are full.
using PageFn = std::function<absl::Status(std::string key, std::string value)>;

// Owned by one thread. The same calls make the same bytes. Holds one group of sibling series (about
// 32 k samples, or one series) and one log page beside the index and, without a PageFn, the
// finished pages.
class SegmentBuilder {
 public:
  // All timestamps lie in `partition`. With `page_fn` pages go there, and Finish returns a segment
  // without pages.
  SegmentBuilder(SegmentId id, PartitionSpan partition, PageFn page_fn = nullptr);
  ~SegmentBuilder();
  SegmentBuilder(SegmentBuilder&&) noexcept;
  SegmentBuilder& operator=(SegmentBuilder&&) noexcept;

  // Series come strictly ascending by CompareSeriesOrder (series_order.h). An empty input is
  // skipped. Internal when the caller breaks a rule above; page_fn's error otherwise.
  absl::Status AddSeries(model::LabelsView labels, const SeriesInput& input);

  // Log streams, in the same order among themselves; any interleaving with AddSeries. Entries are
  // ascending by timestamp, equal ones in order of arrival; a stream may come in several calls. An
  // entry that is there already (timestamp, line and metadata) is left out.
  absl::Status AddStream(model::LabelsView labels, std::span<const model::LogEntryView> entries);
  absl::Status AddStream(model::LabelsView labels, std::span<const model::LogEntry> entries);

  // True while nothing was added: then there is no segment, and Finish must not be called.
  bool empty() const;

  // Writes the last pages and the index. Called once, last.
  absl::StatusOr<SealedSegment> Finish();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_SEGMENT_BUILDER_H_
