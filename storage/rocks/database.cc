#include "storage/rocks/database.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>
#include <spdlog/spdlog.h>

#include <cstdarg>
#include <filesystem>

namespace tidegate::storage {
namespace {

// RocksDB's own messages, warnings and worse, in our log: so it keeps no log files of its own.
class LogBridge final : public rocksdb::Logger {
 public:
  LogBridge() : rocksdb::Logger(rocksdb::WARN_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel() || level > rocksdb::FATAL_LEVEL) return;
    char text[1024];
    std::vsnprintf(text, sizeof(text), format, arguments);
    spdlog::warn("rocksdb: {}", text);
  }
  void Logv(const char*, va_list) override {}
};

rocksdb::Options DatabaseOptions(rocksdb::Env* env) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  // Files are opened when they are read, so that a start does not touch every page file.
  options.max_open_files = 512;
  options.skip_stats_update_on_db_open = true;
  options.skip_checking_sst_file_sizes_on_db_open = true;
  options.max_background_jobs = 2;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_total_wal_size = 16 << 20;
  options.max_manifest_file_size = 16 << 20;
  options.info_log = std::make_shared<LogBridge>();
  // A record cut off at the end was never acknowledged; damage before it must be said, not skipped.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  return options;
}

}  // namespace

absl::Status FromRocks(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = "rocksdb: " + status.ToString();
  if (status.IsNotFound()) return absl::NotFoundError(text);
  if (status.IsCorruption()) return absl::DataLossError(text);
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(text);
  if (status.IsNotSupported() || status.IsInvalidArgument()) {
    return absl::FailedPreconditionError(text);
  }
  return absl::UnavailableError(text);
}

rocksdb::ColumnFamilyOptions DocumentFamilyOptions() {
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = 4 << 20;
  return options;
}

rocksdb::ColumnFamilyOptions PageFamilyOptions(std::shared_ptr<rocksdb::Cache> cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = std::move(cache);
  table.block_size = 4 << 10;  // Every page is larger: one block per page.
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kNoCompression;  // Pages are compressed already.
  // Files come by ingestion, never overlap and leave as a whole: nothing to compact, nothing in the
  // memory table. Two levels: ingestion puts files into the lower one, where they may be deleted by
  // range.
  options.disable_auto_compactions = true;
  options.num_levels = 2;
  options.write_buffer_size = 64 << 10;
  options.arena_block_size = 4 << 10;
  return options;
}

absl::Status Database::MayWrite(uint64_t reserve) const {
  if (read_only) return absl::FailedPreconditionError("the store is open for reading");
  if (failed.load()) {
    return absl::UnavailableError("a write to the store failed: it needs a restart to write again");
  }
  uint64_t free = 0;
  const rocksdb::Status status = options.env->GetFreeSpace(directory, &free);
  if (!status.ok()) return FromRocks(status);
  if (free >= reserve) return absl::OkStatus();
  return absl::ResourceExhaustedError(fmt::format(
      "the disk is full: {} KiB are free, the store needs {}", free >> 10, reserve >> 10));
}

absl::Status Database::Written(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (!failed.exchange(true)) spdlog::error("a write to the store failed: {}", status.ToString());
  return FromRocks(status);
}

Database::~Database() {
  if (db == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : families) db->DestroyColumnFamilyHandle(family);
  const rocksdb::Status status = db->Close();
  if (!status.ok()) spdlog::warn("closing the store's database: {}", status.ToString());
}

absl::StatusOr<std::shared_ptr<Database>> OpenDatabase(const RocksOptions& options,
                                                       rocksdb::Env* env) {
  auto database = std::make_shared<Database>();
  database->directory = options.directory;
  database->read_only = options.read_only;
  database->cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  database->options = DatabaseOptions(env);
  std::vector<std::string> names;
  const rocksdb::Status listed =
      rocksdb::DB::ListColumnFamilies(database->options, options.directory, &names);
  const bool exists = std::filesystem::exists(options.directory + "/CURRENT");
  if (exists && !listed.ok()) return FromRocks(listed);
  if (!exists) names = {rocksdb::kDefaultColumnFamilyName, kDocumentsFamily};
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  bool has_documents = false;
  for (const std::string& name : names) {
    const bool is_pages = name.starts_with("pages/");
    has_documents |= name == kDocumentsFamily;
    families.emplace_back(name,
                          is_pages ? PageFamilyOptions(database->cache) : DocumentFamilyOptions());
  }
  if (!has_documents) families.emplace_back(kDocumentsFamily, DocumentFamilyOptions());
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      options.read_only ? rocksdb::DB::OpenForReadOnly(database->options, options.directory,
                                                       families, &database->families, &db)
                        : rocksdb::DB::Open(database->options, options.directory, families,
                                            &database->families, &db);
  if (!opened.ok()) return FromRocks(opened);
  database->db.reset(db);
  return database;
}

}  // namespace tidegate::storage
