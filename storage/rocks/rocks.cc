#include "storage/rocks/rocks.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/statistics.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <filesystem>

#include "storage/rocks/database.h"
#include "storage/rocks/recovery.h"
#include "storage/rocks/rocks_documents.h"
#include "storage/rocks/rocks_pages.h"

namespace tidegate::storage {
namespace {

absl::Status MakeCheckpoint(Database* database, const std::string& directory) {
  absl::ReaderMutexLock lock(&database->gate);
  if (absl::Status status = database->CheckOpen(); !status.ok()) return status;
  rocksdb::Checkpoint* made = nullptr;
  rocksdb::Status status = rocksdb::Checkpoint::Create(database->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
  return FromRocks(status);
}

uint64_t Property(rocksdb::DB* db, const std::string& name) {
  uint64_t value = 0;
  return db->GetAggregatedIntProperty(name, &value) ? value : 0;
}

RocksFigures FiguresOf(Database* database) {
  RocksFigures figures;
  const rocksdb::Statistics& statistics = *database->options.statistics;
  figures.block_cache_bytes = database->cache->GetUsage();
  figures.block_cache_hits = statistics.getTickerCount(rocksdb::BLOCK_CACHE_HIT);
  figures.block_cache_misses = statistics.getTickerCount(rocksdb::BLOCK_CACHE_MISS);
  figures.failed_writes = database->failures.load();
  absl::ReaderMutexLock gate(&database->gate);
  if (!database->CheckOpen().ok()) return figures;
  rocksdb::DB* const db = database->db.get();
  figures.file_bytes = Property(db, rocksdb::DB::Properties::kTotalSstFilesSize);
  figures.memtable_bytes = Property(db, rocksdb::DB::Properties::kCurSizeAllMemTables);
  figures.table_reader_bytes = Property(db, rocksdb::DB::Properties::kEstimateTableReadersMem);
  return figures;
}

class OpenedRocks final : public Rocks {
 public:
  OpenedRocks(std::shared_ptr<Database> database, std::unique_ptr<RocksPages> pages,
              std::unique_ptr<RocksDocuments> documents)
      : database_(std::move(database)), pages_(std::move(pages)), documents_(std::move(documents)) {
    if (database_->read_only) return;
    recovery_ = std::make_unique<Recovery>(database_, [this] { return pages_->Refresh(); });
  }

  PageStore& pages() override { return *pages_; }
  Documents& documents() override { return *documents_; }
  absl::StatusOr<std::vector<StorageDamage>> DamagedFiles() override {
    return FindDamagedFiles(*database_);
  }
  absl::Status Checkpoint(const std::string& directory) override {
    return MakeCheckpoint(database_.get(), directory);
  }
  void ReleaseDeletions() override { database_->deletions->Release(); }
  absl::Status Writable() const override { return database_->MayWrite(kWriteReserve); }

  RocksFigures Figures() const override { return FiguresOf(database_.get()); }

 private:
  std::shared_ptr<Database> database_;
  std::unique_ptr<RocksPages> pages_;
  std::unique_ptr<RocksDocuments> documents_;
  std::unique_ptr<Recovery> recovery_;  // Uses all above.
};

}  // namespace

absl::StatusOr<std::unique_ptr<Rocks>> OpenRocksOn(const RocksOptions& options, rocksdb::Env* env) {
  std::error_code error;
  if (!options.read_only) std::filesystem::create_directories(options.directory, error);
  if (error) {
    return absl::UnavailableError(
        fmt::format("cannot create {}: {}", options.directory, error.message()));
  }
  auto database = OpenDatabase(options, env);
  if (!database.ok()) return database.status();
  auto pages = std::make_unique<RocksPages>(*database);
  if (absl::Status status = pages->Refresh(); !status.ok()) return status;
  auto& families = (*database)->families;
  const auto family = std::find_if(families.begin(), families.end(),
                                   [](const auto* f) { return f->GetName() == kDocumentsFamily; });
  if (family == families.end()) return absl::DataLossError("the documents are gone");
  auto documents = std::make_unique<RocksDocuments>(*database, *family);
  families.erase(family);
  if (!options.read_only) {
    if (absl::Status status = pages->CleanIncoming(); !status.ok()) return status;
  }
  return std::make_unique<OpenedRocks>(*std::move(database), std::move(pages),
                                       std::move(documents));
}

absl::StatusOr<std::unique_ptr<Rocks>> OpenRocks(const RocksOptions& options) {
  return OpenRocksOn(options, nullptr);
}

}  // namespace tidegate::storage
