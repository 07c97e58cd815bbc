#include "ingest/admit/write_relabel.h"

#include "absl/status/statusor.h"
#include "model/labels.h"
#include "model/series_id.h"

namespace tidegate::ingest {
namespace {

uint64_t PointsOf(const model::BatchSeries& series) {
  return (series.samples_end - series.samples_begin) +
         (series.histograms_end - series.histograms_begin) +
         (series.exemplars_end - series.exemplars_begin);
}

}  // namespace

void RelabelBatch(const std::vector<model::RelabelRule>& rules, DecodedPush* push,
                  Rejections* rejections) {
  if (rules.empty()) return;
  uint64_t dropped = 0;
  std::erase_if(push->batch.series, [&](model::BatchSeries& series) {
    const absl::StatusOr<model::Labels> labels = model::CanonicalLabels(series.label_bytes);
    if (!labels.ok()) return false;
    model::LabelsBuilder builder(labels->view());
    if (!model::Relabel(rules, &builder)) {
      dropped += PointsOf(series);
      return true;
    }
    const model::Labels relabelled = builder.Build();
    if (relabelled.bytes() == series.label_bytes) return false;
    series.label_bytes = push->arena.Copy(relabelled.bytes());
    series.id = model::HashLabelBytes(series.label_bytes);
    return false;
  });
  rejections->AddSilently(RejectReason::kRelabelling, dropped);
}

}  // namespace tidegate::ingest
