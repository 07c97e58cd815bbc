// A second copy of the catalogue, in a file of its own (docs/formats/catalogue.md). It is what a
// salvage trusts when RocksDB's own files are damaged.
#ifndef TIDEGATE_STORAGE_STORE_CATALOGUE_COPY_H_
#define TIDEGATE_STORAGE_STORE_CATALOGUE_COPY_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/log.h"
#include "storage/store/deletions.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

inline constexpr char kCatalogueCopyFile[] = "CATALOGUE";

// Everything that the catalogue knows after one commit.
struct CatalogueState {
  std::map<SegmentId, SegmentEntry> segments;
  std::map<uint64_t, LogPosition> producers;
  std::map<uint64_t, StoredDeletion> deletions;  // By number; those that some segment still needs.
  uint64_t next_number = 1;
  uint64_t commits = 0;  // Of the catalogue, ever: tells which of two states is the later one.

  friend bool operator==(const CatalogueState&, const CatalogueState&) = default;
};

std::string EncodeCatalogueState(const CatalogueState& state);
// DataLoss when the bytes are damaged, FailedPrecondition for a newer version.
absl::StatusOr<CatalogueState> DecodeCatalogueState(std::string_view bytes);

// Replaces the file as a whole; synced when it returns.
absl::Status WriteCatalogueCopy(const std::string& path, const CatalogueState& state);
// NotFound when there is none.
absl::StatusOr<CatalogueState> ReadCatalogueCopy(const std::string& path);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_CATALOGUE_COPY_H_
