#include "storage/store/series_join.h"

#include <algorithm>

#include "storage/page/series_order.h"

namespace tidegate::storage {

SeriesJoin::SeriesJoin(std::vector<JoinInput> inputs) {
  cursors_.reserve(inputs.size());
  for (JoinInput& input : inputs) {
    LabelWalker walker(input.index.get());
    cursors_.push_back(
        {.input = std::move(input), .walker = std::move(walker), .next = 0, .labels = {}});
  }
  for (size_t i = 0; i < cursors_.size(); ++i) {
    if (Load(&cursors_[i])) heap_.push_back(i);
  }
  std::make_heap(heap_.begin(), heap_.end(), [this](size_t a, size_t b) { return Later(a, b); });
}

bool SeriesJoin::Load(Cursor* cursor) {
  if (cursor->next == cursor->input.series.size()) return false;
  cursor->labels = cursor->walker.At(cursor->input.series[cursor->next]);
  return true;
}

bool SeriesJoin::Later(size_t a, size_t b) const {
  if (cursors_[a].labels == cursors_[b].labels) return a > b;  // The common case, and cheap.
  return CompareSeriesOrder(cursors_[a].labels.view(), cursors_[b].labels.view()) > 0;
}

bool SeriesJoin::Next() {
  members_.clear();
  if (heap_.empty()) return false;
  const auto later = [this](size_t a, size_t b) { return Later(a, b); };
  labels_ = cursors_[heap_.front()].labels;
  while (!heap_.empty() && cursors_[heap_.front()].labels == labels_) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Cursor& cursor = cursors_[heap_.back()];
    members_.push_back({.reader = cursor.input.reader.get(),
                        .series = cursor.input.series[cursor.next],
                        .deletions = cursor.input.deletions.get()});
    ++cursor.next;
    if (Load(&cursor)) {
      std::push_heap(heap_.begin(), heap_.end(), later);
    } else {
      heap_.pop_back();
    }
  }
  return true;
}

absl::Status ReadPoints(const SeriesJoin::Member& member, const model::TimeRange& range,
                        SegmentPoints* points) {
  absl::Status status = member.reader->ReadFloats(member.series, range, &points->floats);
  if (!status.ok()) return status;
  return member.reader->ReadHistograms(member.series, range, &points->histograms);
}

}  // namespace tidegate::storage
