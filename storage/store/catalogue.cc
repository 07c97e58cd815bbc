#include "storage/store/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

constexpr std::string_view kSegmentPrefix = "catalogue/segment/";
constexpr std::string_view kProducerPrefix = "catalogue/producer/";
constexpr std::string_view kDeletionPrefix = "catalogue/deletion/";
constexpr std::string_view kNextKey = "catalogue/next";
constexpr std::string_view kCommitsKey = "catalogue/commits";

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

std::string DeletionKey(uint64_t number) {
  return fmt::format("{}{:016x}", kDeletionPrefix, number);
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
      state_.segments.emplace(entry->id, *entry);
    } else if (damage != nullptr) {
      damage->push_back(
          {.where = "document " + document.key, .reason = std::string(entry.status().message())});
    } else {
      return entry.status();
    }
  }
  return absl::OkStatus();
}

absl::Status Catalogue::ReadDeletions(std::vector<StorageDamage>* damage) {
  auto documents = documents_->List(kDeletionPrefix, "", 0);
  if (!documents.ok()) return documents.status();
  for (const Document& document : *documents) {
    auto deletion = DecodeDeletion(document.value);
    if (deletion.ok()) {
      state_.deletions.emplace(deletion->number, *deletion);
    } else if (damage != nullptr) {
      damage->push_back({.where = "document " + document.key,
                         .reason = std::string(deletion.status().message())});
    } else {
      return deletion.status();
    }
  }
  return absl::OkStatus();
}

absl::Status Catalogue::Read(std::vector<StorageDamage>* damage) {
  // Numbers that were given and not committed stay given.
  const uint64_t given = state_.next_number;
  state_ = {};
  state_.next_number = given;
  if (absl::Status status = ReadSegments(damage); !status.ok()) return status;
  if (absl::Status status = ReadDeletions(damage); !status.ok()) return status;
  auto producers = documents_->List(kProducerPrefix, "", 0);
  if (!producers.ok()) return producers.status();
  for (const Document& document : *producers) {
    uint64_t producer = 0;
    const char* const end = document.key.data() + document.key.size();
    std::from_chars(document.key.data() + kProducerPrefix.size(), end, producer, 16);
    auto position = ReadVarint(document);
    if (!position.ok()) return position.status();
    state_.producers[producer] = {*position};
  }
  auto next = ReadNumber(kNextKey);
  if (!next.ok()) return next.status();
  state_.next_number = std::max(state_.next_number, *next);
  auto commits = ReadNumber(kCommitsKey);
  if (!commits.ok()) return commits.status();
  state_.commits = *commits;
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> Catalogue::ReadNumber(std::string_view key) const {
  auto document = documents_->Get(key);
  if (absl::IsNotFound(document.status())) return 0;
  if (!document.ok()) return document.status();
  return ReadVarint(*document);
}

std::optional<LogPosition> Catalogue::CommittedPosition(uint64_t producer) const {
  const auto at = state_.producers.find(producer);
  if (at == state_.producers.end()) return std::nullopt;
  return at->second;
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
  if (change.end_producer.has_value()) {
    writes.push_back({.key = ProducerKey(*change.end_producer),
                      .value = std::nullopt,
                      .expected_version = std::nullopt});
  }
  for (const StoredDeletion& deletion : change.add_deletions) {
    writes.push_back({.key = DeletionKey(deletion.number),
                      .value = EncodeDeletion(deletion),
                      .expected_version = std::nullopt});
  }
  for (const uint64_t number : change.remove_deletions) {
    writes.push_back(
        {.key = DeletionKey(number), .value = std::nullopt, .expected_version = std::nullopt});
  }
  writes.push_back({.key = std::string(kNextKey),
                    .value = VarintBytes(state_.next_number),
                    .expected_version = std::nullopt});
  writes.push_back({.key = std::string(kCommitsKey),
                    .value = VarintBytes(state_.commits + 1),
                    .expected_version = std::nullopt});
  if (absl::Status status = documents_->Commit(writes); !status.ok()) return status;
  ++state_.commits;
  for (const SegmentEntry& entry : change.add) state_.segments[entry.id] = entry;
  for (const SegmentId& id : change.remove) state_.segments.erase(id);
  for (const StoredDeletion& deletion : change.add_deletions) {
    state_.deletions[deletion.number] = deletion;
  }
  for (const uint64_t number : change.remove_deletions) state_.deletions.erase(number);
  if (change.committed.has_value()) {
    state_.producers[change.committed->first] = change.committed->second;
  }
  if (change.end_producer.has_value()) state_.producers.erase(*change.end_producer);
  return absl::OkStatus();
}

absl::Status Catalogue::Restore(const CatalogueState& state) {
  std::vector<DocumentWrite> writes;
  const auto put = [&](std::string key, std::string value) {
    writes.push_back(
        {.key = std::move(key), .value = std::move(value), .expected_version = std::nullopt});
  };
  for (const auto& [id, entry] : state.segments) put(SegmentKey(id), EncodeSegmentEntry(entry));
  for (const auto& [producer, position] : state.producers) {
    put(ProducerKey(producer), VarintBytes(position.value));
  }
  for (const auto& [number, deletion] : state.deletions) {
    put(DeletionKey(number), EncodeDeletion(deletion));
  }
  put(std::string(kNextKey), VarintBytes(state.next_number));
  put(std::string(kCommitsKey), VarintBytes(state.commits));
  if (absl::Status status = documents_->Commit(writes); !status.ok()) return status;
  return Reload();
}

absl::Status Catalogue::Reload() { return Read(nullptr); }

}  // namespace tidegate::storage
