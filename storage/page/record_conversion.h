// Histograms and exemplars as records, and back (docs/formats/page.md).
#ifndef TIDEGATE_STORAGE_PAGE_RECORD_CONVERSION_H_
#define TIDEGATE_STORAGE_PAGE_RECORD_CONVERSION_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "model/exemplar.h"
#include "model/histogram.h"
#include "storage/page/record_page.h"

namespace tidegate::storage {

// Records whose bytes live in `bytes`.
struct OwnedRecords {
  std::string bytes;
  std::vector<Record> records;
};

// Record bytes: model::EncodeHistogram; the hint and the start timestamp are columns too.
OwnedRecords ToRecords(std::span<const model::HistogramSample> histograms);
// Record bytes: the value (8 bytes) and the canonical label bytes.
OwnedRecords ToRecords(std::span<const model::Exemplar> exemplars);

// DataLoss when the bytes are not what ToRecords made.
absl::StatusOr<model::HistogramSample> ToHistogram(const Record& record);
absl::StatusOr<model::Exemplar> ToExemplar(const Record& record);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_PAGE_RECORD_CONVERSION_H_
