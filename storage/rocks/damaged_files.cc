// Rocks::DamagedFiles: reads table files one by one, so that each damaged one is named.

#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_reader.h>

#include "storage/rocks/database.h"

namespace tidegate::storage {

absl::StatusOr<std::vector<StorageDamage>> FindDamagedFiles(Database& database) {
  absl::ReaderMutexLock gate(&database.gate);
  if (absl::Status status = database.CheckOpen(); !status.ok()) return status;
  std::vector<rocksdb::LiveFileMetaData> files;
  database.db->GetLiveFilesMetaData(&files);
  std::vector<StorageDamage> damage;
  for (const rocksdb::LiveFileMetaData& file : files) {
    rocksdb::SstFileReader reader(database.options);
    rocksdb::Status status = reader.Open(file.db_path + file.name);
    if (status.ok()) status = reader.VerifyChecksum();
    if (!status.ok()) {
      damage.push_back({.where = "file " + file.name + " of " + file.column_family_name,
                        .reason = status.ToString()});
    }
  }
  return damage;
}

}  // namespace tidegate::storage
