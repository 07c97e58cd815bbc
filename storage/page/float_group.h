// Samples of sibling series on their way into pages.
#ifndef TIDEGATE_STORAGE_PAGE_FLOAT_GROUP_H_
#define TIDEGATE_STORAGE_PAGE_FLOAT_GROUP_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "model/sample.h"
#include "storage/page/float_page.h"

namespace tidegate::storage {

// Collects whole series until they fill pages, then cuts them into slices of time, so that a page
// holds the same stretch of all siblings and a query over an hour of a year reads few pages. Owned
// by one thread.
class FloatGroup {
 public:
  // Chosen so that a page is 16-64 KB with real data: zstd sees enough siblings, and a query for
  // one series decompresses little that it does not want.
  static constexpr size_t kFullSamples = 32'768;
  static constexpr size_t kFullSeries = 256;
  // Samples of one series in one slice; a rest of half a slice joins the last one.
  static constexpr size_t kSliceSamples = 512;

  // One page: the sections and the time inside.
  using PageFn =
      std::function<absl::Status(std::vector<std::string> sections, uint32_t first_series,
                                 uint32_t last_series, const model::TimeRange& range)>;

  // Series ascend; columns as in SeriesInput, not empty.
  void Add(uint32_t series, std::span<const model::TimestampMs> timestamps,
           std::span<const double> values, std::span<const model::TimestampMs> start_timestamps);
  bool full() const { return timestamps_.size() >= kFullSamples || members_.size() >= kFullSeries; }
  bool empty() const { return members_.empty(); }
  // Hands out the pages in order of time and forgets everything.
  absl::Status Flush(const PageFn& page_fn);

 private:
  struct Member {
    uint32_t series = 0;
    size_t next = 0;  // The first sample that is not in a page yet.
    size_t end = 0;
    bool has_starts = false;
  };
  // The time at which the next slice ends (exclusive); past everything for the last slice.
  model::TimestampMs SliceEnd() const;
  // Moves the samples before `end` into the page.
  model::TimeRange TakeSlice(model::TimestampMs end, FloatPageBuilder* page);

  std::vector<Member> members_;
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
  std::vector<model::TimestampMs> starts_;  // As long as timestamps_; 0 where unknown.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_FLOAT_GROUP_H_
