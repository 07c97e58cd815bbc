#include "storage/store/salvage.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "storage/rocks/rebuild.h"
#include "storage/store/catalogue.h"
#include "storage/store/directory.h"

namespace tidegate::storage {
namespace {

constexpr char kRebuiltSubdirectory[] = "rocks.rebuilt";
constexpr std::string_view kCatalogueCollection = "catalogue/";

absl::Status SyncDirectory(const std::string& directory) {
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  if (file >= 0) close(file);
  return synced ? absl::OkStatus()
                : absl::UnavailableError(fmt::format("cannot sync {}", directory));
}

absl::Status Rename(const std::string& directory, const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(directory + "/" + from, directory + "/" + to, error);
  if (!error) return SyncDirectory(directory);
  return absl::UnavailableError(
      fmt::format("cannot rename {}/{} to {}: {}", directory, from, to, error.message()));
}

std::string NextSetAside(const std::string& directory) {
  for (int number = 1;; ++number) {
    const std::string name = fmt::format("{}{}", kSetAsidePrefix, number);
    if (!std::filesystem::exists(directory + "/" + name)) return name;
  }
}

// The documents that are not the catalogue's, with new versions.
absl::Status RestoreDocuments(const std::vector<Document>& documents, Documents* target) {
  std::vector<DocumentWrite> writes;
  for (const Document& document : documents) {
    if (document.key.starts_with(kCatalogueCollection)) continue;
    writes.push_back(
        {.key = document.key, .value = document.value, .expected_version = std::nullopt});
  }
  return writes.empty() ? absl::OkStatus() : target->Commit(writes);
}

// The copy less the segments whose file was not found; those are told.
CatalogueState WithoutLost(const CatalogueState& copy, const std::vector<std::string>& placed_keys,
                           std::vector<StorageDamage>* damage) {
  std::set<SegmentId> placed;
  for (const std::string& key : placed_keys) placed.insert(ParsePageKey(key)->id);
  CatalogueState state = copy;
  for (const auto& [id, entry] : copy.segments) {
    if (placed.contains(id)) continue;
    state.segments.erase(id);
    damage->push_back({.where = ToString(id),
                       .reason = fmt::format("its file is missing or unreadable: {} points of {} "
                                             "series are lost",
                                             entry.samples, entry.series)});
  }
  ++state.commits;
  return state;
}

absl::Status CheckFiles(Rocks* rocks, const Catalogue& catalogue) {
  std::set<SegmentId> found;
  for (const PartitionSpan& span : rocks->pages().Spans()) {
    auto ranges = rocks->pages().Ranges(span);
    if (!ranges.ok()) return ranges.status();
    for (const StoredRange& range : *ranges) {
      if (const auto key = ParsePageKey(range.least_key); key.ok()) found.insert(key->id);
    }
  }
  for (const auto& [id, entry] : catalogue.segments()) {
    if (found.contains(id)) continue;
    return absl::DataLossError(fmt::format("no file holds {}", ToString(id)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyDatabase(Rocks* rocks, const CatalogueState* copy) {
  if (auto all = rocks->documents().List("", "", 0); !all.ok()) return all.status();
  auto catalogue = Catalogue::Load(&rocks->documents(), nullptr);
  if (!catalogue.ok()) return catalogue.status();
  if (copy != nullptr && catalogue->state().commits < copy->commits) {
    return absl::DataLossError(
        fmt::format("RocksDB's log or manifest lost the end: the catalogue has {} commits, its "
                    "copy {}",
                    catalogue->state().commits, copy->commits));
  }
  return CheckFiles(rocks, *catalogue);
}

absl::StatusOr<std::vector<StorageDamage>> SalvageDatabase(const std::string& directory,
                                                           const CatalogueState& copy,
                                                           const absl::Status& reason) {
  const std::string old = directory + "/" + kRocksSubdirectory;
  std::vector<StorageDamage> damage;
  damage.push_back({.where = old, .reason = std::string(reason.message())});
  std::error_code error;
  std::filesystem::create_directories(old, error);
  RebuildRequest request;
  request.damaged_directory = old;
  request.directory = directory + "/" + kRebuiltSubdirectory;
  request.place_fn = [&](std::string_view key) -> std::optional<PartitionSpan> {
    const auto parsed = ParsePageKey(key);
    if (!parsed.ok()) return std::nullopt;
    const auto at = copy.segments.find(parsed->id);
    if (at == copy.segments.end()) return std::nullopt;
    return at->second.partition;
  };
  auto rebuilt = RebuildRocks(request);
  if (!rebuilt.ok()) return rebuilt.status();
  damage.insert(damage.end(), rebuilt->damage.begin(), rebuilt->damage.end());
  auto catalogue = Catalogue::Load(&rebuilt->rocks->documents(), nullptr);
  if (!catalogue.ok()) return catalogue.status();
  absl::Status status = RestoreDocuments(rebuilt->documents, &rebuilt->rocks->documents());
  if (status.ok()) status = catalogue->Restore(WithoutLost(copy, rebuilt->placed_keys, &damage));
  rebuilt->rocks->ReleaseDeletions();
  rebuilt->rocks.reset();
  const std::string aside = NextSetAside(directory);
  if (status.ok()) status = Rename(directory, kRocksSubdirectory, aside);
  if (status.ok()) status = Rename(directory, kRebuiltSubdirectory, kRocksSubdirectory);
  if (!status.ok()) return status;
  // The new database has these files under other names.
  for (const std::string& file : rebuilt->placed_files) {
    const std::string name = std::filesystem::path(file).filename();
    std::filesystem::remove(fmt::format("{}/{}/{}", directory, aside, name), error);
  }
  damage.push_back({.where = fmt::format("{}/{}", directory, aside),
                    .reason = "set aside by a salvage; documents (metric metadata) written since "
                              "the last start may be missing"});
  return damage;
}

absl::Status FinishSalvage(const std::string& directory) {
  const std::string rebuilt = directory + "/" + kRebuiltSubdirectory;
  if (!std::filesystem::exists(rebuilt)) return absl::OkStatus();
  // The old database is renamed only when the new one is complete.
  if (!std::filesystem::exists(directory + "/" + kRocksSubdirectory)) {
    return Rename(directory, kRebuiltSubdirectory, kRocksSubdirectory);
  }
  std::error_code error;
  std::filesystem::remove_all(rebuilt, error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("cannot remove {}: {}", rebuilt, error.message()));
}

std::vector<std::string> SetAside(const std::string& directory) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(directory, error)) {
    if (file.path().filename().string().starts_with(kSetAsidePrefix)) found.push_back(file.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace tidegate::storage
