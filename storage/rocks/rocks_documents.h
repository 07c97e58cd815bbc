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
      : database_(std::move(database)), family_(family) {}
  ~RocksDocuments() override;

  absl::StatusOr<Document> Get(std::string_view key) override;
  absl::StatusOr<std::vector<Document>> List(std::string_view prefix, std::string_view after,
                                             size_t limit) override;
  absl::Status Commit(const std::vector<DocumentWrite>& writes) override;

 private:
  absl::Status CheckVersionLocked(const DocumentWrite& write);

  std::shared_ptr<Database> database_;
  rocksdb::ColumnFamilyHandle* family_;
  std::mutex mutex_;
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_ROCKS_DOCUMENTS_H_
