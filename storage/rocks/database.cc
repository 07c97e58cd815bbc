#include "storage/rocks/database.h"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>
#include <spdlog/spdlog.h>

#include <algorithm>
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
  options.env = env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.paranoid_checks = true;
  // Files are opened when they are read, so that a start does not touch every page file.
  options.max_open_files = 512;
  options.skip_stats_update_on_db_open = true;
  options.skip_checking_sst_file_sizes_on_db_open = true;
  options.max_background_jobs = 2;
  options.statistics = rocksdb::CreateDBStatistics();
  options.statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.max_total_wal_size = 16 << 20;
  options.max_manifest_file_size = 16 << 20;
  options.info_log = std::make_shared<LogBridge>();
  // A record cut off at the end was never acknowledged; damage before it must be said, not skipped.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  return options;
}

// A file that is missing is damage here, and so is a manifest that names what cannot be.
absl::Status FromOpening(const rocksdb::Status& status) {
  const bool missing = status.IsPathNotFound() || status.IsNotFound() || status.IsInvalidArgument();
  return missing ? absl::DataLossError("rocksdb: " + status.ToString()) : FromRocks(status);
}

// Without CURRENT RocksDB would begin anew and remove the files that it does not know.
bool HoldsData(const std::string& directory) {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(directory, error)) {
    const auto kind = file.path().extension();
    if (kind == ".sst" || (kind == ".log" && file.file_size(error) > 0)) return true;
  }
  return false;
}

// Opens the database with all families that it has; its `db` and `families` are empty before.
absl::Status OpenFamilies(Database* database, bool for_reading) {
  std::vector<std::string> names;
  const rocksdb::Status listed =
      rocksdb::DB::ListColumnFamilies(database->options, database->directory, &names);
  const bool exists = std::filesystem::exists(database->directory + "/CURRENT");
  if (exists && !listed.ok()) return FromOpening(listed);
  if (!exists && HoldsData(database->directory)) {
    return absl::DataLossError(fmt::format("{}/CURRENT is missing", database->directory));
  }
  if (!exists) names = {rocksdb::kDefaultColumnFamilyName};
  if (std::find(names.begin(), names.end(), kDocumentsFamily) == names.end()) {
    names.push_back(kDocumentsFamily);
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    const bool is_pages = name.starts_with("pages/");
    families.emplace_back(name,
                          is_pages ? PageFamilyOptions(database->cache) : DocumentFamilyOptions());
  }
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened =
      for_reading ? rocksdb::DB::OpenForReadOnly(database->options, database->directory, families,
                                                 &database->families, &db)
                  : rocksdb::DB::Open(database->options, database->directory, families,
                                      &database->families, &db);
  if (!opened.ok()) return FromOpening(opened);
  database->db.reset(db);
  return absl::OkStatus();
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

absl::StatusOr<uint64_t> Database::FreeBytes() const {
  uint64_t free = 0;
  const rocksdb::Status status = options.env->GetFreeSpace(directory, &free);
  if (!status.ok()) return FromRocks(status);
  return free;
}

absl::Status Database::MayWrite(uint64_t reserve) const {
  if (read_only) return absl::FailedPreconditionError("the store is open for reading");
  if (failed.load()) {
    return absl::UnavailableError("a write to the store failed: it is opened anew, try again");
  }
  const auto free = FreeBytes();
  if (!free.ok()) return free.status();
  if (*free >= reserve) return absl::OkStatus();
  return absl::ResourceExhaustedError(fmt::format(
      "the disk is full: {} KiB are free, the store needs {}", *free >> 10, reserve >> 10));
}

absl::Status Database::CheckOpen() const {
  if (db != nullptr) return absl::OkStatus();
  return absl::UnavailableError("the store's database is being opened anew, try again");
}

absl::Status Database::Written(const rocksdb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  failures.fetch_add(1);
  {
    std::lock_guard lock(failure_mutex);
    if (!failed.exchange(true)) spdlog::error("a write to the store failed: {}", status.ToString());
  }
  failure.notify_all();
  return FromRocks(status);
}

void Database::CloseLocked() {
  if (db == nullptr) return;
  for (rocksdb::ColumnFamilyHandle* family : families) db->DestroyColumnFamilyHandle(family);
  families.clear();
  {
    std::lock_guard lock(in_use_mutex_);
    for (OpenFamily* family : in_use_) {
      if (family->handle_ != nullptr) db->DestroyColumnFamilyHandle(family->handle_);
      family->handle_ = nullptr;
    }
  }
  const rocksdb::Status status = db->Close();
  if (!status.ok()) spdlog::warn("closing the store's database: {}", status.ToString());
  db.reset();
}

void Database::HandBackLocked() {
  std::lock_guard lock(in_use_mutex_);
  for (OpenFamily* user : in_use_) {
    if (user->dropped_.load()) continue;
    const auto at = std::find_if(families.begin(), families.end(),
                                 [&](auto* family) { return family->GetName() == user->name_; });
    if (at == families.end()) continue;
    user->handle_ = *at;
    families.erase(at);
  }
}

absl::Status Database::ReopenLocked(bool for_reading) {
  CloseLocked();
  deletions->Forget();
  if (absl::Status status = OpenFamilies(this, for_reading); !status.ok()) return status;
  HandBackLocked();
  return absl::OkStatus();
}

Database::~Database() { CloseLocked(); }

OpenFamily::OpenFamily(std::shared_ptr<Database> database, rocksdb::ColumnFamilyHandle* handle)
    : database_(std::move(database)), name_(handle->GetName()), handle_(handle) {
  std::lock_guard lock(database_->in_use_mutex_);
  database_->in_use_.insert(this);
}

OpenFamily::~OpenFamily() {
  absl::ReaderMutexLock gate(&database_->gate);
  {
    std::lock_guard lock(database_->in_use_mutex_);
    database_->in_use_.erase(this);
  }
  if (handle_ != nullptr) database_->db->DestroyColumnFamilyHandle(handle_);
}

absl::Status OpenFamily::CheckOpen() const {
  if (absl::Status status = database_->CheckOpen(); !status.ok()) return status;
  if (handle_ != nullptr) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("{} is gone, ask again", name_));
}

absl::StatusOr<std::shared_ptr<Database>> OpenDatabase(const RocksOptions& options,
                                                       rocksdb::Env* env) {
  auto database = std::make_shared<Database>();
  database->directory = options.directory;
  database->read_only = options.read_only;
  database->cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  if (env == nullptr) env = rocksdb::Env::Default();
  database->deletions = std::make_shared<HeldDeletions>(env->GetFileSystem(), options.directory);
  database->env = rocksdb::NewCompositeEnv(database->deletions);
  database->options = DatabaseOptions(database->env.get());
  database->deletions->Hold();  // Until the caller has seen that nothing is missing.
  absl::Status status = OpenFamilies(database.get(), options.read_only);
  if (!status.ok()) return status;
  return database;
}

}  // namespace tidegate::storage
