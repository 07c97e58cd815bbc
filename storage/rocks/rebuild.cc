#include "storage/rocks/rebuild.h"

#include <fmt/format.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table_properties.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "storage/codec/bytes.h"
#include "storage/rocks/database.h"

namespace tidegate::storage {
namespace {

// A page file that exists already.
class FoundFile final : public PageFile {
 public:
  FoundFile(std::string path, uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {}
  absl::Status Add(std::string_view, std::string_view) override {
    return absl::FailedPreconditionError("the file is finished");
  }
  absl::Status Finish() override { return absl::OkStatus(); }
  uint64_t bytes() const override { return bytes_; }
  std::string path() const override { return path_; }

 private:
  const std::string path_;
  const uint64_t bytes_;
};

class Rebuild {
 public:
  Rebuild(const RebuildRequest& request, Rebuilt* rebuilt)
      : request_(request), rebuilt_(rebuilt) {}

  absl::Status Run() {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& file :
         std::filesystem::directory_iterator(request_.damaged_directory, error)) {
      if (file.path().extension() == ".sst") files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      if (absl::Status status = Use(file); !status.ok()) return status;
    }
    for (auto& [key, document] : documents_) rebuilt_->documents.push_back(std::move(document));
    return absl::OkStatus();
  }

 private:
  void Damaged(const std::string& path, std::string reason) {
    rebuilt_->damage.push_back({.where = path, .reason = std::move(reason)});
  }

  absl::Status Use(const std::filesystem::path& file) {
    rocksdb::Options options;
    rocksdb::SstFileReader reader(options);
    const rocksdb::Status opened = reader.Open(file);
    if (!opened.ok()) {
      Damaged(file, opened.ToString());
      return absl::OkStatus();
    }
    std::unique_ptr<rocksdb::Iterator> at(reader.NewIterator(rocksdb::ReadOptions()));
    at->SeekToFirst();
    if (reader.GetTableProperties()->column_family_name == kDocumentsFamily) {
      ReadDocuments(file, at.get());
      return absl::OkStatus();
    }
    if (!at->Valid()) {
      Damaged(file, at->status().ToString());
      return absl::OkStatus();
    }
    return Place(file, at->key().ToString());
  }

  // A document's version grows with every write: the greatest one is the last.
  void ReadDocuments(const std::string& file, rocksdb::Iterator* at) {
    for (; at->Valid(); at->Next()) {
      const std::string key = at->key().ToString();
      ByteReader in(at->value().ToStringView());
      const uint64_t version = in.Fixed<uint64_t>();
      Document& document = documents_[key];
      if (!in.ok() || version < document.version) continue;
      document = {.key = key, .value = std::string(in.Take(in.remaining())), .version = version};
    }
    if (!at->status().ok()) Damaged(file, at->status().ToString());
  }

  absl::Status Place(const std::filesystem::path& file, const std::string& least_key) {
    const auto span = request_.place_fn(least_key);
    if (!span.has_value()) return absl::OkStatus();
    auto partition = rebuilt_->rocks->pages().Create(*span);
    if (!partition.ok()) return partition.status();
    const std::string link =
        fmt::format("{}/incoming/{}", request_.directory, file.filename().string());
    std::error_code error;
    std::filesystem::create_hard_link(file, link, error);
    if (error) return absl::UnavailableError(fmt::format("cannot link {}: {}", link, error.message()));
    FoundFile found(link, std::filesystem::file_size(file, error));
    const absl::Status status = rebuilt_->rocks->pages().Ingest({{.span = *span, .file = &found}});
    std::filesystem::remove(link, error);
    if (absl::IsResourceExhausted(status)) return status;
    if (!status.ok()) {
      Damaged(file, std::string(status.message()));
      return absl::OkStatus();
    }
    rebuilt_->placed_keys.push_back(least_key);
    rebuilt_->placed_files.push_back(file);
    return absl::OkStatus();
  }

  const RebuildRequest& request_;
  Rebuilt* const rebuilt_;
  std::map<std::string, Document> documents_;
};

}  // namespace

absl::StatusOr<Rebuilt> RebuildRocks(const RebuildRequest& request) {
  RocksOptions options;
  options.directory = request.directory;
  auto rocks = OpenRocks(options);
  if (!rocks.ok()) return rocks.status();
  Rebuilt rebuilt;
  rebuilt.rocks = *std::move(rocks);
  if (absl::Status status = Rebuild(request, &rebuilt).Run(); !status.ok()) return status;
  return rebuilt;
}

}  // namespace tidegate::storage
