#include "api/remote_read/series_collector.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace tidegate::api {
namespace {

// About what a histogram takes in memory: its spans and buckets are mostly short.
constexpr int64_t kHistogramBytes = 512;
constexpr int64_t kSampleBytes = 16;

}  // namespace

absl::Status SeriesCollector::Add(storage::SelectedSeries series) {
  const size_t floats = series.columns.values.size();
  const size_t histograms = series.columns.histograms.size();
  samples_ += floats + histograms;
  bytes_ += static_cast<int64_t>(series.labels.bytes().size() + sizeof(series)) +
            static_cast<int64_t>(floats) * kSampleBytes +
            static_cast<int64_t>(histograms) * kHistogramBytes;
  series_.push_back(std::move(series));
  return Check();
}

absl::Status SeriesCollector::Hold(int64_t bytes) {
  bytes_ += bytes;
  return Check();
}

absl::Status SeriesCollector::Check() const {
  if (budget_.max_series != 0 && series_.size() > budget_.max_series) {
    return absl::ResourceExhaustedError(
        fmt::format("exceeded series limit ({})", budget_.max_series));
  }
  if (budget_.max_samples != 0 && samples_ > budget_.max_samples) {
    return absl::ResourceExhaustedError(
        fmt::format("exceeded sample limit ({})", budget_.max_samples));
  }
  if (budget_.max_bytes != 0 && bytes_ > static_cast<int64_t>(budget_.max_bytes)) {
    return absl::ResourceExhaustedError(
        fmt::format("exceeded the memory of one query ({} bytes)", budget_.max_bytes));
  }
  return absl::OkStatus();
}

std::vector<storage::SelectedSeries> SeriesCollector::Take() {
  std::sort(series_.begin(), series_.end(),
            [](const auto& a, const auto& b) { return model::Compare(a.labels, b.labels) < 0; });
  return std::move(series_);
}

}  // namespace tidegate::api
