#include "storage/rocks/rocks_pages.h"

#include <fmt/format.h>
#include <rocksdb/convenience.h>
#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_writer.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <filesystem>

#include "storage/partition/partition.h"

namespace tidegate::storage {
namespace {

constexpr std::string_view kPagesPrefix = "pages/";

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

std::string FamilyName(const PartitionSpan& span) {
  return fmt::format("{}{}/{}", kPagesPrefix, span.begin, span.duration);
}

bool ParseFamilyName(std::string_view name, PartitionSpan* span) {
  if (!name.starts_with(kPagesPrefix)) return false;
  const char* const end = name.data() + name.size();
  const auto begin = std::from_chars(name.data() + kPagesPrefix.size(), end, span->begin);
  if (begin.ec != std::errc() || begin.ptr == end || *begin.ptr != '/') return false;
  const auto duration = std::from_chars(begin.ptr + 1, end, span->duration);
  return duration.ec == std::errc() && duration.ptr == end && IsValidSpan(*span);
}

// The least key above every key that starts with `prefix`; our prefixes never consist of 0xFF only.
std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (static_cast<uint8_t>(end.back()) == 0xFF) end.pop_back();
  ++end.back();
  return end;
}

}  // namespace

// An open column family. Dropping it keeps the data for as long as somebody holds this, unless the
// database is opened anew meanwhile: then reading answers Unavailable.
class RocksPages::Family final : public Partition {
 public:
  Family(std::shared_ptr<Database> database, PartitionSpan span,
         rocksdb::ColumnFamilyHandle* handle)
      : span_(span), open_(std::move(database), handle) {}

  const PartitionSpan& span() const override { return span_; }
  OpenFamily& open() { return open_; }

  absl::StatusOr<std::string> Read(std::string_view key) const override {
    return Get(rocksdb::ReadOptions(), key);
  }
  absl::StatusOr<std::string> ReadOnce(std::string_view key) const override {
    rocksdb::ReadOptions options;
    options.fill_cache = false;
    return Get(options, key);
  }

 private:
  absl::StatusOr<std::string> Get(const rocksdb::ReadOptions& options, std::string_view key) const {
    absl::ReaderMutexLock gate(&open_.database().gate);
    if (absl::Status status = open_.CheckOpen(); !status.ok()) return status;
    std::string value;
    const rocksdb::Status status =
        open_.database().db->Get(options, open_.handle(), ToSlice(key), &value);
    if (!status.ok()) return FromRocks(status);
    return value;
  }

  const PartitionSpan span_;
  OpenFamily open_;
};

class RocksPages::File final : public PageFile {
 public:
  File(std::shared_ptr<Database> database, std::string path)
      : database_(std::move(database)),
        path_(std::move(path)),
        options_(database_->options, PageFamilyOptions(database_->cache)),
        writer_(rocksdb::EnvOptions(), options_, nullptr, /*invalidate_page_cache=*/false) {}
  ~File() override {
    // Ingestion moved the file away when all went well.
    database_->options.env->DeleteFile(path_).PermitUncheckedError();
  }

  absl::Status Open() { return FromRocks(writer_.Open(path_)); }
  std::string path() const override { return path_; }

  absl::Status Add(std::string_view key, std::string_view value) override {
    return FromRocks(writer_.Put(ToSlice(key), ToSlice(value)));
  }
  absl::Status Finish() override {
    rocksdb::ExternalSstFileInfo info;
    const rocksdb::Status status = writer_.Finish(&info);
    bytes_ = info.file_size;
    return FromRocks(status);
  }
  uint64_t bytes() const override { return bytes_; }

 private:
  std::shared_ptr<Database> database_;
  std::string path_;
  rocksdb::Options options_;
  rocksdb::SstFileWriter writer_;
  uint64_t bytes_ = 0;
};

RocksPages::RocksPages(std::shared_ptr<Database> database) : database_(std::move(database)) {}

absl::Status RocksPages::Refresh() {
  std::lock_guard lock(mutex_);
  for (auto at = families_.begin(); at != families_.end();) {
    if (at->second->open().handle() != nullptr) {
      ++at;
      continue;
    }
    forgotten_.push_back(std::move(at->second));
    at = families_.erase(at);
  }
  std::vector<rocksdb::ColumnFamilyHandle*> others;
  absl::Status result;
  for (rocksdb::ColumnFamilyHandle* family : database_->families) {
    PartitionSpan span;
    const std::string& name = family->GetName();
    if (ParseFamilyName(name, &span)) {
      families_[span] = std::make_shared<Family>(database_, span, family);
      continue;
    }
    others.push_back(family);
    if (name == rocksdb::kDefaultColumnFamilyName || name == kDocumentsFamily) continue;
    result = absl::DataLossError(fmt::format("unknown column family {}", name));
  }
  database_->families = std::move(others);
  return result;
}

absl::Status RocksPages::CleanIncoming() {
  std::error_code error;
  std::filesystem::remove_all(IncomingDirectory(), error);
  return FromRocks(database_->options.env->CreateDirIfMissing(IncomingDirectory()));
}

std::vector<PartitionSpan> RocksPages::Spans() const {
  std::lock_guard lock(mutex_);
  std::vector<PartitionSpan> spans;
  for (const auto& [span, family] : families_) spans.push_back(span);
  return spans;
}

std::shared_ptr<RocksPages::Family> RocksPages::FindFamily(const PartitionSpan& span) const {
  std::lock_guard lock(mutex_);
  const auto at = families_.find(span);
  return at == families_.end() ? nullptr : at->second;
}

std::shared_ptr<Partition> RocksPages::Find(const PartitionSpan& span) const {
  return FindFamily(span);
}

absl::StatusOr<std::shared_ptr<Partition>> RocksPages::Create(const PartitionSpan& span) {
  if (auto existing = Find(span); existing != nullptr) return existing;
  if (absl::Status room = database_->MayWrite(kWriteReserve); !room.ok()) return room;
  absl::ReaderMutexLock gate(&database_->gate);
  if (absl::Status open = database_->CheckOpen(); !open.ok()) return open;
  rocksdb::ColumnFamilyHandle* handle = nullptr;
  const rocksdb::Status status = database_->db->CreateColumnFamily(
      PageFamilyOptions(database_->cache), FamilyName(span), &handle);
  if (!status.ok()) return database_->Written(status);
  auto family = std::make_shared<Family>(database_, span, handle);
  std::lock_guard lock(mutex_);
  families_[span] = family;
  return family;
}

absl::Status RocksPages::Drop(const PartitionSpan& span) {
  const auto family = FindFamily(span);
  if (family == nullptr) return absl::OkStatus();
  if (absl::Status room = database_->MayWrite(kRemoveReserve); !room.ok()) return room;
  {
    absl::ReaderMutexLock gate(&database_->gate);
    if (absl::Status open = family->open().CheckOpen(); !open.ok()) return open;
    const rocksdb::Status status = database_->db->DropColumnFamily(family->open().handle());
    if (!status.ok()) return database_->Written(status);
    family->open().SetDropped();
  }
  std::lock_guard lock(mutex_);
  families_.erase(span);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<PageFile>> RocksPages::NewFile() {
  if (absl::Status room = database_->MayWrite(kWriteReserve); !room.ok()) return room;
  auto file = std::make_unique<File>(
      database_, fmt::format("{}/{}.sst", IncomingDirectory(), next_file_.fetch_add(1)));
  if (absl::Status status = file->Open(); !status.ok()) return status;
  return file;
}

absl::Status RocksPages::Ingest(const std::vector<IngestedFile>& files) {
  if (files.empty()) return absl::OkStatus();
  if (absl::Status room = database_->MayWrite(kWriteReserve); !room.ok()) return room;
  std::vector<std::shared_ptr<Family>> holds;  // Let go of after the gate.
  absl::ReaderMutexLock gate(&database_->gate);
  std::map<PartitionSpan, rocksdb::IngestExternalFileArg> arguments;
  for (const IngestedFile& file : files) {
    const auto family = FindFamily(file.span);
    if (family == nullptr) return absl::FailedPreconditionError("no such partition");
    holds.push_back(family);
    if (absl::Status open = family->open().CheckOpen(); !open.ok()) return open;
    rocksdb::IngestExternalFileArg& argument = arguments[file.span];
    argument.column_family = family->open().handle();
    argument.external_files.push_back(file.file->path());
    argument.options.move_files = true;
    argument.options.snapshot_consistency = false;
    argument.options.allow_global_seqno = false;  // An overlap is our bug: refuse it.
    argument.options.allow_blocking_flush = false;
    argument.options.write_global_seqno = false;
  }
  std::vector<rocksdb::IngestExternalFileArg> list;
  for (auto& [span, argument] : arguments) list.push_back(std::move(argument));
  database_->deletions->Hold();
  const rocksdb::Status status = database_->db->IngestExternalFiles(list);
  // A damaged neighbour in the same family: the check for overlaps reads it. Nothing was written.
  const bool damaged = status.IsCorruption();
  if (status.ok() || damaged) database_->deletions->Release();
  return damaged ? FromRocks(status) : database_->Written(status);
}

absl::Status RocksPages::DeletePrefix(const PartitionSpan& span, std::string_view prefix) {
  const auto family = FindFamily(span);
  if (family == nullptr) return absl::OkStatus();
  if (absl::Status room = database_->MayWrite(kRemoveReserve); !room.ok()) return room;
  const std::string end = PrefixEnd(prefix);
  const rocksdb::Slice first = ToSlice(prefix);
  const rocksdb::Slice last = end;
  absl::ReaderMutexLock gate(&database_->gate);
  if (absl::Status open = family->open().CheckOpen(); !open.ok()) return open;
  return database_->Written(rocksdb::DeleteFilesInRange(
      database_->db.get(), family->open().handle(), &first, &last, /*include_end=*/false));
}

absl::StatusOr<std::vector<StoredRange>> RocksPages::Ranges(const PartitionSpan& span) const {
  const auto family = FindFamily(span);
  if (family == nullptr) return absl::NotFoundError("no such partition");
  absl::ReaderMutexLock gate(&database_->gate);
  if (absl::Status open = family->open().CheckOpen(); !open.ok()) return open;
  rocksdb::ColumnFamilyMetaData metadata;
  database_->db->GetColumnFamilyMetaData(family->open().handle(), &metadata);
  std::vector<StoredRange> ranges;
  for (const auto& level : metadata.levels) {
    for (const auto& file : level.files) {
      ranges.push_back({.least_key = file.smallestkey,
                        .greatest_key = file.largestkey,
                        .file = file.name,
                        .bytes = file.size});
    }
  }
  return ranges;
}

}  // namespace tidegate::storage
