// Keeps table files over a failed ingestion. Inside this room only.
#ifndef TIDEGATE_STORAGE_ROCKS_HELD_DELETIONS_H_
#define TIDEGATE_STORAGE_ROCKS_HELD_DELETIONS_H_

#include <rocksdb/file_system.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tidegate::storage {

// When the manifest's sync fails, RocksDB 7.8.3 deletes the files of the ingestion although the
// manifest may name them on disk; it could not be opened again then. So deletions of table files wait
// until the outcome is known: Release carries them out, and after a failure Forget leaves it to the
// next opening, which removes what the manifest does not name. Thread safe.
class HeldDeletions final : public rocksdb::FileSystemWrapper {
 public:
  HeldDeletions(std::shared_ptr<rocksdb::FileSystem> files, std::string directory)
      : rocksdb::FileSystemWrapper(std::move(files)), directory_(std::move(directory)) {}

  // From now on deletions of table files in the directory itself wait.
  void Hold();
  void Release();
  void Forget();

  const char* Name() const override { return "HeldDeletions"; }
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  const std::string directory_;
  std::mutex mutex_;
  bool held_ = false;               // Guarded by mutex_, like the next.
  std::vector<std::string> paths_;  // That wait.
};

}  // namespace tidegate::storage

#endif  // TIDEGATE_STORAGE_ROCKS_HELD_DELETIONS_H_
