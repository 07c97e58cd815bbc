#include "storage/store/store_fixture.h"

#include <algorithm>

#include "storage/page/segment_builder.h"
#include "storage/page/series_order.h"

namespace tidegate::storage {

std::vector<SealedSegment> Seal(const std::string& tenant, uint64_t producer, uint64_t position,
                                std::vector<CutSeries> series, model::TimestampMs now) {
  std::sort(series.begin(), series.end(), [](const CutSeries& a, const CutSeries& b) {
    return CompareSeriesOrder(a.labels.view(), b.labels.view()) < 0;
  });
  std::map<PartitionSpan, SegmentBuilder> builders;
  for (const CutSeries& one : series) {
    std::map<PartitionSpan, std::pair<std::vector<model::TimestampMs>, std::vector<double>>> parts;
    for (const auto& [time, value] : one.samples) {
      auto& [times, values] = parts[PartitionFor(time, now)];
      times.push_back(time);
      values.push_back(value);
    }
    for (const auto& [span, columns] : parts) {
      SegmentId id;
      id.tenant = tenant;
      id.position = {position};
      id.producer = producer;
      auto builder = builders.try_emplace(span, id, span).first;
      SeriesInput input;
      input.timestamps = columns.first;
      input.values = columns.second;
      EXPECT_TRUE(builder->second.AddSeries(one.labels.view(), input).ok());
    }
  }
  std::vector<SealedSegment> segments;
  for (auto& [span, builder] : builders) {
    auto segment = builder.Finish();
    EXPECT_TRUE(segment.ok()) << segment.status();
    segments.push_back(*std::move(segment));
  }
  return segments;
}

Samples Ramp(model::TimestampMs first, int count, int64_t step, double first_value) {
  Samples samples;
  for (int i = 0; i < count; ++i) samples.emplace_back(first + i * step, first_value + i);
  return samples;
}

model::Labels Metric(const std::string& name,
                     std::vector<std::pair<std::string, std::string>> labels) {
  labels.emplace_back("__name__", name);
  return model::Labels(std::move(labels));
}

}  // namespace tidegate::storage
