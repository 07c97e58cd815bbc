#include "storage/head/series_snapshot.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "storage/chunk/chunk_decoder.h"

namespace tidegate::storage::head {
namespace {

// A float sample on its way through a merge.
struct Point {
  model::TimestampMs timestamp;
  double value;
  model::TimestampMs start;
};

bool IsAscending(const std::vector<model::TimestampMs>& timestamps) {
  return std::ranges::adjacent_find(timestamps, std::greater_equal<>()) == timestamps.end();
}

}  // namespace

void SeriesSnapshot::Clear() {
  series_.clear();
  chunks_.clear();
  sides_.clear();
  streams_.clear();
}

void SeriesSnapshot::Copy(const EpochData& data, SeriesRef ref, const model::TimeRange& range) {
  const size_t chunks_begin = chunks_.size();
  const SeriesSide* side = data.side(ref);
  if (side != nullptr) {
    for (const chunk::OpenChunk& chunk : side->full_chunks) {
      if (chunk.range().Overlaps(range)) CopyChunk(chunk, data.pool());
    }
  }
  if (const chunk::OpenChunk* chunk = data.chunk(ref)) {
    if (chunk->range().Overlaps(range)) CopyChunk(*chunk, data.pool());
  }
  if (side != nullptr) CopySide(*side, range, chunks_begin);
}

void SeriesSnapshot::CopyChunk(const chunk::OpenChunk& chunk, const chunk::PiecePool& pool) {
  const size_t begin = streams_.size();
  chunk.CopyStream(pool, &streams_);
  chunks_.push_back({chunk, begin, streams_.size() - begin});
}

void SeriesSnapshot::CopySide(const SeriesSide& side, const model::TimeRange& range,
                              size_t chunks_begin) {
  Side copy{.chunks_begin = chunks_begin,
            .chunks_end = chunks_.size(),
            .late = {},
            .starts = side.starts,
            .histograms = {}};
  copy.late.assign(side.late.lower_bound(range.min), side.late.upper_bound(range.max));
  copy.histograms.assign(side.histograms.lower_bound(range.min),
                         side.histograms.upper_bound(range.max));
  sides_.push_back(std::move(copy));
}

absl::StatusOr<SeriesColumns> SeriesSnapshot::Decode(size_t i, const model::TimeRange& range,
                                                     TimeColumnCache* times) {
  const bool is_last = i + 1 == series_.size();
  const Series& series = series_[i];
  const size_t chunks_end = is_last ? chunks_.size() : series_[i + 1].chunks_begin;
  const size_t sides_end = is_last ? sides_.size() : series_[i + 1].sides_begin;

  DecodeChunks(series.chunks_begin, chunks_end);
  if (series.sides_begin < sides_end || !IsAscending(timestamps_)) {
    MergeSides(series.sides_begin, sides_end, series.chunks_begin);
  }
  SeriesColumns columns = Clip(range, times);
  if (absl::Status status = DecodeHistograms(series.sides_begin, sides_end, &columns);
      !status.ok()) {
    return status;
  }
  if (columns.timestamps == nullptr && !columns.histograms.empty()) {
    columns.timestamps = times->Intern({});
  }
  return columns;
}

void SeriesSnapshot::DecodeChunks(size_t begin, size_t end) {
  timestamps_.clear();
  values_.clear();
  starts_.clear();
  for (size_t i = begin; i < end; ++i) {
    const Chunk& chunk = chunks_[i];
    const std::string_view stream(streams_.data() + chunk.stream_begin, chunk.stream_size);
    chunk::DecodeChunk(chunk.state, stream, &timestamps_, &values_);
  }
}

// Brings chunks, late samples and start timestamps of all epochs together. Rare, so it goes by
// rows.
void SeriesSnapshot::MergeSides(size_t sides_begin, size_t sides_end, size_t chunks_begin) {
  std::vector<Point> points(timestamps_.size());
  for (size_t i = 0; i < points.size(); ++i) points[i] = {timestamps_[i], values_[i], 0};
  bool has_starts = false;
  for (size_t s = sides_begin; s < sides_end; ++s) {
    const Side& side = sides_[s];
    if (!side.starts.empty()) {
      has_starts = true;
      size_t point = 0;
      for (size_t c = chunks_begin; c < side.chunks_begin; ++c) {
        point += static_cast<size_t>(chunks_[c].state.count());
      }
      for (size_t c = side.chunks_begin; c < side.chunks_end; ++c) {
        for (int n = chunks_[c].state.count(); n > 0; --n, ++point) {
          points[point].start = side.starts.Get(points[point].timestamp);
        }
      }
    }
    for (const auto& [timestamp, value] : side.late) {
      points.push_back({timestamp, value, side.starts.Get(timestamp)});
    }
  }
  std::ranges::stable_sort(points, {}, &Point::timestamp);
  const auto same_time = [](const auto& a, const auto& b) { return a.timestamp == b.timestamp; };
  points.erase(std::unique(points.begin(), points.end(), same_time), points.end());

  timestamps_.resize(points.size());
  values_.resize(points.size());
  if (has_starts) starts_.resize(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    timestamps_[i] = points[i].timestamp;
    values_[i] = points[i].value;
    if (has_starts) starts_[i] = points[i].start;
  }
}

absl::Status SeriesSnapshot::DecodeHistograms(size_t sides_begin, size_t sides_end,
                                              SeriesColumns* columns) {
  for (size_t s = sides_begin; s < sides_end; ++s) {
    for (const auto& [timestamp, stored] : sides_[s].histograms) {
      std::string_view encoded = stored.encoded;
      absl::StatusOr<model::Histogram> histogram = model::DecodeHistogram(&encoded);
      if (!histogram.ok()) return histogram.status();
      columns->histograms.push_back({.timestamp = timestamp,
                                     .start_timestamp = stored.start_timestamp,
                                     .histogram = *std::move(histogram)});
    }
  }
  if (sides_end - sides_begin < 2) return absl::OkStatus();
  auto& histograms = columns->histograms;
  std::ranges::stable_sort(histograms, {}, &model::HistogramSample::timestamp);
  const auto same_time = [](const auto& a, const auto& b) { return a.timestamp == b.timestamp; };
  histograms.erase(std::unique(histograms.begin(), histograms.end(), same_time), histograms.end());
  return absl::OkStatus();
}

SeriesColumns SeriesSnapshot::Clip(const model::TimeRange& range, TimeColumnCache* times) const {
  const auto begin = std::ranges::lower_bound(timestamps_, range.min) - timestamps_.begin();
  const auto end = std::ranges::upper_bound(timestamps_, range.max) - timestamps_.begin();
  SeriesColumns columns;
  if (begin >= end) return columns;
  columns.timestamps =
      times->Intern({timestamps_.data() + begin, static_cast<size_t>(end - begin)});
  columns.values.assign(values_.begin() + begin, values_.begin() + end);
  if (!starts_.empty()) {
    columns.start_timestamps.assign(starts_.begin() + begin, starts_.begin() + end);
    const bool any = std::ranges::any_of(columns.start_timestamps,
                                         [](model::TimestampMs start) { return start != 0; });
    if (!any) columns.start_timestamps.clear();
  }
  return columns;
}

}  // namespace tidegate::storage::head
