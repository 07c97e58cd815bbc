#include "storage/page/record_conversion.h"

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

// Appends one record per item and points the records into the finished bytes.
template <typename Item, typename Encode>
OwnedRecords Convert(std::span<const Item> items, Encode encode) {
  OwnedRecords owned;
  std::vector<size_t> ends;
  for (const Item& item : items) {
    Record record;
    record.timestamp = item.timestamp;
    encode(item, &record, &owned.bytes);
    owned.records.push_back(record);
    ends.push_back(owned.bytes.size());
  }
  size_t begin = 0;
  for (size_t i = 0; i < ends.size(); ++i) {
    owned.records[i].bytes = std::string_view(owned.bytes).substr(begin, ends[i] - begin);
    begin = ends[i];
  }
  return owned;
}

absl::StatusOr<model::Labels> ReadLabels(std::string_view bytes) {
  if (absl::Status status = model::CheckLabelBytes(bytes); !status.ok()) {
    return absl::DataLossError(status.message());
  }
  return model::Labels(model::LabelsView(bytes));
}

}  // namespace

OwnedRecords ToRecords(std::span<const model::HistogramSample> histograms) {
  return Convert(histograms, [](const model::HistogramSample& h, Record* record, std::string* out) {
    record->start_timestamp = h.start_timestamp;
    record->hint = static_cast<int64_t>(model::ResetHint(h.histogram));
    model::EncodeHistogram(h.histogram, out);
  });
}

OwnedRecords ToRecords(std::span<const model::Exemplar> exemplars) {
  return Convert(exemplars, [](const model::Exemplar& e, Record*, std::string* out) {
    PutFixed(e.value, out);
    out->append(e.labels.view().bytes());
  });
}

absl::StatusOr<model::HistogramSample> ToHistogram(const Record& record) {
  std::string_view bytes = record.bytes;
  auto histogram = model::DecodeHistogram(&bytes);
  if (!histogram.ok()) return histogram.status();
  if (!bytes.empty()) return absl::DataLossError("bytes follow the histogram");
  return model::HistogramSample{.timestamp = record.timestamp,
                                .start_timestamp = record.start_timestamp,
                                .histogram = *std::move(histogram)};
}

absl::StatusOr<model::Exemplar> ToExemplar(const Record& record) {
  if (record.bytes.size() < sizeof(double)) return absl::DataLossError("the exemplar is cut off");
  ByteReader in(record.bytes);
  model::Exemplar exemplar{
      .labels = {}, .value = in.Fixed<double>(), .timestamp = record.timestamp};
  auto labels = ReadLabels(in.Take(in.remaining()));
  if (!labels.ok()) return labels.status();
  exemplar.labels = *std::move(labels);
  return exemplar;
}

}  // namespace tidegate::storage
