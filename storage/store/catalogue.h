// The catalogue: which segments exist, and how far each producer's cuts are committed. Durable in
// the documents; what it does not name does not exist.
#ifndef TIDEGATE_STORAGE_STORE_CATALOGUE_H_
#define TIDEGATE_STORAGE_STORE_CATALOGUE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/documents.h"
#include "storage/log.h"
#include "storage/store/catalogue_copy.h"
#include "storage/store/segment_entry.h"

namespace tidegate::storage {

// One change, all or nothing.
struct CatalogueChange {
  std::vector<SegmentEntry> add;  // With their rank.
  std::vector<SegmentId> remove;
  std::optional<std::pair<uint64_t, LogPosition>> committed;  // (producer, position)
  std::optional<uint64_t> end_producer;
  std::vector<StoredDeletion> add_deletions;
  std::vector<uint64_t> remove_deletions;  // Their numbers.
};

// Guarded by its owner's writer lock: one thread at a time. Documents (docs/formats/catalogue.md):
//   catalogue/segment/<hex of the segment's key prefix>   an entry
//   catalogue/producer/<16 hex digits>                    varint(position)
//   catalogue/deletion/<16 hex digits>                    a deletion
//   catalogue/commits                                     varint(commits so far)
//   catalogue/next                                        varint(next number)
class Catalogue {
 public:
  // Reads everything; the documents must outlive the catalogue. DataLoss, FailedPrecondition. With
  // `damage` not null, damaged documents are noted there and left out instead.
  static absl::StatusOr<Catalogue> Load(Documents* documents, std::vector<StorageDamage>* damage);

  const std::map<SegmentId, SegmentEntry>& segments() const { return state_.segments; }
  const CatalogueState& state() const { return state_; }
  // Up to which the producer's cuts are committed; nullopt when it is not known.
  std::optional<LogPosition> CommittedPosition(uint64_t producer) const;

  const std::map<uint64_t, StoredDeletion>& deletions() const { return state_.deletions; }

  // A number that was never given before: a rank, a merge's or a deletion's number. Durable with
  // the next Commit.
  uint64_t TakeNumber() { return state_.next_number++; }

  // Synced when it returns. After an error the change is in doubt: Reload before the next one.
  absl::Status Commit(const CatalogueChange& change);
  absl::Status Reload();
  // Makes the documents say what `state` says. For a salvage, into empty documents.
  absl::Status Restore(const CatalogueState& state);

 private:
  explicit Catalogue(Documents* documents) : documents_(documents) {}
  absl::Status Read(std::vector<StorageDamage>* damage);
  absl::StatusOr<uint64_t> ReadNumber(std::string_view key) const;  // 0 when there is none.
  absl::Status ReadSegments(std::vector<StorageDamage>* damage);
  absl::Status ReadDeletions(std::vector<StorageDamage>* damage);

  Documents* documents_;
  CatalogueState state_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_CATALOGUE_H_
