#include "storage/store/point_merge.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace tidegate::storage {
namespace {

model::TimestampMs FirstTime(const FloatPart& part) {
  return (*part.times.column)[part.times.begin];
}
model::TimestampMs LastTime(const FloatPart& part) {
  return (*part.times.column)[part.times.end - 1];
}

// Parts that follow each other: columns are joined, and joined timestamps are shared.
void Concatenate(std::vector<FloatPart> parts, TimeColumnPool* pool, SeriesColumns* columns) {
  std::vector<TimeSlice> slices;
  size_t size = 0;
  bool has_starts = false;
  for (const FloatPart& part : parts) {
    slices.push_back(part.times);
    size += part.values.size();
    has_starts |= !part.start_timestamps.empty();
  }
  columns->timestamps = pool->Join(slices);
  if (parts.size() == 1) {
    columns->values = std::move(parts[0].values);
    columns->start_timestamps = std::move(parts[0].start_timestamps);
    return;
  }
  columns->values.reserve(size);
  for (const FloatPart& part : parts) {
    columns->values.insert(columns->values.end(), part.values.begin(), part.values.end());
    if (!has_starts) continue;
    columns->start_timestamps.insert(columns->start_timestamps.end(), part.start_timestamps.begin(),
                                     part.start_timestamps.end());
    columns->start_timestamps.resize(columns->values.size(), 0);
  }
}

struct Point {
  model::TimestampMs time = 0;
  model::TimestampMs start = 0;
  double value = 0;
};

// Parts overlap; they come in the order of rank, and sorting is stable.
void Interleave(const std::vector<FloatPart>& parts, SeriesColumns* columns, uint64_t* conflicts) {
  std::vector<Point> points;
  bool has_starts = false;
  for (const FloatPart& part : parts) {
    has_starts |= !part.start_timestamps.empty();
    for (uint32_t i = 0; i < part.times.size(); ++i) {
      points.push_back({.time = (*part.times.column)[part.times.begin + i],
                        .start = part.start_timestamps.empty() ? 0 : part.start_timestamps[i],
                        .value = part.values[i]});
    }
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.time < b.time; });
  auto times = std::make_shared<std::vector<model::TimestampMs>>();
  for (const Point& point : points) {
    if (!times->empty() && times->back() == point.time) {
      *conflicts += model::SameBits(columns->values.back(), point.value) ? 0 : 1;
      continue;
    }
    times->push_back(point.time);
    columns->values.push_back(point.value);
    if (has_starts) columns->start_timestamps.push_back(point.start);
  }
  columns->timestamps = std::move(times);
}

void MergeFloats(std::vector<FloatPart> by_rank, TimeColumnPool* pool, SeriesColumns* columns,
                 uint64_t* conflicts) {
  if (by_rank.empty()) {
    columns->timestamps = pool->Join({});
    return;
  }
  std::vector<size_t> by_time(by_rank.size());
  std::iota(by_time.begin(), by_time.end(), size_t{0});
  std::stable_sort(by_time.begin(), by_time.end(), [&](size_t a, size_t b) {
    return FirstTime(by_rank[a]) < FirstTime(by_rank[b]);
  });
  for (size_t i = 1; i < by_time.size(); ++i) {
    if (FirstTime(by_rank[by_time[i]]) <= LastTime(by_rank[by_time[i - 1]])) {
      return Interleave(by_rank, columns, conflicts);
    }
  }
  std::vector<FloatPart> parts;
  for (const size_t i : by_time) parts.push_back(std::move(by_rank[i]));
  Concatenate(std::move(parts), pool, columns);
}

// Removes from `points` what an earlier segment holds as the other kind.
bool Holds(const std::vector<FloatPart>& parts, model::TimestampMs time) {
  return std::any_of(parts.begin(), parts.end(), [&](const FloatPart& part) {
    const auto begin = part.times.column->begin() + part.times.begin;
    return std::binary_search(begin, begin + part.times.size(), time);
  });
}

void RemoveTime(model::TimestampMs time, std::vector<FloatPart>* parts) {
  for (FloatPart& part : *parts) {
    auto kept = std::make_shared<std::vector<model::TimestampMs>>(
        part.times.column->begin() + part.times.begin, part.times.column->begin() + part.times.end);
    const auto at = std::lower_bound(kept->begin(), kept->end(), time);
    if (at == kept->end() || *at != time) continue;
    const auto index = at - kept->begin();
    kept->erase(at);
    part.values.erase(part.values.begin() + index);
    if (!part.start_timestamps.empty()) {
      part.start_timestamps.erase(part.start_timestamps.begin() + index);
    }
    part.times = {.column = kept, .begin = 0, .end = static_cast<uint32_t>(kept->size())};
  }
  std::erase_if(*parts, [](const FloatPart& part) { return part.times.size() == 0; });
}

// A float and a histogram at one timestamp, in two segments: the earlier one stays. Rare.
void ResolveKinds(std::vector<SegmentPoints>* segments, uint64_t* conflicts) {
  for (size_t late = 1; late < segments->size(); ++late) {
    for (size_t early = 0; early < late; ++early) {
      const SegmentPoints& first = (*segments)[early];
      SegmentPoints& second = (*segments)[late];
      *conflicts += std::erase_if(second.histograms, [&](const model::HistogramSample& h) {
        return Holds(first.floats, h.timestamp);
      });
      for (const model::HistogramSample& h : first.histograms) {
        if (!Holds(second.floats, h.timestamp)) continue;
        RemoveTime(h.timestamp, &second.floats);
        ++*conflicts;
      }
    }
  }
}

void MergeHistograms(std::vector<SegmentPoints>* segments, SeriesColumns* columns,
                     uint64_t* conflicts) {
  std::vector<model::HistogramSample> all;
  for (SegmentPoints& segment : *segments) {
    std::move(segment.histograms.begin(), segment.histograms.end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
  for (model::HistogramSample& sample : all) {
    auto& kept = columns->histograms;
    if (kept.empty() || kept.back().timestamp != sample.timestamp) {
      kept.push_back(std::move(sample));
    } else if (!model::SameBits(kept.back().histogram, sample.histogram)) {
      ++*conflicts;
    }
  }
}

}  // namespace

SeriesColumns MergePoints(std::vector<SegmentPoints> segments, TimeColumnPool* pool,
                          uint64_t* conflicts) {
  SeriesColumns columns;
  bool has_floats = false;
  bool has_histograms = false;
  for (const SegmentPoints& segment : segments) {
    has_floats |= !segment.floats.empty();
    has_histograms |= !segment.histograms.empty();
  }
  if (has_floats && has_histograms) ResolveKinds(&segments, conflicts);
  std::vector<FloatPart> parts;
  for (SegmentPoints& segment : segments) {
    std::move(segment.floats.begin(), segment.floats.end(), std::back_inserter(parts));
  }
  MergeFloats(std::move(parts), pool, &columns, conflicts);
  if (has_histograms) MergeHistograms(&segments, &columns, conflicts);
  return columns;
}

std::vector<model::Exemplar> MergeExemplars(std::vector<std::vector<model::Exemplar>> segments) {
  std::vector<model::Exemplar> all;
  for (auto& segment : segments) {
    std::move(segment.begin(), segment.end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
  std::vector<model::Exemplar> merged;
  for (model::Exemplar& exemplar : all) {
    bool known = false;
    for (auto at = merged.rbegin(); at != merged.rend() && at->timestamp == exemplar.timestamp;
         ++at) {
      known |= *at == exemplar;
    }
    if (!known) merged.push_back(std::move(exemplar));
  }
  return merged;
}

}  // namespace tidegate::storage
