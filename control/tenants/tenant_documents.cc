#include "control/tenants/tenant_documents.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "model/config/tenant_definition.h"

namespace tidegate::control {
namespace {

constexpr std::string_view kCollection = "tenants/";
constexpr std::string_view kVersionKey = "tenant_changes/version";
constexpr std::string_view kDefinition = "definition";
constexpr std::string_view kDeleted = "deleted";
constexpr std::string_view kKeys = "keys/";
constexpr std::string_view kRevoked = "revoked/";
// At once: a document has at most 64 KB.
constexpr size_t kPage = 256;

std::string DocumentKey(std::string_view tenant, std::string_view rest) {
  return fmt::format("{}{}/{}", kCollection, tenant, rest);
}

// False when the document is not one of ours, or damaged.
bool ReadInto(std::string_view rest, const std::string& value, StoredTenant* tenant) {
  if (rest == kDefinition) {
    tenant->definition = value;
    return true;
  }
  if (rest == kDeleted) {
    const std::pair<absl::string_view, absl::string_view> times = absl::StrSplit(value, ' ');
    int64_t deleted = 0;
    int64_t claimed = 0;
    if (!absl::SimpleAtoi(times.first, &deleted) || !absl::SimpleAtoi(times.second, &claimed)) {
      return false;
    }
    tenant->deleted_at = absl::FromUnixMillis(deleted);
    tenant->claimed_until = absl::FromUnixMillis(claimed);
    return true;
  }
  if (rest.starts_with(kRevoked)) {
    const auto digest = model::ParseKeyDigest(rest.substr(kRevoked.size()));
    if (digest.ok()) tenant->revoked.emplace(*digest, value);
    return digest.ok();
  }
  if (!rest.starts_with(kKeys)) return false;
  auto key = model::ParseKey(value);
  if (!key.ok() || !key->has_digest || key->key.id != rest.substr(kKeys.size())) return false;
  tenant->keys.push_back(std::move(key->key));
  return true;
}

void ReadDocument(const storage::Document& document, StoredTenants* stored) {
  const std::string_view path = std::string_view(document.key).substr(kCollection.size());
  const size_t slash = path.find('/');
  const std::string_view name = path.substr(0, slash);
  const bool named = slash != path.npos && model::IsValidTenantName(name);
  if (!named ||
      !ReadInto(path.substr(slash + 1), document.value, &stored->tenants[std::string(name)])) {
    stored->unreadable.push_back(document.key);
  }
}

// Calls visit_fn with every document under the prefix, a page at a time.
template <typename VisitFn>
absl::Status ForEach(storage::Documents* documents, std::string_view prefix,
                     const VisitFn& visit_fn) {
  std::string after;
  while (true) {
    const auto page = documents->List(prefix, after, kPage);
    if (!page.ok()) return page.status();
    for (const storage::Document& document : *page) visit_fn(document);
    if (page->size() < kPage) return absl::OkStatus();
    after = page->back().key;
  }
}

}  // namespace

absl::StatusOr<uint64_t> ReadTenantsVersion(storage::Documents* documents) {
  const auto document = documents->Get(kVersionKey);
  if (absl::IsNotFound(document.status())) return 0;
  if (!document.ok()) return document.status();
  return document->version;
}

absl::StatusOr<StoredTenants> ReadTenants(storage::Documents* documents) {
  // The version first: what changes meanwhile is read again at the next look.
  const auto version = ReadTenantsVersion(documents);
  if (!version.ok()) return version.status();
  StoredTenants stored;
  stored.version = *version;
  absl::Status status = ForEach(documents, kCollection, [&](const storage::Document& document) {
    ReadDocument(document, &stored);
  });
  if (!status.ok()) return status;
  return stored;
}

TenantsChange::TenantsChange(uint64_t expected_version) {
  writes_.push_back({std::string(kVersionKey), "", expected_version});
}

void TenantsChange::Write(std::string key, std::optional<std::string> value) {
  writes_.push_back({std::move(key), std::move(value), std::nullopt});
}

void TenantsChange::PutDefinition(std::string_view tenant, std::string text) {
  Write(DocumentKey(tenant, kDefinition), std::move(text));
}

void TenantsChange::PutKey(std::string_view tenant, const model::ApiKey& key) {
  Write(DocumentKey(tenant, fmt::format("{}{}", kKeys, key.id)), model::FormatKey(key));
}

void TenantsChange::RemoveKey(std::string_view tenant, std::string_view key_id) {
  Write(DocumentKey(tenant, fmt::format("{}{}", kKeys, key_id)), std::nullopt);
}

void TenantsChange::RevokeFileKey(std::string_view tenant, const model::ApiKey& key) {
  Write(DocumentKey(tenant, fmt::format("{}{}", kRevoked, model::ToHex(key.digest))), key.id);
}

void TenantsChange::MarkDeleted(std::string_view tenant, const StoredTenant& stored,
                                absl::Time now) {
  if (stored.definition.has_value()) Write(DocumentKey(tenant, kDefinition), std::nullopt);
  for (const model::ApiKey& key : stored.keys) RemoveKey(tenant, key.id);
  Write(DocumentKey(tenant, kDeleted), fmt::format("{} 0", absl::ToUnixMillis(now)));
}

void TenantsChange::ClaimDeleted(std::string_view tenant, const StoredTenant& stored,
                                 absl::Time until) {
  Write(DocumentKey(tenant, kDeleted),
        fmt::format("{} {}", absl::ToUnixMillis(*stored.deleted_at), absl::ToUnixMillis(until)));
}

void TenantsChange::ForgetDeleted(std::string_view tenant) {
  Write(DocumentKey(tenant, kDeleted), std::nullopt);
}

absl::Status TenantsChange::Commit(storage::Documents* documents) const {
  const absl::Status status = documents->Commit(writes_);
  if (!absl::IsAborted(status)) return status;
  return absl::AbortedError("tenants were changed at the same time by somebody else; try again");
}

absl::Status RemoveTenantDocuments(storage::Documents* documents, std::string_view tenant) {
  std::string after;
  while (true) {
    // The first document of the next collection.
    const auto next = documents->List("", after, 1);
    if (!next.ok()) return next.status();
    if (next->empty()) return absl::OkStatus();
    const std::string& key = next->front().key;
    const size_t slash = key.find('/');
    const std::string collection = key.substr(0, slash);
    // Behind everything that begins with "collection/".
    after = slash == key.npos ? key : collection + "0";
    if (collection == "catalogue" || collection + "/" == kCollection) continue;
    std::vector<storage::DocumentWrite> writes;
    absl::Status status = ForEach(documents, fmt::format("{}/{}/", collection, tenant),
                                  [&](const storage::Document& document) {
                                    writes.push_back({document.key, std::nullopt, std::nullopt});
                                  });
    if (status.ok() && !writes.empty()) status = documents->Commit(writes);
    if (!status.ok()) return status;
  }
}

}  // namespace tidegate::control
