// Builds a new database out of the table files of a damaged one.
#ifndef TIDEGATE_STORAGE_ROCKS_REBUILD_H_
#define TIDEGATE_STORAGE_ROCKS_REBUILD_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/documents.h"
#include "storage/rocks/rocks.h"

namespace tidegate::storage {

struct RebuildRequest {
  std::string damaged_directory;  // Only read.
  std::string directory;          // Of the new database; must not exist.
  // The partition that a page file belongs into, by its least key; nullopt = leave it out.
  std::function<std::optional<PartitionSpan>(std::string_view key)> place_fn;
};

struct Rebuilt {
  std::unique_ptr<Rocks> rocks;             // Holds the placed page files, no documents.
  std::vector<std::string> placed_keys;     // Least keys of the placed files.
  std::vector<std::string> placed_files;    // Paths in the damaged directory, linked into the new one.
  std::vector<Document> documents;          // What table files still hold; per key the newest.
  std::vector<StorageDamage> damage;        // Files that could not be used.
};

// Page files are linked, not copied. What only the damaged database's log held is not found.
absl::StatusOr<Rebuilt> RebuildRocks(const RebuildRequest& request);

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_REBUILD_H_
