#include "tests/conformance/promql_scripts/temporary_head.h"

#include <string_view>
#include <utility>
#include <vector>

#include "model/labels.h"
#include "model/series_id.h"
#include "model/write_batch.h"

namespace tidegate::conformance {
namespace {

using storage::SelectedSeries;

class AdmitAll final : public storage::SeriesAdmission {
 public:
  absl::StatusOr<model::Labels> Admit(std::string_view label_bytes) const override {
    return model::CanonicalLabels(label_bytes);
  }
  absl::Status AdmitSeriesCount(uint64_t) const override { return absl::OkStatus(); }
};

class Collected final : public storage::Sink<SelectedSeries> {
 public:
  absl::Status Add(SelectedSeries item) override {
    series_.push_back(std::move(item));
    return absl::OkStatus();
  }
  const std::vector<SelectedSeries>& series() const { return series_; }

 private:
  std::vector<SelectedSeries> series_;
};

void AddFloats(const storage::SeriesColumns& columns, model::BatchSeries* entry,
               model::WriteBatch* batch) {
  entry->samples_begin = static_cast<uint32_t>(batch->values.size());
  for (size_t i = 0; i < columns.values.size(); ++i) {
    batch->timestamps.push_back((*columns.timestamps)[i]);
    batch->values.push_back(columns.values[i]);
    batch->start_timestamps.push_back(
        columns.start_timestamps.empty() ? 0 : columns.start_timestamps[i]);
  }
  entry->samples_end = static_cast<uint32_t>(batch->values.size());
}

// Points into the labels of `all`.
model::WriteBatch ToBatch(const std::vector<SelectedSeries>& all) {
  model::WriteBatch batch;
  for (const SelectedSeries& series : all) {
    model::BatchSeries entry;
    entry.label_bytes = series.labels.bytes();
    entry.id = model::HashLabelBytes(entry.label_bytes);
    AddFloats(series.columns, &entry, &batch);
    entry.histograms_begin = static_cast<uint32_t>(batch.histograms.size());
    batch.histograms.insert(batch.histograms.end(), series.columns.histograms.begin(),
                            series.columns.histograms.end());
    entry.histograms_end = static_cast<uint32_t>(batch.histograms.size());
    batch.series.push_back(entry);
  }
  return batch;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TemporaryHead>> TemporaryHead::Fill(
    const model::RequestContext& context, storage::SeriesSource& from) {
  Collected collected;
  absl::Status status = from.Select(context, {}, collected);
  if (!status.ok()) return status;
  std::unique_ptr<TemporaryHead> filled(new TemporaryHead());
  const absl::StatusOr<storage::AppendResult> result =
      filled->head_->Append(context, ToBatch(collected.series()), AdmitAll());
  if (!result.ok()) return result.status();
  if (!result->rejections.empty()) return absl::InternalError(result->rejections[0].message);
  return filled;
}

}  // namespace tidegate::conformance
