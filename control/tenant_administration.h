// Tenants and keys that are changed while the processes run: the door of control/tenants.
#ifndef TIDEGATE_CONTROL_TENANT_ADMINISTRATION_H_
#define TIDEGATE_CONTROL_TENANT_ADMINISTRATION_H_

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "model/tenant.h"

namespace tidegate::control {

struct ManagedTenant {
  std::shared_ptr<const model::TenantConfig> config;  // In force; nullptr while it is deleted.
  std::string name;
  bool in_file = false;             // The configuration file defines it.
  bool deleting = false;            // Nobody is let in; its data is being removed.
  std::set<std::string> file_keys;  // Ids of keys that the configuration file has.
};

// Tenants of the configuration file and of the store's documents together. The file wins: what it
// defines can only be changed there, but any tenant may have further keys here, and its keys can be
// revoked. Changes are durable
// when a method returns and hold in every process within two seconds. Thread safe.
//
// Errors: NotFound, no such tenant or key; AlreadyExists, that id or digest is in use;
// FailedPrecondition, the file has it, or nobody could administrate any more; InvalidArgument, what
// the definition says; ResourceExhausted, too many; Aborted, somebody else changed it at the same
// time; Unavailable, the store is away.
class TenantAdministration {
 public:
  virtual ~TenantAdministration() = default;

  // By name.
  virtual std::vector<ManagedTenant> List() const = 0;
  virtual absl::StatusOr<ManagedTenant> Get(std::string_view name) const = 0;

  // Makes the tenant, or replaces what was said about it. `definition` is YAML or JSON as an entry
  // of `tenants` in the configuration file. With `keys` it has exactly those afterwards (of the
  // documents), without it keeps its keys.
  virtual absl::Status Put(std::string_view name, std::string_view definition) = 0;
  // Takes tenant and keys away at once and begins to remove its data and documents. The name can
  // be used again when that is done: when Get says NotFound.
  virtual absl::Status Delete(std::string_view name) = 0;

  virtual absl::Status AddKey(std::string_view tenant, const model::ApiKey& key) = 0;
  // A key of the configuration file fails for good: its secret is remembered as revoked, whatever
  // the file says from then on.
  virtual absl::Status RevokeKey(std::string_view tenant, std::string_view key_id) = 0;
};

}  // namespace tidegate::control

#endif  // TIDEGATE_CONTROL_TENANT_ADMINISTRATION_H_
