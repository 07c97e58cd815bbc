#include "storage/store/metadata_documents.h"

#include <fmt/format.h>

#include <map>

#include "storage/codec/bytes.h"

namespace tidegate::storage {
namespace {

constexpr uint8_t kVersion = 1;

std::string Prefix(std::string_view tenant) { return fmt::format("metadata/{}/", tenant); }

// u8(version) u8(type) bytes(help) bytes(unit); the family is in the key.
std::string Encode(const model::MetricMetadata& metadata) {
  std::string bytes;
  PutU8(kVersion, &bytes);
  PutU8(static_cast<uint8_t>(metadata.type), &bytes);
  PutBytes(metadata.help, &bytes);
  PutBytes(metadata.unit, &bytes);
  return bytes;
}

absl::StatusOr<model::MetricMetadata> Decode(std::string_view family, const Document& document) {
  ByteReader in(document.value);
  const uint8_t version = in.U8();
  model::MetricMetadata metadata;
  metadata.metric_family = family;
  const uint8_t type = in.U8();
  metadata.type = static_cast<model::MetricType>(type);
  metadata.help = in.Bytes();
  metadata.unit = in.Bytes();
  if (!in.done() || version != kVersion ||
      type > static_cast<uint8_t>(model::MetricType::kStateset)) {
    return absl::DataLossError(fmt::format("document {} is damaged", document.key));
  }
  return metadata;
}

}  // namespace

absl::Status WriteMetadata(Documents* documents, const std::vector<TenantMetadata>& metadata) {
  std::map<std::string, std::string> latest;  // The last one of a batch wins.
  for (const TenantMetadata& item : metadata) {
    if (item.metadata.metric_family.empty() || !model::IsValidTenantName(item.tenant)) {
      return absl::InvalidArgumentError("metadata without a metric family or tenant");
    }
    latest[Prefix(item.tenant) + item.metadata.metric_family] = Encode(item.metadata);
  }
  std::vector<DocumentWrite> writes;
  for (auto& [key, value] : latest) {
    auto known = documents->Get(key);
    if (known.ok() && known->value == value) continue;
    writes.push_back({.key = key, .value = std::move(value), .expected_version = std::nullopt});
  }
  return writes.empty() ? absl::OkStatus() : documents->Commit(writes);
}

absl::StatusOr<std::vector<model::MetricMetadata>> ReadMetadata(Documents* documents,
                                                                std::string_view tenant,
                                                                std::string_view metric_family) {
  const std::string prefix = Prefix(tenant);
  std::vector<Document> found;
  if (metric_family.empty()) {
    auto listed = documents->List(prefix, "", 0);
    if (!listed.ok()) return listed.status();
    found = *std::move(listed);
  } else {
    auto document = documents->Get(prefix + std::string(metric_family));
    if (document.ok()) {
      found.push_back(*std::move(document));
    } else if (!absl::IsNotFound(document.status())) {
      return document.status();
    }
  }
  std::vector<model::MetricMetadata> result;
  for (const Document& document : found) {
    auto metadata = Decode(std::string_view(document.key).substr(prefix.size()), document);
    if (!metadata.ok()) return metadata.status();
    result.push_back(*std::move(metadata));
  }
  return result;
}

}  // namespace tidegate::storage
