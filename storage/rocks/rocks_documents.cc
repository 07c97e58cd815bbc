#include "storage/rocks/rocks_documents.h"

#include <fmt/format.h>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

absl::StatusOr<Document> Decode(std::string_view key, std::string_view stored) {
  ByteReader in(stored);
  Document document{.key = std::string(key), .value = {}, .version = in.Fixed<uint64_t>()};
  document.value = in.Take(in.remaining());
  if (!in.ok()) return absl::DataLossError(fmt::format("document {} is cut off", key));
  return document;
}

}  // namespace

absl::StatusOr<Document> RocksDocuments::Get(std::string_view key) {
  absl::ReaderMutexLock gate(&database_->gate);
  return GetLocked(key);
}

absl::StatusOr<Document> RocksDocuments::GetLocked(std::string_view key) {
  if (absl::Status status = family_.CheckOpen(); !status.ok()) return status;
  std::string stored;
  const rocksdb::Status status =
      database_->db->Get(rocksdb::ReadOptions(), family_.handle(), ToSlice(key), &stored);
  if (status.IsNotFound()) return absl::NotFoundError(fmt::format("no document {}", key));
  if (!status.ok()) return FromRocks(status);
  return Decode(key, stored);
}

absl::StatusOr<std::vector<Document>> RocksDocuments::List(std::string_view prefix,
                                                           std::string_view after, size_t limit) {
  absl::ReaderMutexLock gate(&database_->gate);
  if (absl::Status status = family_.CheckOpen(); !status.ok()) return status;
  std::vector<Document> documents;
  std::unique_ptr<rocksdb::Iterator> at(
      database_->db->NewIterator(rocksdb::ReadOptions(), family_.handle()));
  at->Seek(ToSlice(std::max(prefix, after)));
  for (; at->Valid() && (limit == 0 || documents.size() < limit); at->Next()) {
    const std::string_view key = at->key().ToStringView();
    if (!key.starts_with(prefix)) break;
    if (!after.empty() && key <= after) continue;
    auto document = Decode(key, at->value().ToStringView());
    if (!document.ok()) return document.status();
    documents.push_back(*std::move(document));
  }
  if (!at->status().ok()) return FromRocks(at->status());
  return documents;
}

absl::Status RocksDocuments::CheckVersionLocked(const DocumentWrite& write) {
  if (!write.expected_version.has_value()) return absl::OkStatus();
  auto document = GetLocked(write.key);
  if (!document.ok() && !absl::IsNotFound(document.status())) return document.status();
  const uint64_t version = document.ok() ? document->version : 0;
  if (version == *write.expected_version) return absl::OkStatus();
  return absl::AbortedError(fmt::format("document {} has version {}, not {}", write.key, version,
                                        *write.expected_version));
}

absl::Status RocksDocuments::Commit(const std::vector<DocumentWrite>& writes) {
  if (absl::Status status = database_->MayWrite(kWriteReserve); !status.ok()) return status;
  std::lock_guard lock(mutex_);
  absl::ReaderMutexLock gate(&database_->gate);
  if (absl::Status status = family_.CheckOpen(); !status.ok()) return status;
  const uint64_t version = database_->db->GetLatestSequenceNumber() + 1;
  rocksdb::WriteBatch batch;
  for (const DocumentWrite& write : writes) {
    if (absl::Status status = CheckVersionLocked(write); !status.ok()) return status;
    if (!write.value.has_value()) {
      batch.Delete(family_.handle(), ToSlice(write.key));
      continue;
    }
    std::string stored;
    PutFixed(version, &stored);
    stored += *write.value;
    batch.Put(family_.handle(), ToSlice(write.key), stored);
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  return database_->Written(database_->db->Write(options, &batch));
}

}  // namespace tidegate::storage
