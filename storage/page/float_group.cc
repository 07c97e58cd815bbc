#include "storage/page/float_group.h"

#include <algorithm>

namespace tidegate::storage {

void FloatGroup::Add(uint32_t series, std::span<const model::TimestampMs> timestamps,
                     std::span<const double> values,
                     std::span<const model::TimestampMs> start_timestamps) {
  const size_t begin = timestamps_.size();
  timestamps_.insert(timestamps_.end(), timestamps.begin(), timestamps.end());
  values_.insert(values_.end(), values.begin(), values.end());
  starts_.insert(starts_.end(), start_timestamps.begin(), start_timestamps.end());
  starts_.resize(timestamps_.size(), 0);
  members_.push_back({.series = series,
                      .next = begin,
                      .end = timestamps_.size(),
                      .has_starts = !start_timestamps.empty()});
}

model::TimestampMs FloatGroup::SliceEnd() const {
  model::TimestampMs end = model::kMaxTimestamp + 1;
  for (const Member& member : members_) {
    if (member.end - member.next <= kSliceSamples + kSliceSamples / 2) continue;
    end = std::min(end, timestamps_[member.next + kSliceSamples]);
  }
  return end;
}

model::TimeRange FloatGroup::TakeSlice(model::TimestampMs end, FloatPageBuilder* page) {
  model::TimeRange range{.min = model::kMaxTimestamp, .max = model::kMinTimestamp};
  const std::span<const model::TimestampMs> times(timestamps_);
  for (Member& member : members_) {
    const auto stop = std::lower_bound(times.begin() + static_cast<ptrdiff_t>(member.next),
                                       times.begin() + static_cast<ptrdiff_t>(member.end), end);
    const size_t count = static_cast<size_t>(stop - times.begin()) - member.next;
    if (count == 0) continue;
    range.min = std::min(range.min, times[member.next]);
    range.max = std::max(range.max, times[member.next + count - 1]);
    page->Add(member.series, times.subspan(member.next, count),
              std::span(values_).subspan(member.next, count),
              std::span(starts_).subspan(member.next, member.has_starts ? count : 0));
    member.next += count;
  }
  return range;
}

absl::Status FloatGroup::Flush(const PageFn& page_fn) {
  const uint32_t first = members_.front().series;
  const uint32_t last = members_.back().series;
  for (model::TimestampMs end = 0; end <= model::kMaxTimestamp;) {
    end = SliceEnd();
    FloatPageBuilder page;
    const model::TimeRange range = TakeSlice(end, &page);
    if (absl::Status status = page_fn(page.Finish(), first, last, range); !status.ok()) {
      return status;
    }
  }
  members_.clear();
  timestamps_.clear();
  values_.clear();
  starts_.clear();
  return absl::OkStatus();
}

}  // namespace tidegate::storage
