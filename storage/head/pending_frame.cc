#include "storage/head/pending_frame.h"

namespace tidegate::storage::head {

void PendingFrame::Clear(std::string_view tenant) {
  record_.Clear();
  record_.tenant = tenant;
  sample_series_.clear();
  histogram_series_.clear();
  bytes_.clear();
  size_bound_ = kMaxFrameOverhead + tenant.size();
}

std::string_view PendingFrame::Keep(std::string_view bytes) {
  const size_t begin = bytes_.size();
  bytes_.append(bytes);
  return {bytes_.data() + begin, bytes.size()};
}

bool PendingFrame::AddDefinition(SeriesRef ref, const model::Labels& labels) {
  if (!Reserve(kMaxDefinitionOverhead + labels.bytes().size())) return false;
  record_.definitions.push_back({.ref = ref, .labels = Keep(labels.bytes())});
  return true;
}

bool PendingFrame::AddHistogram(uint32_t series, SeriesRef ref,
                                const model::HistogramSample& histogram, std::string_view encoded) {
  if (!Reserve(kMaxItemOverhead + encoded.size())) return false;
  record_.histograms.push_back({.ref = ref,
                                .timestamp = histogram.timestamp,
                                .start_timestamp = histogram.start_timestamp,
                                .encoded = Keep(encoded)});
  histogram_series_.push_back(series);
  return true;
}

bool PendingFrame::AddExemplar(SeriesRef ref, const model::Exemplar& exemplar) {
  if (!Reserve(kMaxItemOverhead + exemplar.labels.bytes().size())) return false;
  record_.exemplars.push_back({.ref = ref,
                               .timestamp = exemplar.timestamp,
                               .value = exemplar.value,
                               .labels = exemplar.labels.bytes()});
  return true;
}

bool PendingFrame::AddEntry(SeriesRef ref, const model::LogEntryView& entry) {
  const std::string_view metadata = entry.structured_metadata;
  if (!Reserve(kMaxItemOverhead + entry.line.size() + metadata.size())) return false;
  record_.entries.push_back({.ref = ref,
                             .timestamp = entry.timestamp,
                             .line = entry.line,
                             .structured_metadata = metadata});
  return true;
}

std::string_view PendingFrame::Encode() {
  frame_.clear();
  EncodeLogRecord(record_, &frame_);
  return frame_;
}

std::string_view PendingFrame::EncodeDefinitions() {
  frame_.clear();
  EncodeLogDefinitions(record_, &frame_);
  return frame_;
}

}  // namespace tidegate::storage::head
