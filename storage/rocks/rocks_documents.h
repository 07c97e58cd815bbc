// Documents in a column family, with synced transactions. Inside this room only.
#ifndef TIDEGATE_STORAGE_ROCKS_ROCKS_DOCUMENTS_H_
#define TIDEGATE_STORAGE_ROCKS_ROCKS_DOCUMENTS_H_

#include <memory>
#include <mutex>

#include "storage/documents.h"
#include "storage/rocks/database.h"

namespace tidegate::storage {

// Stored value: fixed64 version, then the document. Versions are numbers of RocksDB's sequence, so
// they grow over deletions and restarts. Thread safe; transactions take turns.
class RocksDocuments final : public Documents {
 public:
  RocksDocuments(std::shared_ptr<Database> database, rocksdb::ColumnFamilyHandle* family)
      : database_(database), family_(std::move(database), family) {}

  absl::StatusOr<Document> Get(std::string_view key) override;
  absl::StatusOr<std::vector<Document>> List(std::string_view prefix, std::string_view after,
                                             size_t limit) override;
  absl::Status Commit(const std::vector<DocumentWrite>& writes) override;

 private:
  // The caller holds the database's gate, like for the next.
  absl::StatusOr<Document> GetLocked(std::string_view key);
  absl::Status CheckVersionLocked(const DocumentWrite& write);

  std::shared_ptr<Database> database_;
  OpenFamily family_;
  std::mutex mutex_;  // Held by a transaction; taken before the gate.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_ROCKS_DOCUMENTS_H_
