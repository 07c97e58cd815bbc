#include "storage/store/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

constexpr std::string_view kSegmentPrefix = "catalogue/segment/";
constexpr std::string_view kProducerPrefix = "catalogue/producer/";
constexpr std::string_view kNextKey = "catalogue/next";

std::string SegmentKey(const SegmentId& id) {
  std::string key(kSegmentPrefix);
  for (const char c : SegmentKeyPrefix(id)) {
    fmt::format_to(std::back_inserter(key), "{:02x}", static_cast<uint8_t>(c));
  }
  return key;
}

std::string ProducerKey(uint64_t producer) {
  return fmt::format("{}{:016x}", kProducerPrefix, producer);
}

std::string VarintBytes(uint64_t value) {
  std::string bytes;
  PutVarint(value, &bytes);
  return bytes;
}

absl::StatusOr<uint64_t> ReadVarint(const Document& document) {
  ByteReader in(document.value);
  const uint64_t value = in.Varint();
  if (!in.done()) return absl::DataLossError(fmt::format("document {} is damaged", document.key));
  return value;
}

}  // namespace

absl::StatusOr<Catalogue> Catalogue::Load(Documents* documents,
                                          std::vector<StorageDamage>* damage) {
  Catalogue catalogue(documents);
  if (absl::Status status = catalogue.Read(damage); !status.ok()) return status;
  return catalogue;
}

absl::Status Catalogue::ReadSegments(std::vector<StorageDamage>* damage) {
  auto documents = documents_->List(kSegmentPrefix, "", 0);
  if (!documents.ok()) return documents.status();
  for (const Document& document : *documents) {
    auto entry = DecodeSegmentEntry(document.value);
    if (entry.ok()) {
      segments_.emplace(entry->id, *entry);
    } else if (damage != nullptr) {
      damage->push_back(
          {.where = "document " + document.key, .reason = std::string(entry.status().message())});
    } else {
      return entry.status();
    }
  }
  return absl::OkStatus();
}

absl::Status Catalogue::Read(std::vector<StorageDamage>* damage) {
  segments_.clear();
  producers_.clear();
  if (absl::Status status = ReadSegments(damage); !status.ok()) return status;
  auto producers = documents_->List(kProducerPrefix, "", 0);
  if (!producers.ok()) return producers.status();
  for (const Document& document : *producers) {
    uint64_t producer = 0;
    const char* const end = document.key.data() + document.key.size();
    std::from_chars(document.key.data() + kProducerPrefix.size(), end, producer, 16);
    auto position = ReadVarint(document);
    if (!position.ok()) return position.status();
    producers_[producer] = {*position};
  }
  auto next = documents_->Get(kNextKey);
  if (absl::IsNotFound(next.status())) return absl::OkStatus();
  if (!next.ok()) return next.status();
  auto number = ReadVarint(*next);
  if (!number.ok()) return number.status();
  next_number_ = std::max(next_number_, *number);
  return absl::OkStatus();
}

LogPosition Catalogue::CommittedPosition(uint64_t producer) const {
  const auto at = producers_.find(producer);
  return at == producers_.end() ? LogPosition{} : at->second;
}

absl::Status Catalogue::Commit(const CatalogueChange& change) {
  std::vector<DocumentWrite> writes;
  for (const SegmentEntry& entry : change.add) {
    writes.push_back({.key = SegmentKey(entry.id),
                      .value = EncodeSegmentEntry(entry),
                      .expected_version = std::nullopt});
  }
  for (const SegmentId& id : change.remove) {
    writes.push_back(
        {.key = SegmentKey(id), .value = std::nullopt, .expected_version = std::nullopt});
  }
  if (change.committed.has_value()) {
    writes.push_back({.key = ProducerKey(change.committed->first),
                      .value = VarintBytes(change.committed->second.value),
                      .expected_version = std::nullopt});
  }
  writes.push_back({.key = std::string(kNextKey),
                    .value = VarintBytes(next_number_),
                    .expected_version = std::nullopt});
  if (absl::Status status = documents_->Commit(writes); !status.ok()) return status;
  for (const SegmentEntry& entry : change.add) segments_[entry.id] = entry;
  for (const SegmentId& id : change.remove) segments_.erase(id);
  if (change.committed.has_value()) {
    producers_[change.committed->first] = change.committed->second;
  }
  return absl::OkStatus();
}

absl::Status Catalogue::Reload() { return Read(nullptr); }

}  // namespace tidegate::storage
