// Tenants and keys as documents (docs/formats/tenants.md).
#ifndef TIDEGATE_CONTROL_TENANTS_TENANT_DOCUMENTS_H_
#define TIDEGATE_CONTROL_TENANTS_TENANT_DOCUMENTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "model/api_key.h"
#include "storage/documents.h"

namespace tidegate::control {

struct StoredTenant {
  std::optional<std::string> definition;            // model::TenantDefinition::text.
  std::vector<model::ApiKey> keys;                  // By id.
  std::map<model::KeyDigest, std::string> revoked;  // Keys of the file that fail, with their ids.
  std::optional<absl::Time> deleted_at;             // Its data is not gone yet.
  absl::Time claimed_until = absl::InfinitePast();  // By who removes it.
};

struct StoredTenants {
  std::map<std::string, StoredTenant, std::less<>> tenants;
  std::vector<std::string> unreadable;  // Keys of documents that are left out.
  uint64_t version = 0;                 // Of all of them together.
};

// The version of all; 0 before the first change. Costs one Get.
absl::StatusOr<uint64_t> ReadTenantsVersion(storage::Documents* documents);
// Documents that cannot be read are left out and named.
absl::StatusOr<StoredTenants> ReadTenants(storage::Documents* documents);

// One change, all or nothing: Aborted when the tenants have another version than `expected`.
class TenantsChange {
 public:
  explicit TenantsChange(uint64_t expected_version);
  void PutDefinition(std::string_view tenant, std::string text);
  void PutKey(std::string_view tenant, const model::ApiKey& key);
  void RemoveKey(std::string_view tenant, std::string_view key_id);
  // One of the configuration file. For good: its secret is never let in again.
  void RevokeFileKey(std::string_view tenant, const model::ApiKey& key);
  // Everything about the tenant; `stored` is what there is.
  void MarkDeleted(std::string_view tenant, const StoredTenant& stored, absl::Time now);
  // Of one that is marked: the others leave its data alone until then.
  void ClaimDeleted(std::string_view tenant, const StoredTenant& stored, absl::Time until);
  void ForgetDeleted(std::string_view tenant);
  absl::Status Commit(storage::Documents* documents) const;

 private:
  void Write(std::string key, std::optional<std::string> value);
  std::vector<storage::DocumentWrite> writes_;
};

// Removes the documents of a tenant in all collections but `catalogue`, whose second part is no
// tenant, and `tenants`.
absl::Status RemoveTenantDocuments(storage::Documents* documents, std::string_view tenant);

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_TENANTS_TENANT_DOCUMENTS_H_
