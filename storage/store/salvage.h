// What an opening does when RocksDB's own files are damaged: keeps every page that can be proven to
// be part of the store (docs/adr/0003-pages-and-partitions.md).
#ifndef TIDEGATE_STORAGE_STORE_SALVAGE_H_
#define TIDEGATE_STORAGE_STORE_SALVAGE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/rocks/rocks.h"
#include "storage/store/catalogue_copy.h"

namespace tidegate::storage {

// DIR/rocks.damaged-1, -2, ...: what salvages have set aside.
inline constexpr char kSetAsidePrefix[] = "rocks.damaged-";

// Ok, or DataLoss and what is damaged: the documents cannot be read, know less than the copy of the
// catalogue, or name a segment whose file is not there. FailedPrecondition for a newer format.
absl::Status VerifyDatabase(Rocks* rocks, const CatalogueState* copy);

// Builds a new database from the page files that `copy` names, with the catalogue as `copy` says
// less the segments whose files are gone, and what documents the table files still hold. Then sets
// the old one aside. Returns what was lost, said for a person. A crash on the way changes nothing,
// or FinishSalvage completes it. The database must be closed.
absl::StatusOr<std::vector<StorageDamage>> SalvageDatabase(const std::string& directory,
                                                           const CatalogueState& copy,
                                                           const absl::Status& reason);

// Completes or forgets a salvage that a crash interrupted. Before every opening.
absl::Status FinishSalvage(const std::string& directory);

// The set-aside directories of earlier salvages.
std::vector<std::string> SetAside(const std::string& directory);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_STORE_SALVAGE_H_
