// CheckStorage (storage/store.h): the offline check behind `tidegate check storage DIR`.

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "storage/check/check_segment.h"
#include "storage/files/posix_file_system.h"
#include "storage/log/read_local_log.h"
#include "storage/rocks/rocks.h"
#include "storage/store.h"
#include "storage/store/catalogue.h"
#include "storage/store/catalogue_copy.h"
#include "storage/store/directory.h"
#include "storage/store/salvage.h"

namespace tidegate::storage {
namespace {

using Damage = std::vector<StorageDamage>;

// Damage becomes a line of the list, everything else the caller's error.
absl::Status Collect(const absl::Status& status, const std::string& where, Damage* damage) {
  if (!absl::IsDataLoss(status)) return status;
  damage->push_back({.where = where, .reason = std::string(status.message())});
  return absl::OkStatus();
}

void CheckDocuments(Rocks* rocks, Damage* damage) {
  if (auto all = rocks->documents().List("", "", 0); !all.ok()) {
    damage->push_back({.where = "documents", .reason = std::string(all.status().message())});
  }
}

void CheckSegments(Rocks* rocks, Damage* damage) {
  auto catalogue = Catalogue::Load(&rocks->documents(), damage);
  if (!catalogue.ok()) {
    damage->push_back({.where = "catalogue", .reason = std::string(catalogue.status().message())});
    return;
  }
  for (const auto& [id, entry] : catalogue->segments()) {
    if (const auto partition = rocks->pages().Find(entry.partition); partition != nullptr) {
      CheckSegment(entry, *partition, damage);
    } else {
      damage->push_back({.where = ToString(id), .reason = "its partition does not exist"});
    }
  }
}

absl::Status CheckStore(const std::string& directory, Damage* damage) {
  if (!std::filesystem::is_directory(directory)) return absl::OkStatus();
  auto lock = DirectoryLock::Acquire(directory, /*create=*/false);
  if (!lock.ok()) return Collect(lock.status(), directory, damage);
  const auto copy = ReadCatalogueCopy(directory + "/" + kCatalogueCopyFile);
  if (!copy.ok() && !absl::IsNotFound(copy.status())) {
    damage->push_back({.where = directory + "/" + kCatalogueCopyFile,
                       .reason = std::string(copy.status().message())});
  }
  for (const std::string& aside : SetAside(directory)) {
    damage->push_back({.where = aside, .reason = "set aside by a salvage"});
  }
  RocksOptions options;
  options.directory = directory + "/" + kRocksSubdirectory;
  options.read_only = true;
  if (!std::filesystem::is_directory(options.directory)) {
    if (copy.ok()) damage->push_back({.where = options.directory, .reason = "is missing"});
    return absl::OkStatus();
  }
  auto rocks = OpenRocks(options);
  if (!rocks.ok()) {
    damage->push_back(
        {.where = options.directory, .reason = std::string(rocks.status().message())});
    return absl::OkStatus();
  }
  const absl::Status verified = VerifyDatabase(rocks->get(), copy.ok() ? &*copy : nullptr);
  if (absl::Status status = Collect(verified, options.directory, damage); !status.ok()) {
    return status;
  }
  auto files = (*rocks)->DamagedFiles();
  if (!files.ok()) return files.status();
  damage->insert(damage->end(), files->begin(), files->end());
  CheckDocuments(rocks->get(), damage);
  CheckSegments(rocks->get(), damage);
  return absl::OkStatus();
}

absl::Status CheckLog(const std::string& directory, Damage* damage) {
  if (!std::filesystem::is_directory(directory)) return absl::OkStatus();
  PosixFileSystem files;
  const auto bounds = ReadLocalLog(
      files, directory, {}, [](LogPosition, std::string_view) { return absl::OkStatus(); },
      [&](const LogDamage& d) {
        // Nothing acknowledged is missing in a torn tail.
        if (d.begin == d.end && d.reason.find("torn tail") != std::string::npos) return;
        damage->push_back({.where = fmt::format("log {}, positions {}..{}", directory,
                                                d.begin.value, d.end.value),
                           .reason = d.reason});
      });
  return Collect(bounds.status(), "log " + directory, damage);
}

}  // namespace

absl::StatusOr<Damage> CheckStorage(const std::string& directory) {
  if (!std::filesystem::is_directory(directory)) {
    return absl::NotFoundError(fmt::format("{} is not a directory", directory));
  }
  Damage damage;
  // The layout of --storage_dir; a store's or an ingester's own directory works as well.
  for (const std::string& store : {directory, directory + "/store"}) {
    const bool is_store = std::filesystem::exists(store + "/STORAGE_FORMAT") ||
                          std::filesystem::exists(store + "/" + kRocksSubdirectory);
    if (!is_store) continue;
    if (absl::Status status = CheckStore(store, &damage); !status.ok()) return status;
  }
  for (const std::string& ingester : {directory, directory + "/ingester"}) {
    if (absl::Status status = CheckLog(ingester + "/log", &damage); !status.ok()) return status;
  }
  return damage;
}

}  // namespace tidegate::storage
